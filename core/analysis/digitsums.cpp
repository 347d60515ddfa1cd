#include "core/analysis/digitsums.h"

#include "core/base/parallel.h"
#include "core/model/tiles.h"

#include <array>
#include <cmath>

namespace wb {

#if defined(WB_HAS_AMX)

namespace {

constexpr std::size_t side = DigitVectors::side, stepDepth = DigitVectors::stepDepth, digits = DigitVectors::digits, tileBytes = side * stepDepth, stepBytes = digits * tileBytes;
// Products of digits i and j from 1 on are added up by order, i + j: from 2 to 7. What is left out is less than what was rounded, as it has either sign;
// but where a vector meets itself the squares of fourth digits have one and would add up: there the one of i = j = 4 is counted too.
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

struct Sixteen {
    __m512d low, high;
};

// Up to sixteen vectors side by side: a row holds one value of each, in double precision.
class Rows {
public:
    WB_AMX Rows(const double* values, std::size_t stride, std::size_t vectors)
        : m_values(values), m_stride(stride), m_low(static_cast<__mmask8>(kernels::firstLanes(vectors))), m_high(static_cast<__mmask8>(kernels::firstLanes(vectors) >> 8))
    {
    }

    [[nodiscard]] WB_AMX Sixteen row(std::size_t at) const
    {
        const double* from = m_values + at * m_stride;
        return {_mm512_maskz_loadu_pd(m_low, from), _mm512_maskz_loadu_pd(m_high, from + 8)};
    }

private:
    const double* m_values;
    std::size_t m_stride;
    __mmask8 m_low, m_high;
};

// The same in single precision, less a shift.
class ShiftedRows {
public:
    WB_AMX ShiftedRows(const float* values, const double* shift, std::size_t stride, std::size_t vectors)
        : m_values(values), m_stride(stride), m_low(static_cast<__mmask8>(kernels::firstLanes(vectors))), m_high(static_cast<__mmask8>(kernels::firstLanes(vectors) >> 8)),
          m_shift{_mm512_maskz_loadu_pd(m_low, shift), _mm512_maskz_loadu_pd(m_high, shift + 8)}
    {
    }

    [[nodiscard]] WB_AMX Sixteen row(std::size_t at) const
    {
        const float* from = m_values + at * m_stride;
        return {_mm512_sub_pd(_mm512_cvtps_pd(_mm256_maskz_loadu_ps(m_low, from)), m_shift.low),
                _mm512_sub_pd(_mm512_cvtps_pd(_mm256_maskz_loadu_ps(m_high, from + 8)), m_shift.high)};
    }

private:
    const float* m_values;
    std::size_t m_stride;
    __mmask8 m_low, m_high;
    Sixteen m_shift;
};

// The largest of each vector, and its sum.
template <typename Values> WB_AMX void measure(const Values& values, std::size_t count, double* largest, double* sum)
{
    Sixteen most{_mm512_setzero_pd(), _mm512_setzero_pd()}, total = most;
    for (std::size_t k = 0; k < count; ++k) {
        const Sixteen row = values.row(k);
        most.low = _mm512_max_pd(most.low, _mm512_abs_pd(row.low));
        most.high = _mm512_max_pd(most.high, _mm512_abs_pd(row.high));
        total.low = _mm512_add_pd(total.low, row.low);
        total.high = _mm512_add_pd(total.high, row.high);
    }
    _mm512_storeu_pd(largest, most.low);
    _mm512_storeu_pd(largest + 8, most.high);
    _mm512_storeu_pd(sum, total.low);
    _mm512_storeu_pd(sum + 8, total.high);
}

struct alignas(64) Planes {
    std::uint8_t digit[digits][stepDepth][side];
};

// Sixteen values of each of the rows from `first` on as digits. A number in digits with a sign is the bytes of itself and 128 at every place, less 128.
template <typename Values> WB_AMX void toDigits(const Values& values, std::size_t first, std::size_t count, const double* scale, Planes& out)
{
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
            const Sixteen row = values.row(first + k);
            a = _mm512_add_epi64(a, _mm512_cvtpd_epi64(_mm512_mul_pd(row.low, scaleLow)));
            b = _mm512_add_epi64(b, _mm512_cvtpd_epi64(_mm512_mul_pd(row.high, scaleHigh)));
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

// Where sums of a block go: at most 16 × 16 of `out`.
struct Target {
    const double *rowUnits = nullptr, *colUnits = nullptr;
    std::size_t rows = 0, cols = 0;
    double* at = nullptr;
    std::size_t stride = 0;
};

using Sums = std::array<std::int32_t, orders * side * side>; // a block for each order

// Of a finished block: what is added to `out`, half a row at a time, the orders put together from the lowest up. A block is finished while the
// next one is multiplied, as tiles leave vectors free.
class Finish {
public:
    void begin(const Sums& sums, std::size_t lastOrder, const Target& target)
    {
        m_sums = sums.data();
        m_orders = lastOrder + 1;
        m_target = target;
        m_next = 0;
    }

    WB_AMX void some(std::size_t halves)
    {
        for (const std::size_t end = std::min(m_next + halves, 2 * m_target.rows); m_next < end; ++m_next)
            half(m_next / 2, m_next % 2 * 8);
    }

private:
    WB_AMX void half(std::size_t row, std::size_t col) const
    {
        if (col >= m_target.cols)
            return;
        const __m512d down = _mm512_set1_pd(1.0 / 256);
        const std::int32_t* from = m_sums + row * side + col;
        __m512d total = _mm512_setzero_pd();
        for (std::size_t order = m_orders; order-- > 0;)
            total = _mm512_fmadd_pd(total, down, _mm512_cvtepi32_pd(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + order * side * side))));
        const auto mask = static_cast<__mmask8>(kernels::firstLanes(m_target.cols - col));
        double* to = m_target.at + row * m_target.stride + col;
        const __m512d unit = _mm512_mul_pd(_mm512_loadu_pd(m_target.colUnits + col), _mm512_set1_pd(m_target.rowUnits[row]));
        _mm512_mask_storeu_pd(to, mask, _mm512_fmadd_pd(total, unit, _mm512_maskz_loadu_pd(mask, to)));
    }

    const std::int32_t* m_sums = nullptr;
    std::size_t m_orders = 0, m_next = 0;
    Target m_target;
};

// One block of 16 × 16 sums for each order but the last, `steps` deep.
WB_AMX void multiplyBlock(const std::int8_t* a, const std::int8_t* b, std::size_t steps, Sums& sums, Finish& before)
{
    constexpr std::size_t line = 64, halves = 2 * side, products = digits * (digits + 1) / 2, stepsEach = kernels::productsPerStore / products;
    const std::size_t each = halves / std::max<std::size_t>(1, steps) + 1;
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
        before.some(each);
        _tile_loadd(6, a + 3 * tileBytes, line);
        WB_DIGIT(3, 0, 3);
        WB_DIGIT(3, 1, 4);
        WB_DIGIT(3, 2, 5);
        _tile_loadd(6, a + 4 * tileBytes, line);
        WB_DIGIT(4, 0, 4);
        WB_DIGIT(4, 1, 5);
        _tile_loadd(6, a + 5 * tileBytes, line);
        WB_DIGIT(5, 0, 5);
        if (step % stepsEach == stepsEach - 1)
            _tile_stored(7, sums.data(), line);
    }
#undef WB_DIGIT
    _tile_stored(0, sums.data(), line);
    _tile_stored(1, sums.data() + side * side, line);
    _tile_stored(2, sums.data() + 2 * side * side, line);
    _tile_stored(3, sums.data() + 3 * side * side, line);
    _tile_stored(4, sums.data() + 4 * side * side, line);
    _tile_stored(5, sums.data() + 5 * side * side, line);
    __asm__ volatile("" ::: "memory");
}

// The same of fourth digits by fourth digits: there are no more tiles for it above.
WB_AMX void multiplyFourths(const std::int8_t* a, const std::int8_t* b, std::size_t steps, Sums& sums)
{
    constexpr std::size_t line = 64;
    __asm__ volatile("" ::: "memory");
    _tile_zero(0);
    for (std::size_t step = 0; step < steps; ++step, a += stepBytes, b += stepBytes) {
        _tile_loadd(6, a + 3 * tileBytes, line);
        _tile_loadd(7, b + 3 * tileBytes, line);
        _tile_dpbssd(0, 6, 7);
    }
    _tile_stored(0, sums.data() + 6 * side * side, line);
    __asm__ volatile("" ::: "memory");
}

WB_AMX void addRows(const DigitVectors& a, const DigitVectors& b, DigitBlocks blocks, std::size_t firstBlock, std::span<double> out)
{
    alignas(64) std::array<Sums, 2> sums; // one to fill, one to finish
    Finish before;
    std::size_t turn = 0;
    const std::size_t end = std::min(firstBlock + blocksEach, blocksOf(a.count()));
    kernels::configureTiles();
    for (std::size_t col = 0; col < blocksOf(b.count()); ++col)
        for (std::size_t row = firstBlock; row < end; ++row) {
            if (blocks == DigitBlocks::Lower && col > row)
                continue;
            Sums& mine = sums[turn++ % 2];
            multiplyBlock(a.first(row, 0), b.second(col, 0), a.steps(), mine, before);
            const bool meets = row == col; // of one vector, or one of the same place in the stream
            if (meets)
                multiplyFourths(a.first(row, 0), b.second(col, 0), a.steps(), mine);
            before.begin(mine, meets ? orders - 1 : orders - 2,
                         {a.units() + row * side, b.units() + col * side, std::min(side, a.count() - row * side), std::min(side, b.count() - col * side),
                          out.data() + row * side * b.count() + col * side, b.count()});
        }
    before.some(2 * side);
    _tile_release();
}

} // namespace

void DigitVectors::make(std::size_t depth, std::size_t count)
{
    m_count = count;
    m_steps = (depth + stepDepth - 1) / stepDepth;
    m_units.assign(blocksOf(count) * side, 0);
    m_first.hold(blocksOf(count) * m_steps * stepBytes / sizeof(std::uint16_t));
    m_second.hold(blocksOf(count) * m_steps * stepBytes / sizeof(std::uint16_t));
}

// Where vectors do not stand side by side they are turned first.
WB_AMX void DigitVectors::hold(std::span<const double> values, std::size_t depth, std::size_t count, std::size_t down, std::size_t across)
{
    make(depth, count);
    parallelFor(blocksOf(count), [&](std::size_t block) {
        const std::size_t vectors = std::min(side, count - block * side);
        const double* from = values.data() + block * side * across;
        thread_local std::vector<double> turned;
        if (across != 1) {
            turned.resize(depth * side);
            for (std::size_t i = 0; i < vectors; ++i)
                for (std::size_t k = 0; k < depth; ++k)
                    turned[k * side + i] = from[k * down + i * across];
        }
        fill(across == 1 ? Rows(from, down, vectors) : Rows(turned.data(), side, vectors), depth, block);
    });
}

WB_AMX void DigitVectors::hold(std::span<const float> values, std::span<const double> shift, std::size_t depth, std::span<double> sums)
{
    const std::size_t count = shift.size();
    make(depth, count);
    parallelFor(blocksOf(count), [&](std::size_t block) {
        const std::size_t vectors = std::min(side, count - block * side);
        const std::array<double, side> sum = fill(ShiftedRows(values.data() + block * side, shift.data() + block * side, count, vectors), depth, block);
        for (std::size_t i = 0; i < vectors; ++i)
            sums[block * side + i] += sum[i];
    });
}

const std::int8_t* DigitVectors::at(const kernels::Lines& tiles, std::size_t block, std::size_t step) const
{
    return reinterpret_cast<const std::int8_t*>(tiles.get()) + (block * m_steps + step) * stepBytes;
}

// One block of vectors; their sums.
template <typename Values> WB_AMX std::array<double, DigitVectors::side> DigitVectors::fill(const Values& values, std::size_t depth, std::size_t block)
{
    std::array<double, side> largest{}, sum{}, scale{};
    measure(values, depth, largest.data(), sum.data());
    for (std::size_t i = 0; i < side; ++i) {
        const double unit = unitOf(largest[i]);
        scale[i] = unit == 0 ? 0 : std::ldexp(1 / unit, bits);
        m_units[block * side + i] = unit / 256;
    }
    Planes planes;
    for (std::size_t step = 0; step < m_steps; ++step) {
        toDigits(values, step * stepDepth, std::min(stepDepth, depth - step * stepDepth), scale.data(), planes);
        const std::size_t offset = (block * m_steps + step) * stepBytes;
        toTiles(planes, reinterpret_cast<std::int8_t*>(m_first.get()) + offset, reinterpret_cast<std::int8_t*>(m_second.get()) + offset);
    }
    return sum;
}

void addProducts(const DigitVectors& a, const DigitVectors& b, DigitBlocks blocks, std::span<double> out)
{
    const std::size_t tasks = (blocksOf(a.count()) + blocksEach - 1) / blocksEach;
    parallelFor(tasks, [&](std::size_t task) { addRows(a, b, blocks, (tasks - 1 - task) * blocksEach, out); }); // of a triangle the longest first
}

#else

void DigitVectors::hold(std::span<const double>, std::size_t, std::size_t, std::size_t, std::size_t) {}
void DigitVectors::hold(std::span<const float>, std::span<const double>, std::size_t, std::span<double>) {}
void addProducts(const DigitVectors&, const DigitVectors&, DigitBlocks, std::span<double>) {}

#endif

std::uint64_t DigitVectors::bytes(std::uint64_t depth, std::uint64_t count)
{
    constexpr std::uint64_t forms = 2;
    return kernels::hasTiles() ? forms * digits * ((depth + stepDepth - 1) / stepDepth * stepDepth) * ((count + side - 1) / side * side) : 0;
}

} // namespace wb
