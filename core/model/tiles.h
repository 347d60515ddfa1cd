// What products on tiles (AMX) share: how tiles are configured and filled. Only for the files that hold such products, within functions
// marked WB_AMX, after kernels::hasTiles().
#pragma once

#if defined(__x86_64__) && defined(__linux__)
#define WB_HAS_AMX

#include <immintrin.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#define WB_AMX __attribute__((target("amx-tile,amx-bf16,amx-int8,avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512bf16")))

namespace wb::kernels {

// Eight whole tiles of 16 lines. For weights in their place: 0 and 1 hold sums (rows of weights, rows of x), 2 and 3 weights, 4 pairs of columns
// by rows of x.
WB_AMX inline void configureTiles(std::size_t weightRows = 16, std::size_t xRows = 16)
{
    struct alignas(64) {
        std::uint8_t palette = 1, start = 0;
        std::uint8_t reserved[14] = {};
        std::uint16_t rowBytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
        std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    } config;
    std::fill_n(config.rows, 4, static_cast<std::uint8_t>(weightRows));
    for (const std::size_t tile : {std::size_t{0}, std::size_t{1}, std::size_t{4}})
        config.rowBytes[tile] = static_cast<std::uint16_t>(4 * xRows);
    __asm__ volatile("" ::"r"(&config) : "memory"); // GCC takes the instruction for one that reads eight bytes
    _tile_loadconfig(&config);
}

// The first store of a tile after about 140 products without one takes 300 ns more (measured on a Xeon of 2024): long loops store one after so many for
// nothing, where sums will go later, and are 5 to 10 % faster for it.
constexpr std::size_t productsPerStore = 96;

WB_AMX inline __mmask16 firstLanes(std::size_t n) { return static_cast<__mmask16>(n >= 16 ? 0xFFFFU : (1U << n) - 1); }

// Rows of 16 groups of four bytes become columns, of which the first `width` are stored side by side.
WB_AMX inline void transpose(const __m512i* rows, void* out, std::size_t width = 16)
{
    __m512i a[16], b[16];
    for (int i = 0; i < 16; i += 2) {
        a[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
        a[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        b[i] = _mm512_unpacklo_epi64(a[i], a[i + 2]);
        b[i + 1] = _mm512_unpackhi_epi64(a[i], a[i + 2]);
        b[i + 2] = _mm512_unpacklo_epi64(a[i + 1], a[i + 3]);
        b[i + 3] = _mm512_unpackhi_epi64(a[i + 1], a[i + 3]);
    }
    for (int i = 0; i < 4; ++i) {
        a[i] = _mm512_shuffle_i32x4(b[i], b[i + 4], 0x88);
        a[i + 4] = _mm512_shuffle_i32x4(b[i], b[i + 4], 0xDD);
        a[i + 8] = _mm512_shuffle_i32x4(b[i + 8], b[i + 12], 0x88);
        a[i + 12] = _mm512_shuffle_i32x4(b[i + 8], b[i + 12], 0xDD);
    }
    const auto store = [&](int row, __m512i value) __attribute__((target("avx512f"))) {
        _mm512_mask_storeu_epi32(static_cast<std::uint32_t*>(out) + static_cast<std::size_t>(row) * width, firstLanes(width), value);
    };
    for (int i = 0; i < 4; ++i) {
        store(i, _mm512_shuffle_i32x4(a[i], a[i + 8], 0x88));
        store(i + 4, _mm512_shuffle_i32x4(a[i + 4], a[i + 12], 0x88));
        store(i + 8, _mm512_shuffle_i32x4(a[i], a[i + 8], 0xDD));
        store(i + 12, _mm512_shuffle_i32x4(a[i + 4], a[i + 12], 0xDD));
    }
}

} // namespace wb::kernels

#endif
