// Which program this is, to the instruction: for what is computed again by another one.
#pragma once

#include <string>

namespace wb {

// The linker's build id of the running executable, hexadecimal; "" where it was linked without one.
[[nodiscard]] const std::string& buildIdentity();

} // namespace wb
