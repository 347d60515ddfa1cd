// Errors of core as the window says them: the templates of core's table in the user's language.
#pragma once

#include "core/base/error.h"

#include <QString>

namespace wb {

// "<where>: <what is wrong, with the numbers>. <what to do>."
[[nodiscard]] QString errorText(const Error& error);
// Text that came from a file or core.
[[nodiscard]] inline QString fromUtf8(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace wb
