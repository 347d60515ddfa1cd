// The inner loops of RoundedRows, in the widest vectors that the CPU has. Private to roundedrows.cpp and wideningkernels.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wb::kernels {

void addSquares(float* out, const float* x, std::size_t n); // out += x²
// What rounding to `rounded` (BF16) has taken away, itself rounded to BF16.
void restOfBf16(std::span<const float> x, const std::uint16_t* rounded, std::uint16_t* out);

} // namespace wb::kernels
