// An element-wise edit of an 8- or 16-bit type as a table: stored code → stored code. The same table edits bytes,
// pushes value counts forward and draws the preview, so an edit has one implementation.
#pragma once

#include "core/tensor/dtype.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wb {

using CodeMap = std::vector<std::uint16_t>; // codeCount(dtype) entries

[[nodiscard]] CodeMap identityMap(DType dtype);
[[nodiscard]] CodeMap composed(const CodeMap& first, const CodeMap& second); // second after first
void applyMap(const CodeMap& map, DType dtype, std::span<std::byte> stored);

} // namespace wb
