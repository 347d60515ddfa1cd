// Why an answer counts as it does, in the language of the window.
#pragma once

#include "core/eval/reason.h"
#include "widgets/errortext.h"

namespace wb {

[[nodiscard]] inline QString reasonText(const Reason& reason) { return sentenceText(reason.sentence(), "reasons"); }

} // namespace wb
