// Quantised blocks of ggml with 256 elements, whose groups of 16 or 32 have a scale, and some a minimum, of a few bits
// (ggml-quants.c; "K-quants"). Scales and minima of a block count in units of its f16 factors d and m:
//
//   Q2_K   sc u8[16], q u8[64], d, m:            d·(sc & 15)·v − m·(sc >> 4), v of 2 bits, groups of 16
//   Q3_K   h u8[32], q u8[64], sc u8[12], d:     d·(s − 32)·(v − 4 unless its bit of h is set), v of 2 bits, s of 6, groups of 16
//   Q4_K   d, m, sc u8[12], q u8[128]:           d·s·v − m·t, v of 4 bits, s and t of 6, groups of 32
//   Q5_K   d, m, sc u8[12], h u8[32], q u8[128]: the same with a fifth bit from h
//   Q6_K   ql u8[128], qh u8[64], sc i8[16], d:  d·sc·(v − 32), v of 4 bits and 2 of qh, groups of 16
#pragma once

#include "core/tensor/dtype.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace wb {

// One block of a type above. out has 256 elements.
void decodeKBlock(DType dtype, const std::byte* block, float* out);

// The 8 scales and 8 minima of 6 bits in the 12 bytes of Q4_K and Q5_K.
struct SixBitScales {
    std::array<std::uint8_t, 8> scale, minimum;
};
[[nodiscard]] inline SixBitScales sixBitScales(const std::uint8_t* sc)
{
    SixBitScales out;
    for (std::size_t g = 0; g < 4; ++g) {
        out.scale[g] = sc[g] & 63U;
        out.minimum[g] = sc[g + 4] & 63U;
        out.scale[g + 4] = static_cast<std::uint8_t>((sc[g + 8] & 15U) | (sc[g] >> 6U) << 4U);
        out.minimum[g + 4] = static_cast<std::uint8_t>((sc[g + 8] >> 4U) | (sc[g + 4] >> 6U) << 4U);
    }
    return out;
}
// The 16 scales of Q3_K, 6 bits with 32 taken away.
[[nodiscard]] inline std::array<std::int8_t, 16> q3Scales(const std::uint8_t* sc)
{
    std::array<std::int8_t, 16> out;
    for (std::size_t g = 0; g < 16; ++g) {
        const unsigned low = g < 8 ? sc[g] & 15U : sc[g - 8] >> 4U;
        const unsigned high = sc[8 + g % 4] >> (2 * (g / 4)) & 3U;
        out[g] = static_cast<std::int8_t>(static_cast<int>(low | high << 4U) - 32);
    }
    return out;
}

} // namespace wb
