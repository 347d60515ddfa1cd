#include "core/model/fixedkernels.h"

#include "core/tensor/kblocks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#define WB_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,f16c")))
#endif

namespace wb::kernels {
namespace {

constexpr std::size_t blockElements = 32, rowStep = 256;
constexpr float largest = 127 * 256 + 127;

void fixBlock(const float* x, std::int8_t* high, std::int8_t* low, float& factor, float* sums)
{
    float most = 0, probe = 0;
    for (std::size_t i = 0; i < blockElements; ++i) {
        most = std::max(most, std::abs(x[i]));
        probe += x[i] * 0;
    }
    if (!(probe == 0)) { // NaN or ∞ in it: every product with the block is NaN
        factor = std::numeric_limits<float>::quiet_NaN();
        sums[0] = sums[1] = factor;
        return;
    }
    factor = most / largest;
    const float by = most == 0 ? 0 : largest / most;
    std::int32_t totals[2] = {};
    for (std::size_t i = 0; i < blockElements; ++i) {
        const auto value = static_cast<std::int32_t>(std::nearbyint(std::clamp(x[i] * by, -largest, largest)));
        const std::int32_t upper = (value + 128) >> 8; // what is left fits a byte
        high[i] = static_cast<std::int8_t>(upper);
        low[i] = static_cast<std::int8_t>(value - upper * 256);
        totals[i / 16] += value;
    }
    sums[0] = static_cast<float>(totals[0]) * factor;
    sums[1] = static_cast<float>(totals[1]) * factor;
}

#if defined(__x86_64__)

using Row = FixedRows::Row;

WB_VNNI inline float halfAt(const std::uint8_t* at)
{
    std::uint16_t bits;
    std::memcpy(&bits, at, sizeof bits);
    return _cvtsh_ss(bits);
}
WB_VNNI inline __m256i load32(const void* at) { return _mm256_loadu_si256(static_cast<const __m256i*>(at)); }
WB_VNNI inline __m128i load16(const void* at) { return _mm_loadu_si128(static_cast<const __m128i*>(at)); }
WB_VNNI inline __m512i load64(const void* at) { return _mm512_loadu_si512(at); }
WB_VNNI inline __m512i both(__m256i first, __m256i second) { return _mm512_inserti64x4(_mm512_castsi256_si512(first), second, 1); }
// Bits of bytes: (x >> shift) & mask, shifts within pairs of bytes.
WB_VNNI inline __m256i shifted(__m256i x, std::size_t shift) { return _mm256_srl_epi16(x, _mm_cvtsi64_si128(static_cast<long long>(shift))); }
WB_VNNI inline __m512i masked(__m512i x, char mask) { return _mm512_and_si512(x, _mm512_set1_epi8(mask)); }

// What a block of 256 codes says: value = scale·code − minimum in each group of 16.
struct Groups {
    __m512 scale, minimum;
};

// Codes 64·j … 64·j + 63 of a block, and its groups.
struct Q2K {
    static constexpr std::size_t bytes = 84;
    WB_VNNI static Groups groups(const std::uint8_t* at, std::size_t)
    {
        const __m512i sc = _mm512_cvtepu8_epi32(load16(at));
        return {_mm512_mul_ps(_mm512_set1_ps(halfAt(at + 80)), _mm512_cvtepi32_ps(_mm512_and_si512(sc, _mm512_set1_epi32(15)))),
                _mm512_mul_ps(_mm512_set1_ps(halfAt(at + 82)), _mm512_cvtepi32_ps(_mm512_srli_epi32(sc, 4)))};
    }
    WB_VNNI static __m512i codes(const std::uint8_t* at, std::size_t j)
    {
        const __m256i q = load32(at + 16 + 32 * (j / 2));
        return masked(both(shifted(q, 4 * (j % 2)), shifted(q, 4 * (j % 2) + 2)), 3);
    }
};
struct Q3K {
    static constexpr std::size_t bytes = 110;
    WB_VNNI static Groups groups(const std::uint8_t* at, std::size_t)
    {
        const auto sc = q3Scales(at + 96);
        const __m512 scale = _mm512_mul_ps(_mm512_set1_ps(halfAt(at + 108)), _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(load16(sc.data()))));
        return {scale, _mm512_mul_ps(scale, _mm512_set1_ps(4))};
    }
    WB_VNNI static __m512i codes(const std::uint8_t* at, std::size_t j)
    {
        const __m256i q = load32(at + 32 + 32 * (j / 2)), h = load32(at);
        const __m512i low = masked(both(shifted(q, 4 * (j % 2)), shifted(q, 4 * (j % 2) + 2)), 3);
        const __m512i bit = masked(both(shifted(h, 2 * j), shifted(h, 2 * j + 1)), 1);
        return _mm512_or_si512(low, _mm512_slli_epi16(bit, 2));
    }
};
WB_VNNI inline Groups sixBitGroups(const std::uint8_t* at)
{
    std::uint32_t u[3];
    std::memcpy(u, at + 4, sizeof u);
    constexpr std::uint32_t low6 = 0x3F3F3F3F, low4 = 0x0F0F0F0F, low2 = 0x03030303;
    const __m128i six = _mm_set_epi32(static_cast<int>((u[2] >> 4 & low4) | (u[1] >> 6 & low2) << 4), static_cast<int>(u[1] & low6),
                                      static_cast<int>((u[2] & low4) | (u[0] >> 6 & low2) << 4), static_cast<int>(u[0] & low6));
    const __m512 values = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(six)); // 8 scales, 8 minima
    const __m512i twice = _mm512_set_epi32(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0);
    return {_mm512_mul_ps(_mm512_set1_ps(halfAt(at)), _mm512_permutexvar_ps(twice, values)),
            _mm512_mul_ps(_mm512_set1_ps(halfAt(at + 2)), _mm512_permutexvar_ps(_mm512_add_epi32(twice, _mm512_set1_epi32(8)), values))};
}
struct Q4K {
    static constexpr std::size_t bytes = 144;
    WB_VNNI static Groups groups(const std::uint8_t* at, std::size_t) { return sixBitGroups(at); }
    WB_VNNI static __m512i codes(const std::uint8_t* at, std::size_t j)
    {
        const __m256i q = load32(at + 16 + 32 * j);
        return masked(both(q, _mm256_srli_epi16(q, 4)), 15);
    }
};
struct Q5K {
    static constexpr std::size_t bytes = 176;
    WB_VNNI static Groups groups(const std::uint8_t* at, std::size_t) { return sixBitGroups(at); }
    WB_VNNI static __m512i codes(const std::uint8_t* at, std::size_t j)
    {
        const __m256i q = load32(at + 48 + 32 * j), h = load32(at + 16);
        const __m512i bit = masked(both(shifted(h, 2 * j), shifted(h, 2 * j + 1)), 1);
        return _mm512_or_si512(masked(both(q, _mm256_srli_epi16(q, 4)), 15), _mm512_slli_epi16(bit, 4));
    }
};
struct Q6K {
    static constexpr std::size_t bytes = 210;
    WB_VNNI static Groups groups(const std::uint8_t* at, std::size_t)
    {
        const __m512 scale = _mm512_mul_ps(_mm512_set1_ps(halfAt(at + 208)), _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(load16(at + 192))));
        return {scale, _mm512_mul_ps(scale, _mm512_set1_ps(32))};
    }
    WB_VNNI static __m512i codes(const std::uint8_t* at, std::size_t j)
    {
        const __m512i q = load64(at + 64 * (j / 2));
        const __m256i h = load32(at + 128 + 32 * (j / 2));
        const __m512i low = masked(j % 2 == 0 ? q : _mm512_srli_epi16(q, 4), 15);
        return _mm512_or_si512(low, _mm512_slli_epi16(masked(both(shifted(h, 4 * (j % 2)), shifted(h, 4 * (j % 2) + 2)), 3), 4));
    }
};

// Types of 32 elements a block, eight blocks at a time, fewer at the end of a row. Two blocks of `one` bytes are read in one vector, what
// is behind them is not touched; of blocks of 34 bytes it holds all but the end of the second.
template <std::size_t one>
WB_VNNI inline __m512i pairAt(const std::uint8_t* at, std::size_t pair)
{
    constexpr auto words = static_cast<__mmask32>(one >= 32 ? 0xFFFFFFFFU : (1U << one) - 1);
    return _mm512_maskz_loadu_epi16(words, at + 2 * pair * one);
}
// The first four bytes of each block, twice: for its two groups of 16.
template <std::size_t one>
WB_VNNI inline __m512i headsOf(const std::uint8_t* at, std::size_t blocks)
{
    constexpr int second = (one / 2) << 16 | (one / 2), words = 1 << 16; // places of words
    const __m512i places = _mm512_add_epi32(_mm512_set1_epi32(words), _mm512_maskz_set1_epi32(0xCCCC, second));
    __m512i heads = _mm512_setzero_si512();
#pragma GCC unroll 4
    for (std::size_t pair = 0; pair < blocks / 2; ++pair)
        heads = _mm512_mask_permutexvar_epi16(heads, __mmask32{0xFF} << (8 * pair), places, pairAt<one>(at, pair));
    return heads;
}
WB_VNNI inline __m512 halves(__m512i values) { return _mm512_cvtph_ps(_mm512_cvtepi32_epi16(values)); } // the lower half of each
struct Q8Of32 {
    static constexpr std::size_t one = 34, bytes = 8 * one;
    WB_VNNI static Groups groups(const std::uint8_t* at, std::size_t blocks)
    {
        const __m512 d = halves(headsOf<one>(at, blocks));
        return {d, _mm512_mul_ps(d, _mm512_set1_ps(128))};
    }
    WB_VNNI static __m512i codes(const std::uint8_t* at, std::size_t j)
    {
        const std::uint8_t* block = at + 2 * j * one + 2;
        return _mm512_xor_si512(both(load32(block), load32(block + one)), _mm512_set1_epi8(-128));
    }
};
template <bool Offset, bool Fifth>
struct NibblesOf32 {
    static constexpr std::size_t head = Offset ? 4 : 2, one = head + (Fifth ? 4 : 0) + 16, bytes = 8 * one;
    WB_VNNI static Groups groups(const std::uint8_t* at, std::size_t blocks)
    {
        const __m512i values = headsOf<one>(at, blocks);
        const __m512 d = halves(values);
        const __m512 minimum = Offset ? _mm512_sub_ps(_mm512_setzero_ps(), halves(_mm512_srli_epi32(values, 16))) : _mm512_mul_ps(d, _mm512_set1_ps(Fifth ? 16 : 8));
        return {d, minimum};
    }
    WB_VNNI static __m512i codes(const std::uint8_t* at, std::size_t j)
    {
        // The codes' eight words of each block twice: for the lower halves of their bytes, and for the upper ones.
        constexpr long long step = 0x0001000100010001, low = 0x0003000200010000, high = low + 4 * step, a = (one - 16) / 2, b = a + one / 2;
        const __m512i places = _mm512_set_epi64(high + b * step, low + b * step, high + b * step, low + b * step, high + a * step, low + a * step, high + a * step,
                                                low + a * step);
        const __m512i shifts = _mm512_maskz_set1_epi64(0b11001100, 4 * step);
        const __m512i codes = masked(_mm512_srlv_epi16(_mm512_permutexvar_epi16(places, pairAt<one>(at, j)), shifts), 15);
        if constexpr (!Fifth)
            return codes;
        std::uint32_t bits[2];
        std::memcpy(bits, at + 2 * j * one + head, sizeof *bits);
        std::memcpy(bits + 1, at + (2 * j + 1) * one + head, sizeof *bits);
        return _mm512_mask_add_epi8(codes, std::uint64_t{bits[1]} << 32 | bits[0], codes, _mm512_set1_epi8(16));
    }
};

// Σ codes·x of each four neighbours, exactly.
WB_VNNI inline __m512 products(__m512i codes, const Row& x, std::size_t at)
{
    const __m512i high = _mm512_dpbusd_epi32(_mm512_setzero_si512(), codes, load64(x.high + at));
    return _mm512_cvtepi32_ps(_mm512_dpbusd_epi32(_mm512_slli_epi32(high, 8), codes, load64(x.low + at)));
}

// The group at column `at` of which `cols` are left: 256, or fewer, an even number of blocks.
template <typename Type, std::size_t X, bool Whole>
WB_VNNI inline void addGroup(const std::uint8_t* block, std::size_t cols, const Row* x, std::size_t at, __m512* sum, __m512* less)
{
    const __m512i twice = _mm512_set_epi32(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0);
    const __m512i first = _mm512_set_epi32(3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0);
    const Groups groups = Type::groups(block, Whole ? 8 : cols / 32);
    __m512 scale[X];
    for (std::size_t i = 0; i < X; ++i) {
        const __m512 factors = _mm512_castps256_ps512(_mm256_loadu_ps(x[i].factors + at / 32));
        scale[i] = _mm512_mul_ps(groups.scale, _mm512_permutexvar_ps(twice, factors));
        less[i] = _mm512_fmadd_ps(groups.minimum, _mm512_loadu_ps(x[i].sums + at / 16), less[i]);
    }
#pragma GCC unroll 4
    for (std::size_t j = 0; j < (Whole ? 4 : cols / 64); ++j) {
        const __m512i codes = Type::codes(block, j);
        const __m512i lanes = _mm512_add_epi32(first, _mm512_set1_epi32(static_cast<int>(4 * j)));
        for (std::size_t i = 0; i < X; ++i)
            sum[i] = _mm512_fmadd_ps(products(codes, x[i], at + 64 * j), _mm512_permutexvar_ps(lanes, scale[i]), sum[i]);
    }
}

template <typename Type, std::size_t X>
WB_VNNI void dotRow(const std::uint8_t* row, std::size_t cols, std::size_t rowBytes, const Row* x, float* out, std::size_t outStride)
{
    __m512 sum[X], less[X];
    for (std::size_t i = 0; i < X; ++i)
        sum[i] = less[i] = _mm512_setzero_ps();
    std::size_t at = 0, byte = 0;
    for (; at + 256 <= cols; at += 256, byte += Type::bytes) {
        for (std::size_t ahead = 0; ahead < Type::bytes; ahead += 64)
            _mm_prefetch(reinterpret_cast<const char*>(row + byte + 2048 + ahead), _MM_HINT_T0);
        addGroup<Type, X, true>(row + byte, 256, x, at, sum, less);
    }
    if (const std::size_t left = cols - at; left % 64 != 0) { // the second of two blocks is not there: zeros in its place
        std::uint8_t ending[Type::bytes] = {};
        std::memcpy(ending, row + byte, rowBytes - byte);
        addGroup<Type, X, true>(ending, 256, x, at, sum, less);
    } else if (left != 0) {
        addGroup<Type, X, false>(row + byte, left, x, at, sum, less);
    }
    for (std::size_t i = 0; i < X; ++i)
        out[i * outStride] = _mm512_reduce_add_ps(_mm512_sub_ps(sum[i], less[i]));
}

template <typename Type>
void dotAll(const StoredRows& weights, const FixedRows& x, float* out, std::size_t outStride)
{
    std::vector<Row> rows;
    for (std::size_t i = 0; i < x.count(); ++i)
        rows.push_back(x.row(i));
    const std::size_t bytes = weights.rowBytes();
    const auto* row = reinterpret_cast<const std::uint8_t*>(weights.bytes);
    for (std::size_t r = 0; r < weights.rows; ++r, row += bytes) {
        std::size_t i = 0;
        for (; i + 4 <= rows.size(); i += 4)
            dotRow<Type, 4>(row, weights.cols, bytes, rows.data() + i, out + i * outStride + r, outStride);
        for (; i < rows.size(); ++i)
            dotRow<Type, 1>(row, weights.cols, bytes, rows.data() + i, out + i * outStride + r, outStride);
    }
}

#endif

} // namespace

FixedRows::FixedRows(const float* x, std::size_t count, std::size_t xStride, std::size_t cols)
    : m_count(count), m_stride((cols + rowStep - 1) / rowStep * rowStep), m_high(count * m_stride), m_low(count * m_stride),
      m_factors(count * m_stride / blockElements), m_sums(count * m_stride / 16)
{
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t at = 0; at < cols; at += blockElements) {
            const std::size_t to = i * m_stride + at;
            fixBlock(x + i * xStride + at, m_high.data() + to, m_low.data() + to, m_factors[to / blockElements], m_sums.data() + to / 16);
        }
}

FixedRows::Row FixedRows::row(std::size_t index) const
{
    const std::size_t at = index * m_stride;
    return {m_high.data() + at, m_low.data() + at, m_factors.data() + at / blockElements, m_sums.data() + at / 16};
}

bool multipliesFixed(DType dtype)
{
#if defined(__x86_64__)
    static const bool has = __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                            __builtin_cpu_supports("avx512dq");
    return has && isQuantised(dtype);
#else
    return false && isQuantised(dtype);
#endif
}

void dotFixed([[maybe_unused]] const StoredRows& weights, [[maybe_unused]] const FixedRows& x, [[maybe_unused]] float* out,
              [[maybe_unused]] std::size_t outStride)
{
#if defined(__x86_64__)
    switch (weights.dtype) {
    case DType::Q8_0: return dotAll<Q8Of32>(weights, x, out, outStride);
    case DType::Q4_0: return dotAll<NibblesOf32<false, false>>(weights, x, out, outStride);
    case DType::Q4_1: return dotAll<NibblesOf32<true, false>>(weights, x, out, outStride);
    case DType::Q5_0: return dotAll<NibblesOf32<false, true>>(weights, x, out, outStride);
    case DType::Q5_1: return dotAll<NibblesOf32<true, true>>(weights, x, out, outStride);
    case DType::Q2_K: return dotAll<Q2K>(weights, x, out, outStride);
    case DType::Q3_K: return dotAll<Q3K>(weights, x, out, outStride);
    case DType::Q4_K: return dotAll<Q4K>(weights, x, out, outStride);
    case DType::Q5_K: return dotAll<Q5K>(weights, x, out, outStride);
    case DType::Q6_K: return dotAll<Q6K>(weights, x, out, outStride);
    default: return;
    }
#endif
}

} // namespace wb::kernels
