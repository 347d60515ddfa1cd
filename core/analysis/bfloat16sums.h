// Sums over many BF16 values in the widest vectors that the CPU has, the same bits in any of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wb {

struct BFloat16Sums {
    std::uint64_t finite = 0;
    double squares = 0;         // of the finite ones, in eight running sums
    std::uint16_t largest = 0;  // code of the largest finite magnitude
};
// Stored codes, little-endian.
[[nodiscard]] BFloat16Sums bfloat16Sums(std::span<const std::byte> codes);

} // namespace wb
