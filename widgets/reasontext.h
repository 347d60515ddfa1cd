// Why an answer counts as it does, in the language of the window.
#pragma once

#include "core/eval/reason.h"

#include <QCoreApplication>
#include <QString>

namespace wb {

class ReasonText {
    Q_DECLARE_TR_FUNCTIONS(wb::ReasonText)
public:
    [[nodiscard]] static QString of(const Reason& reason);
};
[[nodiscard]] inline QString reasonText(const Reason& reason) { return ReasonText::of(reason); }

} // namespace wb
