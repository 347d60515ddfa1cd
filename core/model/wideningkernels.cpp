// Stored rows in single precision and in BF16, and what rounding takes away. Highway compiles this file once for each instruction set by
// including it again.
#include "core/model/kernels.h"
#include "core/model/roundingkernels.h"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/model/wideningkernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "core/model/storedloads.h"

HWY_BEFORE_NAMESPACE();
namespace wb::kernels::HWY_NAMESPACE {
namespace {

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

} // namespace
} // namespace wb::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wb::kernels {

HWY_EXPORT(Widen);
HWY_EXPORT(WidenToBf16);
HWY_EXPORT(AddSquares);
HWY_EXPORT(RestOfBf16);

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

} // namespace wb::kernels
#endif
