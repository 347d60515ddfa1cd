#include "core/analysis/digitsums.h"

#include "core/base/parallel.h"
#include "core/model/tiles.h"

#include <array>
#include <cmath>

namespace wb {

#if defined(WB_HAS_AMX)

namespace {

constexpr std::size_t side = DigitVectors::side, stepDepth = DigitVectors::stepDepth, digits = DigitVectors::digits, tileBytes = side * stepDepth, stepBytes = digits * tileBytes;
// Products of digits i and j from 1 on are added up by order, i + j: from 2 to 7, and of 8 the one of i = j = 4. What is left out is less than what was
// rounded: it has either sign, but where a vector meets itself the squares of fourth digits have one and would add up.
constexpr std::size_t orders = 7;
constexpr int bits = 8 * digits;
constexpr std::size_t blocksEach = 3; // of a task: what is read of the second factor serves all of them

std::size_t blocksOf(std::size_t count) { return (count + side - 1) / side; }

// A power of two, so that the largest value is less than 0.498: digits from −128 to 127 reach a little less than a half. Zero without values.
double unitOf(double largest)
{
    if (!(largest > 1e-280) || !std::isfinite(largest))
        return 0;
    int exponent = 0;
    const double share = std::frexp(largest, &exponent);
    return std::ldexp(1, exponent + (share < 0.99 ? 1 : 2));
}

// Of the first `vectors` of up to sixteen side by side.
WB_AMX void largestOf(const double* rows, std::size_t stride, std::size_t count, std::size_t vectors, double* out)
{
    const auto low = static_cast<__mmask8>(kernels::firstLanes(vectors)), high = static_cast<__mmask8>(kernels::firstLanes(vectors) >> 8);
    __m512d a = _mm512_setzero_pd(), b = a;
    for (std::size_t k = 0; k < count; ++k, rows += stride) {
        a = _mm512_max_pd(a, _mm512_abs_pd(_mm512_maskz_loadu_pd(low, rows)));
        b = _mm512_max_pd(b, _mm512_abs_pd(_mm512_maskz_loadu_pd(high, rows + 8)));
    }
    _mm512_storeu_pd(out, a);
    _mm512_storeu_pd(out + 8, b);
}

struct alignas(64) Planes {
    std::uint8_t digit[digits][stepDepth][side];
};

// Sixteen values of each row as digits. A number in digits with a sign is the bytes of itself and 128 at every place, less 128.
WB_AMX void toDigits(const double* rows, std::size_t stride, std::size_t count, std::size_t vectors, const double* scale, Planes& out)
{
    const auto low = static_cast<__mmask8>(kernels::firstLanes(vectors)), high = static_cast<__mmask8>(kernels::firstLanes(vectors) >> 8);
    alignas(64) std::array<std::uint8_t, 64> upperPlaces, lowerPlaces;
    for (std::size_t i = 0; i < 64; ++i) {
        const std::size_t value = i % side, byte = value * 8;
        upperPlaces[i] = static_cast<std::uint8_t>(byte + digits - 1 - i / side);
        lowerPlaces[i] = static_cast<std::uint8_t>(byte + (digits - 5 >= i / side ? digits - 5 - i / side : 0));
    }
    const __m512i upper = _mm512_load_si512(upperPlaces.data()), lower = _mm512_load_si512(lowerPlaces.data());
    const __m512i places = _mm512_set1_epi64(0x808080808080), sign = _mm512_set1_epi8(-128);
    const __m512d scaleLow = _mm512_loadu_pd(scale), scaleHigh = _mm512_loadu_pd(scale + 8);
    for (std::size_t k = 0; k < stepDepth; ++k) {
        __m512i a = places, b = places;
        if (k < count) {
            const double* row = rows + k * stride;
            a = _mm512_add_epi64(a, _mm512_cvtpd_epi64(_mm512_mul_pd(_mm512_maskz_loadu_pd(low, row), scaleLow)));
            b = _mm512_add_epi64(b, _mm512_cvtpd_epi64(_mm512_mul_pd(_mm512_maskz_loadu_pd(high, row + 8), scaleHigh)));
        }
        const __m512i four = _mm512_xor_si512(_mm512_permutex2var_epi8(a, upper, b), sign), two = _mm512_xor_si512(_mm512_permutex2var_epi8(a, lower, b), sign);
        _mm_store_si128(reinterpret_cast<__m128i*>(out.digit[0][k]), _mm512_castsi512_si128(four));
        _mm_store_si128(reinterpret_cast<__m128i*>(out.digit[1][k]), _mm512_extracti32x4_epi32(four, 1));
        _mm_store_si128(reinterpret_cast<__m128i*>(out.digit[2][k]), _mm512_extracti32x4_epi32(four, 2));
        _mm_store_si128(reinterpret_cast<__m128i*>(out.digit[3][k]), _mm512_extracti32x4_epi32(four, 3));
        _mm_store_si128(reinterpret_cast<__m128i*>(out.digit[4][k]), _mm512_castsi512_si128(two));
        _mm_store_si128(reinterpret_cast<__m128i*>(out.digit[5][k]), _mm512_extracti32x4_epi32(two, 1));
    }
}

// Second factor: lines of four values of 16 vectors, the four of a vector side by side. First factor: a line a vector.
WB_AMX void toTiles(const Planes& planes, std::int8_t* first, std::int8_t* second)
{
    alignas(64) std::array<std::uint8_t, 64> order;
    for (std::size_t i = 0; i < 64; ++i)
        order[i] = static_cast<std::uint8_t>(i % 4 * side + i / 4);
    const __m512i byVector = _mm512_load_si512(order.data());
    for (std::size_t digit = 0; digit < digits; ++digit, first += tileBytes, second += tileBytes) {
        __m512i lines[side];
        for (std::size_t i = 0; i < side; ++i) {
            lines[i] = _mm512_permutexvar_epi8(byVector, _mm512_load_si512(planes.digit[digit][4 * i]));
            _mm512_store_si512(second + i * 64, lines[i]);
        }
        kernels::transpose(lines, first);
    }
}

// One block of 16 × 16 sums for each order but the last, `steps` deep.
WB_AMX void multiplyBlock(const std::int8_t* a, const std::int8_t* b, std::size_t steps, std::int32_t* sums)
{
    constexpr std::size_t line = 64;
    __asm__ volatile("" ::: "memory"); // the tile instructions of GCC do not tell it that they read memory
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    _tile_zero(4);
    _tile_zero(5);
#define WB_DIGIT(i, j, order)                                                                                                                                  \
    _tile_loadd(7, b + (j) * tileBytes, line);                                                                                                                 \
    _tile_dpbssd(order, 6, 7)
    for (std::size_t step = 0; step < steps; ++step, a += stepBytes, b += stepBytes) {
        _tile_loadd(6, a, line);
        WB_DIGIT(0, 0, 0);
        WB_DIGIT(0, 1, 1);
        WB_DIGIT(0, 2, 2);
        WB_DIGIT(0, 3, 3);
        WB_DIGIT(0, 4, 4);
        WB_DIGIT(0, 5, 5);
        _tile_loadd(6, a + tileBytes, line);
        WB_DIGIT(1, 0, 1);
        WB_DIGIT(1, 1, 2);
        WB_DIGIT(1, 2, 3);
        WB_DIGIT(1, 3, 4);
        WB_DIGIT(1, 4, 5);
        _tile_loadd(6, a + 2 * tileBytes, line);
        WB_DIGIT(2, 0, 2);
        WB_DIGIT(2, 1, 3);
        WB_DIGIT(2, 2, 4);
        WB_DIGIT(2, 3, 5);
        _tile_loadd(6, a + 3 * tileBytes, line);
        WB_DIGIT(3, 0, 3);
        WB_DIGIT(3, 1, 4);
        WB_DIGIT(3, 2, 5);
        _tile_loadd(6, a + 4 * tileBytes, line);
        WB_DIGIT(4, 0, 4);
        WB_DIGIT(4, 1, 5);
        _tile_loadd(6, a + 5 * tileBytes, line);
        WB_DIGIT(5, 0, 5);
    }
#undef WB_DIGIT
    _tile_stored(0, sums, line);
    _tile_stored(1, sums + side * side, line);
    _tile_stored(2, sums + 2 * side * side, line);
    _tile_stored(3, sums + 3 * side * side, line);
    _tile_stored(4, sums + 4 * side * side, line);
    _tile_stored(5, sums + 5 * side * side, line);
    __asm__ volatile("" ::: "memory");
}

// The same of fourth digits by fourth digits: there are no more tiles for it above.
WB_AMX void multiplyFourths(const std::int8_t* a, const std::int8_t* b, std::size_t steps, std::int32_t* sums)
{
    constexpr std::size_t line = 64;
    __asm__ volatile("" ::: "memory");
    _tile_zero(0);
    for (std::size_t step = 0; step < steps; ++step, a += stepBytes, b += stepBytes) {
        _tile_loadd(6, a + 3 * tileBytes, line);
        _tile_loadd(7, b + 3 * tileBytes, line);
        _tile_dpbssd(0, 6, 7);
    }
    _tile_stored(0, sums, line);
    __asm__ volatile("" ::: "memory");
}

// The orders put together, the lowest first, and added to a block of `out` of at most 16 × 16.
WB_AMX void addBlock(const std::int32_t* sums, const double* rowUnits, const double* colUnits, std::size_t rows, std::size_t cols, double* out, std::size_t stride)
{
    const __m512d down = _mm512_set1_pd(1.0 / 256);
    for (std::size_t half = 0; half < side && half < cols; half += 8) {
        const auto mask = static_cast<__mmask8>(kernels::firstLanes(cols - half));
        const __m512d units = _mm512_loadu_pd(colUnits + half);
        for (std::size_t row = 0; row < rows; ++row) {
            const std::int32_t* from = sums + row * side + half;
            __m512d total = _mm512_setzero_pd();
            for (std::size_t order = orders; order-- > 0;)
                total = _mm512_fmadd_pd(total, down, _mm512_cvtepi32_pd(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + order * side * side))));
            double* to = out + row * stride + half;
            const __m512d unit = _mm512_mul_pd(units, _mm512_set1_pd(rowUnits[row]));
            _mm512_mask_storeu_pd(to, mask, _mm512_fmadd_pd(total, unit, _mm512_maskz_loadu_pd(mask, to)));
        }
    }
}

WB_AMX void addRows(const DigitVectors& a, const DigitVectors& b, DigitBlocks blocks, std::size_t firstBlock, std::span<double> out)
{
    alignas(64) std::array<std::int32_t, orders * side * side> sums;
    const std::size_t end = std::min(firstBlock + blocksEach, blocksOf(a.count()));
    kernels::configureTiles();
    for (std::size_t col = 0; col < blocksOf(b.count()); ++col)
        for (std::size_t row = firstBlock; row < end; ++row) {
            if (blocks == DigitBlocks::Lower && col > row)
                continue;
            multiplyBlock(a.first(row, 0), b.second(col, 0), a.steps(), sums.data());
            multiplyFourths(a.first(row, 0), b.second(col, 0), a.steps(), sums.data() + 6 * side * side);
            addBlock(sums.data(), a.units() + row * side, b.units() + col * side, std::min(side, a.count() - row * side), std::min(side, b.count() - col * side),
                     out.data() + row * side * b.count() + col * side, b.count());
        }
    _tile_release();
}

} // namespace

void DigitVectors::hold(std::span<const double> values, std::size_t depth, std::size_t count, std::size_t down, std::size_t across)
{
    m_count = count;
    m_steps = (depth + stepDepth - 1) / stepDepth;
    m_units.assign(blocksOf(count) * side, 0);
    m_first.hold(blocksOf(count) * m_steps * stepBytes / sizeof(std::uint16_t));
    m_second.hold(blocksOf(count) * m_steps * stepBytes / sizeof(std::uint16_t));
    parallelFor(blocksOf(count), [&](std::size_t block) { fill(values, {depth, down, across}, block); });
}

const std::int8_t* DigitVectors::at(const kernels::Lines& tiles, std::size_t block, std::size_t step) const
{
    return reinterpret_cast<const std::int8_t*>(tiles.get()) + (block * m_steps + step) * stepBytes;
}

// One block of vectors. Where they do not stand side by side they are turned first.
WB_AMX void DigitVectors::fill(std::span<const double> values, const Layout& layout, std::size_t block)
{
    const auto [depth, down, across] = layout;
    const std::size_t vectors = std::min(side, m_count - block * side);
    const double* from = values.data() + block * side * across;
    thread_local std::vector<double> turned;
    if (across != 1) {
        turned.resize(depth * side);
        for (std::size_t i = 0; i < vectors; ++i)
            for (std::size_t k = 0; k < depth; ++k)
                turned[k * side + i] = from[k * down + i * across];
    }
    const double* rows = across == 1 ? from : turned.data();
    const std::size_t stride = across == 1 ? down : side;
    std::array<double, side> largest{}, scale{};
    largestOf(rows, stride, depth, vectors, largest.data());
    for (std::size_t i = 0; i < vectors; ++i) {
        const double unit = unitOf(largest[i]);
        scale[i] = unit == 0 ? 0 : std::ldexp(1 / unit, bits);
        m_units[block * side + i] = unit / 256;
    }
    Planes planes;
    for (std::size_t step = 0; step < m_steps; ++step) {
        toDigits(rows + step * stepDepth * stride, stride, std::min(stepDepth, depth - step * stepDepth), vectors, scale.data(), planes);
        const std::size_t offset = (block * m_steps + step) * stepBytes;
        toTiles(planes, reinterpret_cast<std::int8_t*>(m_first.get()) + offset, reinterpret_cast<std::int8_t*>(m_second.get()) + offset);
    }
}

void addProducts(const DigitVectors& a, const DigitVectors& b, DigitBlocks blocks, std::span<double> out)
{
    const std::size_t tasks = (blocksOf(a.count()) + blocksEach - 1) / blocksEach;
    parallelFor(tasks, [&](std::size_t task) { addRows(a, b, blocks, (tasks - 1 - task) * blocksEach, out); }); // of a triangle the longest first
}

#else

void DigitVectors::hold(std::span<const double>, std::size_t, std::size_t, std::size_t, std::size_t) {}
void addProducts(const DigitVectors&, const DigitVectors&, DigitBlocks, std::span<double>) {}

#endif

std::uint64_t DigitVectors::bytes(std::uint64_t depth, std::uint64_t count)
{
    constexpr std::uint64_t forms = 2;
    return kernels::hasTiles() ? forms * digits * ((depth + stepDepth - 1) / stepDepth * stepDepth) * ((count + side - 1) / side * side) : 0;
}

} // namespace wb
