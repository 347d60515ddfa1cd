// Products with stored rows. Highway compiles this file once for each instruction set by including it again.
#include "core/model/kernels.h"
#include "core/model/lanesums.h"

#include <cmath>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/model/storedkernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "core/model/storedloads.h"

HWY_BEFORE_NAMESPACE();
namespace wb::kernels::HWY_NAMESPACE {
namespace {

// Whether a stream of weights is fetched ahead by instructions. Intel's cores need it far out (measured with AVX-512: 32
// against 20 GB/s, two cores); those of AMD read on by themselves and lose half by it (27 against 60 GB/s).
enum class Ahead : std::uint8_t { Never, Far };
constexpr std::size_t farBytes = 2048;
constexpr std::size_t aheadBytes = 8192; // of whole rows, where there is much to do with each

HWY_INLINE float sum(V v) { return hn::GetLane(hn::SumOfLanes(d, v)); }

// One row against X rows of x, as many columns as fill vectors: their number is returned, `totals` are to be summed over the lanes. Four
// running sums each, whatever X is: a row of x gets the same bits alone and in company.
template <std::size_t X, Ahead Prefetch, typename Load>
HWY_INLINE std::size_t sumRow(const Load& load, std::size_t cols, const float* x, std::size_t xStride, V* totals)
{
    const std::size_t lanes = hn::Lanes(d), step = 4 * lanes;
    V sums[X][4];
    for (std::size_t j = 0; j < X; ++j)
        for (auto& s : sums[j])
            s = hn::Zero(d);
    std::size_t i = 0;
    for (; i + step <= cols; i += step) {
        for (std::size_t b = 0; Prefetch == Ahead::Far && b < Load::bytesOf(step); b += 64)
            __builtin_prefetch(load.row + Load::bytesOf(i) + b + farBytes);
        for (std::size_t k = 0; k < 4; k += 2) {
            V w[2];
            loadTwo(load, i + k * lanes, w[0], w[1]);
            for (std::size_t j = 0; j < X; ++j)
                for (std::size_t h = 0; h < 2; ++h)
                    sums[j][k + h] = hn::MulAdd(w[h], hn::LoadU(d, x + j * xStride + i + (k + h) * lanes), sums[j][k + h]);
        }
    }
    for (; i + lanes <= cols; i += lanes) {
        const V w = load.vector(i);
        for (std::size_t j = 0; j < X; ++j)
            sums[j][0] = hn::MulAdd(w, hn::LoadU(d, x + j * xStride + i), sums[j][0]);
    }
    for (std::size_t j = 0; j < X; ++j)
        totals[j] = hn::Add(hn::Add(sums[j][0], sums[j][1]), hn::Add(sums[j][2], sums[j][3]));
    return i;
}

// The columns behind those that fill vectors.
template <typename Load>
HWY_INLINE float addRest(float total, const Load& load, std::size_t from, std::size_t cols, const float* x)
{
    for (; from < cols; ++from)
        total = std::fma(load.one(from), x[from], total);
    return total;
}

template <std::size_t X, Ahead Prefetch, typename Load>
HWY_INLINE void dotRow(const Load& load, std::size_t cols, const float* x, std::size_t xStride, float* out, std::size_t outStride)
{
    V totals[X];
    const std::size_t done = sumRow<X, Prefetch>(load, cols, x, xStride, totals);
    for (std::size_t j = 0; j < X; ++j)
        out[j * outStride] = addRest(sum(totals[j]), load, done, cols, x + j * xStride);
}

#if HWY_TARGET <= HWY_AVX3
// Two rows by four of x, the running sums of dotRow() two at a time: what 32 registers hold. Each load of x serves two products, so that
// these are what it waits for. The rows `ahead` bytes on are fetched if that is not 0: while it multiplies, no CPU reads on by itself.
template <typename Load>
HWY_INLINE void dotPair(const Load (&load)[2], std::size_t cols, const float* x, std::size_t xStride, std::size_t ahead, float* out, std::size_t outStride)
{
    constexpr std::size_t lanes = 16, step = 4 * lanes;
    const std::size_t whole = cols / step * step, done = cols / lanes * lanes;
    __m512 totals[8];
    for (std::size_t k = 0; k < 4; k += 2) {
        V sums[8][2];
        for (auto& pair : sums)
            pair[0] = pair[1] = hn::Zero(d);
        for (std::size_t i = k * lanes; i < whole; i += step) {
            V w[2][2];
            for (std::size_t r = 0; r < 2; ++r) {
                for (std::size_t b = 0; ahead != 0 && b < Load::bytesOf(step / 2); b += 64)
                    __builtin_prefetch(load[r].row + Load::bytesOf(i) + b + ahead);
                loadTwo(load[r], i, w[r][0], w[r][1]);
            }
            for (std::size_t j = 0; j < 4; ++j)
                for (std::size_t h = 0; h < 2; ++h) {
                    const V value = hn::LoadU(d, x + j * xStride + i + h * lanes);
                    for (std::size_t r = 0; r < 2; ++r)
                        sums[2 * j + r][h] = hn::MulAdd(w[r][h], value, sums[2 * j + r][h]);
                }
        }
        for (std::size_t i = whole; k == 0 && i < done; i += lanes)
            for (std::size_t r = 0; r < 2; ++r) {
                const V w = load[r].vector(i);
                for (std::size_t j = 0; j < 4; ++j)
                    sums[2 * j + r][0] = hn::MulAdd(w, hn::LoadU(d, x + j * xStride + i), sums[2 * j + r][0]);
            }
        for (std::size_t s = 0; s < 8; ++s) {
            const V both = hn::Add(sums[s][0], sums[s][1]);
            totals[s] = k == 0 ? both.raw : hn::Add(V{totals[s]}, both).raw;
        }
    }
    alignas(32) float all[8];
    _mm256_store_ps(all, sumsOf(totals));
    for (std::size_t j = 0; j < 4; ++j)
        for (std::size_t r = 0; r < 2; ++r)
            out[j * outStride + r] = addRest(all[2 * j + r], load[r], done, cols, x + j * xStride);
}
#endif

// The same for rows of quantised blocks: the running sums take turns vector by vector.
template <std::size_t X, Ahead Prefetch, typename Block>
HWY_INLINE void dotBlocks(const std::uint8_t* row, std::size_t cols, const float* x, std::size_t xStride, float* out, std::size_t outStride)
{
    constexpr std::size_t lanes = hn::MaxLanes(d), vectors = Block::elements / lanes;
    V sums[X][4];
    for (std::size_t j = 0; j < X; ++j)
        for (auto& s : sums[j])
            s = hn::Zero(d);
    Block block;
    for (std::size_t i = 0; i < cols; i += Block::elements, row += Block::bytes) {
        for (std::size_t b = 0; Prefetch == Ahead::Far && b < Block::bytes; b += 64)
            __builtin_prefetch(row + b + farBytes);
        block.open(row);
#pragma GCC unroll 16
        for (std::size_t k = 0; k < vectors; ++k) {
            const V w = block.vector(k * lanes);
            for (std::size_t j = 0; j < X; ++j)
                sums[j][k % 4] = hn::MulAdd(w, hn::LoadU(d, x + j * xStride + i + k * lanes), sums[j][k % 4]);
        }
    }
    for (std::size_t j = 0; j < X; ++j)
        out[j * outStride] = sum(hn::Add(hn::Add(sums[j][0], sums[j][1]), hn::Add(sums[j][2], sums[j][3])));
}

// X rows of x by one stored row, whatever it is made of.
template <std::size_t X, Ahead Prefetch, typename Load>
HWY_INLINE void dotAny(const StoredRows& weights, std::size_t row, const float* x, std::size_t xStride, float* out, std::size_t outStride)
{
    if constexpr (isBlock<Load>)
        dotBlocks<X, Prefetch, Load>(reinterpret_cast<const std::uint8_t*>(weights.bytes) + row * weights.rowBytes(), weights.cols, x, xStride, out,
                                     outStride);
    else
        dotRow<X, Prefetch>(loadOf<Load>(weights, row), weights.cols, x, xStride, out, outStride);
}

template <typename Load, Ahead Prefetch>
void dotAll(const StoredRows& weights, const float* x, std::size_t count, std::size_t xStride, float* out, std::size_t outStride)
{
    std::size_t row = 0;
#if HWY_TARGET <= HWY_AVX3
    const std::size_t pairBytes = 2 * weights.rowBytes(), ahead = (aheadBytes + pairBytes - 1) / pairBytes * pairBytes;
    if constexpr (!isBlock<Load> && hn::MaxLanes(D()) == 16)
        for (; count >= 4 && row + 2 <= weights.rows; row += 2) {
            const Load pair[2] = {loadOf<Load>(weights, row), loadOf<Load>(weights, row + 1)};
            std::size_t i = 0;
            for (; i + 4 <= count; i += 4)
                dotPair(pair, weights.cols, x + i * xStride, xStride, i == 0 ? ahead : 0, out + i * outStride + row, outStride);
            for (; i < count; ++i)
                for (std::size_t r = 0; r < 2; ++r)
                    dotRow<1, Ahead::Never>(pair[r], weights.cols, x + i * xStride, xStride, out + i * outStride + row + r, outStride);
        }
#endif
    for (; row < weights.rows; ++row) {
        std::size_t i = 0;
        for (; i + 4 <= count; i += 4)
            dotAny<4, Prefetch, Load>(weights, row, x + i * xStride, xStride, out + i * outStride + row, outStride);
        for (; i < count; ++i)
            dotAny<1, Prefetch, Load>(weights, row, x + i * xStride, xStride, out + i * outStride + row, outStride);
    }
}

void DotRows(const StoredRows& weights, const float* x, std::size_t count, std::size_t xStride, float* out, std::size_t outStride)
{
    withLoad(weights, [&]<typename Load>() {
        static const bool intel = __builtin_cpu_is("intel") != 0;
        intel ? dotAll<Load, Ahead::Far>(weights, x, count, xStride, out, outStride)
              : dotAll<Load, Ahead::Never>(weights, x, count, xStride, out, outStride);
    });
}

float Dot(const float* a, const float* b, std::size_t n)
{
    float out;
    dotRow<1, Ahead::Never>(LoadF32{reinterpret_cast<const std::uint8_t*>(a)}, n, b, 0, &out, 0);
    return out;
}

void Dots(const float* a, const float* rows, std::size_t stride, std::size_t count, std::size_t n, float* out)
{
    const auto load = [&](std::size_t i) HWY_ATTR { return LoadF32{reinterpret_cast<const std::uint8_t*>(rows + i * stride)}; };
    std::size_t i = 0;
#if HWY_TARGET <= HWY_AVX3
    for (; i + 16 <= count && hn::MaxLanes(D()) == 16; i += 16) {
        __m512 totals[16];
        std::size_t done = 0;
        for (std::size_t r = 0; r < 16; ++r) {
            V total;
            done = sumRow<1, Ahead::Never>(load(i + r), n, a, 0, &total);
            totals[r] = total.raw;
        }
        _mm512_storeu_ps(out + i, sumsOf(totals));
        for (std::size_t r = 0; r < 16; ++r)
            out[i + r] = addRest(out[i + r], load(i + r), done, n, a);
    }
#endif
    for (; i < count; ++i)
        dotRow<1, Ahead::Never>(load(i), n, a, 0, out + i, 0);
}

} // namespace
} // namespace wb::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wb::kernels {

HWY_EXPORT(DotRows);
HWY_EXPORT(Dot);
HWY_EXPORT(Dots);

bool multiplies(DType dtype)
{
    return dtype == DType::F32 || dtype == DType::F16 || dtype == DType::BF16 || isQuantised(dtype);
}

void dotRows(const StoredRows& weights, const float* x, std::size_t count, std::size_t xStride, float* out, std::size_t outStride)
{
    HWY_DYNAMIC_DISPATCH(DotRows)(weights, x, count, xStride, out, outStride);
}
float dot(const float* a, const float* b, std::size_t n) { return HWY_DYNAMIC_DISPATCH(Dot)(a, b, n); }
void dots(const float* a, const float* rows, std::size_t stride, std::size_t count, std::size_t n, float* out)
{
    HWY_DYNAMIC_DISPATCH(Dots)(a, rows, stride, count, n, out);
}

} // namespace wb::kernels
#endif
