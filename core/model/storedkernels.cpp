// Products with stored rows, and their widening. Highway compiles this file once for each instruction set by including it again.
#include "core/model/kernels.h"
#include "core/model/roundingkernels.h"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/model/storedkernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "core/model/blockloads.h"

HWY_BEFORE_NAMESPACE();
namespace wb::kernels::HWY_NAMESPACE {
namespace {

// Whether a stream of weights is fetched ahead by instructions. Intel's cores need it far out (measured with AVX-512: 32
// against 20 GB/s, two cores); those of AMD read on by themselves and lose half by it (27 against 60 GB/s).
enum class Ahead : std::uint8_t { Never, Far };
constexpr std::size_t farBytes = 2048;

HWY_INLINE float sum(V v) { return hn::GetLane(hn::SumOfLanes(d, v)); }

// Each loads the vector of stored elements that begins at element i, and single elements of a tail.
struct LoadF32 {
    static constexpr std::size_t bytesOf(std::size_t elements) { return elements * 4; }
    const std::uint8_t* row;
    HWY_INLINE V vector(std::size_t i) const { return hn::LoadU(d, reinterpret_cast<const float*>(row) + i); }
    HWY_INLINE float one(std::size_t i) const { return reinterpret_cast<const float*>(row)[i]; }
};
struct LoadBF16 {
    static constexpr std::size_t bytesOf(std::size_t elements) { return elements * 2; }
    const std::uint8_t* row;
    template <typename Codes>
    static HWY_INLINE V wide(Codes codes)
    {
        return hn::BitCast(d, hn::ShiftLeft<16>(hn::PromoteTo(hn::RebindToUnsigned<D>(), codes)));
    }
    HWY_INLINE V vector(std::size_t i) const
    {
        return wide(hn::LoadU(hn::Rebind<std::uint16_t, D>(), reinterpret_cast<const std::uint16_t*>(row) + i));
    }
    HWY_INLINE float one(std::size_t i) const
    {
        std::uint32_t bits = static_cast<std::uint32_t>(reinterpret_cast<const std::uint16_t*>(row)[i]) << 16;
        float value;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }
};
struct LoadF16 {
    static constexpr std::size_t bytesOf(std::size_t elements) { return elements * 2; }
    const std::uint8_t* row;
    HWY_INLINE V vector(std::size_t i) const
    {
        const hn::Rebind<hwy::float16_t, D> d16;
        return hn::PromoteTo(d, hn::LoadU(d16, reinterpret_cast<const hwy::float16_t*>(row) + i));
    }
    HWY_INLINE float one(std::size_t i) const { return half(row + 2 * i); }
};
// Codes times the factor of their columns. A code's magnitude in the places of F16 is its value, of E4M3 its value / 256: F16 has 8 more
// in the bias of its exponent, and its smallest numbers are spaced as theirs.
template <Float8 type>
struct LoadFloat8 {
    static constexpr bool isE4M3 = type == Float8::E4M3;
    static constexpr std::size_t bytesOf(std::size_t elements) { return elements; }
    const std::uint8_t* row;
    const float* factors;
    unsigned colShift;
    HWY_INLINE float factor(std::size_t i) const { return (isE4M3 ? 256.0F : 1.0F) * factors[i >> colShift]; }
    HWY_INLINE V vector(std::size_t i) const
    {
        const hn::Rebind<std::uint16_t, D> d16;
        const hn::Rebind<hwy::float16_t, D> half16;
        const auto codes = hn::PromoteTo(d16, hn::LoadU(hn::Rebind<std::uint8_t, D>(), row + i));
        if constexpr (!isE4M3)
            return hn::Mul(hn::PromoteTo(d, hn::BitCast(half16, hn::ShiftLeft<8>(codes))), hn::Set(d, factor(i)));
        const auto magnitude = hn::And(codes, hn::Set(d16, std::uint16_t{0x7F}));
        const auto nan = hn::Eq(magnitude, hn::Set(d16, std::uint16_t{0x7F}));
        const auto bits = hn::IfThenElse(nan, hn::Set(d16, std::uint16_t{0x7E00}), hn::ShiftLeft<7>(magnitude));
        const auto sign = hn::ShiftLeft<8>(hn::Xor(codes, magnitude));
        return hn::Mul(hn::PromoteTo(d, hn::BitCast(half16, hn::Or(bits, sign))), hn::Set(d, factor(i)));
    }
    HWY_INLINE float one(std::size_t i) const
    {
        const std::uint32_t code = row[i], magnitude = code & 0x7FU;
        const auto bits = static_cast<std::uint16_t>(!isE4M3 ? code << 8 : magnitude == 0x7FU ? 0x7E00U : magnitude << 7 | (code ^ magnitude) << 8);
        return half(reinterpret_cast<const std::uint8_t*>(&bits)) * factor(i);
    }
};
template <typename Load>
constexpr bool isBlock = requires { Load::elements; };
template <typename Load>
constexpr bool hasFactors = requires { Load::isE4M3; };

// For a row that is no row of blocks.
template <typename Load>
HWY_INLINE Load loadOf(const StoredRows& weights, std::size_t row)
{
    const auto* stored = reinterpret_cast<const std::uint8_t*>(weights.bytes) + row * weights.rowBytes();
    if constexpr (hasFactors<Load>)
        return {stored, weights.factors.ofRow(row), weights.factors.colShift};
    else
        return {stored};
}

// The vectors at i and behind it. BF16 in one load: half as many reach beyond a line (measured 64 against 60 GB/s).
template <typename Load>
HWY_INLINE void loadTwo(const Load& load, std::size_t i, V& first, V& second)
{
    first = load.vector(i);
    second = load.vector(i + hn::Lanes(d));
}
#if HWY_TARGET != HWY_SCALAR
HWY_INLINE void loadTwo(const LoadBF16& load, std::size_t i, V& first, V& second)
{
    const hn::Repartition<std::uint16_t, D> both;
    const hn::Half<decltype(both)> one;
    const auto codes = hn::LoadU(both, reinterpret_cast<const std::uint16_t*>(load.row) + i);
    first = LoadBF16::wide(hn::LowerHalf(one, codes));
    second = LoadBF16::wide(hn::UpperHalf(one, codes));
}
#endif

// One row against X rows of x. Four running sums each, whatever X is: a row of x gets the same bits alone and in company.
template <std::size_t X, Ahead Prefetch, typename Load>
HWY_INLINE void dotRow(const Load& load, std::size_t cols, const float* x, std::size_t xStride, float* out, std::size_t outStride)
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
    for (std::size_t j = 0; j < X; ++j) {
        float total = sum(hn::Add(hn::Add(sums[j][0], sums[j][1]), hn::Add(sums[j][2], sums[j][3])));
        for (std::size_t rest = i; rest < cols; ++rest)
            total += load.one(rest) * x[j * xStride + rest];
        out[j * outStride] = total;
    }
}

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
    for (std::size_t row = 0; row < weights.rows; ++row) {
        std::size_t i = 0;
        for (; i + 4 <= count; i += 4)
            dotAny<4, Prefetch, Load>(weights, row, x + i * xStride, xStride, out + i * outStride + row, outStride);
        for (; i < count; ++i)
            dotAny<1, Prefetch, Load>(weights, row, x + i * xStride, xStride, out + i * outStride + row, outStride);
    }
}

template <typename Load, typename Store>
void widenAll(const StoredRows& weights, const Store& store)
{
    const std::size_t rowBytes = weights.rowBytes(), lanes = hn::Lanes(d);
    for (std::size_t row = 0; row < weights.rows; ++row) {
        if constexpr (isBlock<Load>) {
            const auto* stored = reinterpret_cast<const std::uint8_t*>(weights.bytes) + row * rowBytes;
            Load block;
            for (std::size_t i = 0; i < weights.cols; i += Load::elements, stored += Load::bytes) {
                block.open(stored);
                for (std::size_t e = 0; e < Load::elements; e += lanes)
                    store(row * weights.cols + i + e, block.vector(e));
            }
        } else {
            const Load load = loadOf<Load>(weights, row);
            std::size_t i = 0;
            for (; i + lanes <= weights.cols; i += lanes)
                store(row * weights.cols + i, load.vector(i));
            for (; i < weights.cols; ++i)
                store(row * weights.cols + i, load.one(i));
        }
    }
}

// Nearest even; NaN stays NaN.
HWY_INLINE std::uint16_t bf16Of(float value)
{
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7FFFFFFFU) > 0x7F800000U)
        return static_cast<std::uint16_t>((bits >> 16) | 0x40U);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}

struct StoreF32 {
    float* out;
    HWY_INLINE void operator()(std::size_t at, V v) const { hn::StoreU(v, d, out + at); }
    HWY_INLINE void operator()(std::size_t at, float v) const { out[at] = v; }
};
struct StoreBF16 {
    std::uint16_t* out;
    HWY_INLINE void operator()(std::size_t at, V v) const
    {
        const hn::RebindToUnsigned<D> u32;
        const hn::Rebind<std::uint16_t, D> d16;
        const auto bits = hn::BitCast(u32, v);
        const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(u32, 1U));
        const auto rounded = hn::ShiftRight<16>(hn::Add(hn::Add(bits, hn::Set(u32, 0x7FFFU)), odd));
        const auto nan = hn::Or(hn::ShiftRight<16>(bits), hn::Set(u32, 0x40U));
        const auto chosen = hn::IfThenElse(hn::RebindMask(u32, hn::IsNaN(v)), nan, rounded);
        hn::StoreU(hn::DemoteTo(d16, hn::BitCast(d32, chosen)), d16, out + at);
    }
    HWY_INLINE void operator()(std::size_t at, float v) const { out[at] = bf16Of(v); }
};

template <typename Action>
void withLoad(const StoredRows& weights, Action action)
{
    switch (weights.dtype) {
    case DType::F32: return action.template operator()<LoadF32>();
    case DType::BF16: return action.template operator()<LoadBF16>();
    case DType::F16: return action.template operator()<LoadF16>();
    case DType::Q8_0: return action.template operator()<BlockQ8_0>();
    case DType::Q4_0: return action.template operator()<BlockOf32<false, false>>();
    case DType::Q4_1: return action.template operator()<BlockOf32<true, false>>();
    case DType::Q5_0: return action.template operator()<BlockOf32<false, true>>();
    case DType::Q5_1: return action.template operator()<BlockOf32<true, true>>();
    case DType::Q2_K: return action.template operator()<BlockQ2_K>();
    case DType::Q3_K: return action.template operator()<BlockQ3_K>();
    case DType::Q4_K: return action.template operator()<BlockQ4_K>();
    case DType::Q5_K: return action.template operator()<BlockQ5_K>();
    case DType::Q6_K: return action.template operator()<BlockQ6_K>();
    case DType::Opaque:
        return weights.factors.type == Float8::E5M2 ? action.template operator()<LoadFloat8<Float8::E5M2>>() : action.template operator()<LoadFloat8<Float8::E4M3>>();
    default: return;
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

void Widen(const StoredRows& weights, float* out)
{
    withLoad(weights, [&]<typename Load>() { widenAll<Load>(weights, StoreF32{out}); });
}

void WidenToBf16(const StoredRows& weights, std::uint16_t* out)
{
    withLoad(weights, [&]<typename Load>() { widenAll<Load>(weights, StoreBF16{out}); });
}

void AddSquares(float* out, const float* x, std::size_t n)
{
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const V v = hn::LoadU(d, x + i);
        hn::StoreU(hn::MulAdd(v, v, hn::LoadU(d, out + i)), d, out + i);
    }
    for (; i < n; ++i)
        out[i] += x[i] * x[i];
}

void RestOfBf16(const float* x, const std::uint16_t* rounded, std::size_t n, std::uint16_t* out)
{
    const StoreBF16 store{out};
    const LoadBF16 wide{reinterpret_cast<const std::uint8_t*>(rounded)};
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        store(i, hn::Sub(hn::LoadU(d, x + i), wide.vector(i)));
    for (; i < n; ++i)
        store(i, x[i] - wide.one(i));
}

float Dot(const float* a, const float* b, std::size_t n)
{
    float out;
    dotRow<1, Ahead::Never>(LoadF32{reinterpret_cast<const std::uint8_t*>(a)}, n, b, 0, &out, 0);
    return out;
}

void Dots(const float* a, const float* rows, std::size_t stride, std::size_t count, std::size_t n, float* out)
{
    for (std::size_t i = 0; i < count; ++i)
        dotRow<1, Ahead::Never>(LoadF32{reinterpret_cast<const std::uint8_t*>(rows + i * stride)}, n, a, 0, out + i, 0);
}

} // namespace
} // namespace wb::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wb::kernels {

HWY_EXPORT(DotRows);
HWY_EXPORT(Widen);
HWY_EXPORT(WidenToBf16);
HWY_EXPORT(AddSquares);
HWY_EXPORT(RestOfBf16);
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
void widen(const StoredRows& weights, float* out) { HWY_DYNAMIC_DISPATCH(Widen)(weights, out); }
void widenToBf16(const StoredRows& weights, std::uint16_t* out) { HWY_DYNAMIC_DISPATCH(WidenToBf16)(weights, out); }
void roundToBf16(std::span<const float> x, std::uint16_t* out)
{
    widenToBf16({DType::F32, reinterpret_cast<const std::byte*>(x.data()), 1, x.size()}, out);
}
void addSquares(float* out, const float* x, std::size_t n) { HWY_DYNAMIC_DISPATCH(AddSquares)(out, x, n); }
void restOfBf16(std::span<const float> x, const std::uint16_t* rounded, std::uint16_t* out)
{
    HWY_DYNAMIC_DISPATCH(RestOfBf16)(x.data(), rounded, x.size(), out);
}
float dot(const float* a, const float* b, std::size_t n) { return HWY_DYNAMIC_DISPATCH(Dot)(a, b, n); }
void dots(const float* a, const float* rows, std::size_t stride, std::size_t count, std::size_t n, float* out)
{
    HWY_DYNAMIC_DISPATCH(Dots)(a, rows, stride, count, n, out);
}

} // namespace wb::kernels
#endif
