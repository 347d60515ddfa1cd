// An error told as the reason of another one.
#pragma once

#include "core/base/error.h"

namespace wb {

// What is wrong, without the place and the advice.
[[nodiscard]] inline Sentence because(const Error& error) { return {errorText(error.code).text, error.args, error.told}; }

} // namespace wb
