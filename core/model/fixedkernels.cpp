#include "core/model/fixedkernels.h"

#include "core/model/lanesums.h"
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

constexpr std::size_t blockElements = 32;
constexpr std::size_t groupElements = FixedRows::groupElements;
constexpr bool isSingle(std::size_t left) { return left <= 64; } // columns that are a group of one vector
constexpr float largest = 127 * 256 + 127;

#if defined(__x86_64__)

using Group = FixedRows::Group;

// Number `number` of a group: its 16 values, their factor and sum.
WB_VNNI void putTurned(Group& to, std::size_t number, __m128i high, __m128i low, float factor, float sum)
{
    const std::size_t lane = FixedRows::laneOf(number);
    alignas(16) std::int32_t fours[2][4];
    _mm_store_si128(reinterpret_cast<__m128i*>(fours[0]), high);
    _mm_store_si128(reinterpret_cast<__m128i*>(fours[1]), low);
    for (std::size_t j = 0; j < 4; ++j) {
        std::memcpy(to.high[j] + 4 * lane, fours[0] + j, sizeof(std::int32_t));
        std::memcpy(to.low[j] + 4 * lane, fours[1] + j, sizeof(std::int32_t));
    }
    to.factors[lane] = factor;
    to.sums[lane] = sum;
}
// … of one that is a single vector.
WB_VNNI void putInOrder(Group& to, std::size_t number, __m128i high, __m128i low, float factor, float sum)
{
    _mm_store_si128(reinterpret_cast<__m128i*>(to.high[0] + 16 * number), high);
    _mm_store_si128(reinterpret_cast<__m128i*>(to.low[0] + 16 * number), low);
    std::fill_n(to.factors + 4 * number, 4, factor);
    to.sums[4 * number] = sum;
}

// 32 activations, the first 16 being `number` of the group. Blocks under 10⁻³⁴ are zeros: the factor that would scale them up is not a number.
WB_VNNI void fix(const float* x, std::size_t number, bool single, Group& to)
{
    constexpr int notFinite = 0x99; // NaN, ±∞: every product with the block is NaN
    const __m512 values[2] = {_mm512_loadu_ps(x), _mm512_loadu_ps(x + 16)};
    const bool finite = (_mm512_fpclass_ps_mask(values[0], notFinite) | _mm512_fpclass_ps_mask(values[1], notFinite)) == 0;
    const float most = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(values[0]), _mm512_abs_ps(values[1])));
    const bool some = finite && most > 1e-34F;
    const float factor = !finite ? std::numeric_limits<float>::quiet_NaN() : some ? most / largest : 0;
    const __m512 by = _mm512_set1_ps(some ? largest / most : 0), limit = _mm512_set1_ps(largest);
    for (std::size_t half = 0; half < 2; ++half) {
        const __m512 scaled = some ? _mm512_mul_ps(values[half], by) : _mm512_setzero_ps();
        const __m512i value = _mm512_cvtps_epi32(_mm512_min_ps(_mm512_max_ps(scaled, _mm512_sub_ps(_mm512_setzero_ps(), limit)), limit));
        const __m512i upper = _mm512_srai_epi32(_mm512_add_epi32(value, _mm512_set1_epi32(128)), 8); // what is left fits a byte
        const __m128i high = _mm512_cvtepi32_epi8(upper), low = _mm512_cvtepi32_epi8(_mm512_sub_epi32(value, _mm512_slli_epi32(upper, 8)));
        const float sum = static_cast<float>(_mm512_reduce_add_epi32(value)) * factor;
        single ? putInOrder(to, number + half, high, low, factor, sum) : putTurned(to, number + half, high, low, factor, sum);
    }
}

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

// Codes of a group in the order of FixedRows: four vectors of 16 codes' bytes in their 128 bits each, turned.
WB_VNNI inline void turn(__m512i (&codes)[4])
{
    const __m512i a = _mm512_unpacklo_epi32(codes[0], codes[1]), b = _mm512_unpackhi_epi32(codes[0], codes[1]);
    const __m512i c = _mm512_unpacklo_epi32(codes[2], codes[3]), d = _mm512_unpackhi_epi32(codes[2], codes[3]);
    codes[0] = _mm512_unpacklo_epi64(a, c);
    codes[1] = _mm512_unpackhi_epi64(a, c);
    codes[2] = _mm512_unpacklo_epi64(b, d);
    codes[3] = _mm512_unpackhi_epi64(b, d);
}
WB_VNNI inline __m512 turned(__m512 groups)
{
    return _mm512_permutexvar_ps(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), groups);
}

// The group whose first of `cols` columns (256, or an even number of blocks) begins at `block`. Sums of codes·x are exact within each 16.
template <typename Type, std::size_t X, bool Whole>
WB_VNNI inline void addGroup(const std::uint8_t* block, std::size_t cols, const Group* x, __m512 (&sum)[X])
{
    const Groups groups = Type::groups(block, Whole ? 8 : cols / 32);
    const __m512 scale = turned(groups.scale), minimum = turned(groups.minimum);
    __m512i codes[4];
#pragma GCC unroll 4
    for (std::size_t j = 0; j < 4; ++j)
        codes[j] = Whole || j < cols / 64 ? Type::codes(block, j) : _mm512_setzero_si512();
    turn(codes);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < X; ++i) {
        __m512i total = _mm512_setzero_si512();
#pragma GCC unroll 4
        for (std::size_t j = 0; j < 4; ++j)
            total = _mm512_dpbusd_epi32(total, codes[j], load64(x[i].high[j]));
        total = _mm512_slli_epi32(total, 8);
#pragma GCC unroll 4
        for (std::size_t j = 0; j < 4; ++j)
            total = _mm512_dpbusd_epi32(total, codes[j], load64(x[i].low[j]));
        sum[i] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(total), _mm512_mul_ps(scale, _mm512_load_ps(x[i].factors)), sum[i]);
        sum[i] = _mm512_fnmadd_ps(minimum, _mm512_load_ps(x[i].sums), sum[i]);
    }
}

// The same for a group of a single vector.
template <typename Type, std::size_t X>
WB_VNNI inline void addSingle(const std::uint8_t* block, const Group* x, __m512 (&sum)[X])
{
    const Groups groups = Type::groups(block, 2);
    const __m512i fourTimes = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    const __m512 scale = _mm512_permutexvar_ps(fourTimes, groups.scale), minimum = _mm512_permutexvar_ps(fourTimes, groups.minimum);
    const __m512i codes = Type::codes(block, 0);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < X; ++i) {
        const __m512i high = _mm512_slli_epi32(_mm512_dpbusd_epi32(_mm512_setzero_si512(), codes, load64(x[i].high[0])), 8);
        const __m512 total = _mm512_cvtepi32_ps(_mm512_dpbusd_epi32(high, codes, load64(x[i].low[0])));
        sum[i] = _mm512_fmadd_ps(total, _mm512_mul_ps(scale, _mm512_load_ps(x[i].factors)), sum[i]);
        sum[i] = _mm512_fnmadd_ps(minimum, _mm512_load_ps(x[i].sums), sum[i]);
    }
}

template <std::size_t X>
WB_VNNI inline void store(const __m512 (&sum)[X], float* out, std::size_t outStride)
{
    alignas(32) float all[X];
    if constexpr (X == 8)
        _mm256_store_ps(all, sumsOf(sum));
    else if constexpr (X == 4)
        _mm_store_ps(all, sumsOf(sum));
    else
        for (std::size_t i = 0; i < X; ++i)
            all[i] = _mm512_reduce_add_ps(sum[i]);
    for (std::size_t i = 0; i < X; ++i)
        out[i * outStride] = all[i];
}

// A row of the weights by X rows of x from `first` on.
template <typename Type, std::size_t X>
WB_VNNI void dotRow(const std::uint8_t* row, std::size_t cols, std::size_t rowBytes, const FixedRows& x, std::size_t first, float* out, std::size_t outStride)
{
    __m512 sum[X];
    for (std::size_t i = 0; i < X; ++i)
        sum[i] = _mm512_setzero_ps();
    std::size_t group = 0, byte = 0;
    for (; (group + 1) * groupElements <= cols; ++group, byte += Type::bytes) {
        for (std::size_t ahead = 0; ahead < Type::bytes; ahead += 64)
            _mm_prefetch(reinterpret_cast<const char*>(row + byte + 2048 + ahead), _MM_HINT_T0);
        addGroup<Type, X, true>(row + byte, groupElements, x.groups(group) + first, sum);
    }
    std::size_t left = cols - group * groupElements;
    const std::uint8_t* rest = row + byte;
    std::uint8_t ending[Type::bytes] = {};
    if (left % 64 != 0) { // the second of two blocks is not there: zeros in its place
        std::memcpy(ending, rest, rowBytes - byte);
        rest = ending;
        left += 32;
    }
    if (left != 0 && isSingle(left))
        addSingle<Type>(rest, x.groups(group) + first, sum);
    else if (left != 0)
        addGroup<Type, X, false>(rest, left, x.groups(group) + first, sum);
    store(sum, out + first * outStride, outStride);
}

template <typename Type>
void dotAll(const StoredRows& weights, const FixedRows& x, float* out, std::size_t outStride)
{
    const std::size_t bytes = weights.rowBytes();
    const auto* row = reinterpret_cast<const std::uint8_t*>(weights.bytes);
    for (std::size_t r = 0; r < weights.rows; ++r, row += bytes) {
        std::size_t i = 0;
        for (; i + 8 <= x.count(); i += 8)
            dotRow<Type, 8>(row, weights.cols, bytes, x, i, out + r, outStride);
        for (; i + 4 <= x.count(); i += 4)
            dotRow<Type, 4>(row, weights.cols, bytes, x, i, out + r, outStride);
        for (; i < x.count(); ++i)
            dotRow<Type, 1>(row, weights.cols, bytes, x, i, out + r, outStride);
    }
}

#endif

} // namespace

FixedRows::FixedRows(const float* x, std::size_t count, std::size_t xStride, std::size_t cols)
    : m_count(count), m_groups(count * ((cols + groupElements - 1) / groupElements))
{
#if defined(__x86_64__)
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t at = 0; at < cols; at += blockElements)
            fix(x + i * xStride + at, at % groupElements / lanes, isSingle(cols - at / groupElements * groupElements), m_groups[at / groupElements * count + i]);
#endif
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
