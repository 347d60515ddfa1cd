// Stored bytes to numbers and back. Exact for every type up to I64/U64 beyond 2^53, which round to the nearest double.
#pragma once

#include "core/base/result.h"
#include "core/tensor/tensorsource.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wb {

// Value of each code of a type of 8 or 16 bits: 256 or 65,536 entries, indexed by the stored bits. Of 8-bit floats without factors.
[[nodiscard]] const std::vector<double>& codeValues(DType dtype);

// Decodes out.size() elements, of a quantised type whole blocks; never called for Opaque. Of 8-bit floats without factors.
void decode(DType dtype, std::span<const std::byte> stored, std::span<double> out);

// The stored bits nearest to `value`: floats to nearest even (twice for F16 and BF16, through float, as torch does),
// integers half to even and saturated, Bool 0 or 1. Writes unitBytes(dtype) bytes. NaN becomes 0 in integers. Not for
// quantised types and those of 8-bit floats.
void encode(DType dtype, double value, std::byte* out);

// Elements of a float type that are NaN or infinite, by their codes; blocks of a quantised type whose factors are;
// 0 for other types.
[[nodiscard]] std::uint64_t countNonFinite(DType dtype, std::span<const std::byte> stored);
// … of those, elements that are finite in `before`, which has the same size.
[[nodiscard]] std::uint64_t countNewNonFinite(DType dtype, std::span<const std::byte> before, std::span<const std::byte> after);

// Elements [first, first + out.size()) in row-major order, with their factors. Opaque tensors give OpaqueDtype.
[[nodiscard]] Result<void> readValues(const TensorSource& source, std::size_t tensor, std::uint64_t first,
                                      std::span<double> out);

} // namespace wb
