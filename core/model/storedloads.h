// How vectors of weights come out of stored rows of any type. Included once for each instruction set, by the files of Highway that read
// them, whose guard is therefore an unusual one.
#if defined(WB_STOREDLOADS_H) == defined(HWY_TARGET_TOGGLE)
#ifdef WB_STOREDLOADS_H
#undef WB_STOREDLOADS_H
#else
#define WB_STOREDLOADS_H
#endif

#include "core/model/blockloads.h"
#include "core/model/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace wb::kernels::HWY_NAMESPACE {
namespace {

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
template <bool e4m3>
struct LoadFloat8 {
    static constexpr bool isE4M3 = e4m3;
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
// The same of a type whose exponents are all of numbers: they go into the places of single precision. Its one NaN is the code of -0.
template <int mantissaBits>
struct LoadFnuz {
    static constexpr int bias = 1 << (6 - mantissaBits);
    static constexpr float smallest = bias == 8 ? 0x1p-10F : 0x1p-17F; // 2^(1 - bias - mantissaBits)
    static constexpr std::uint32_t rebiased = static_cast<std::uint32_t>(127 - bias) << 23;
    static constexpr std::size_t bytesOf(std::size_t elements) { return elements; }
    const std::uint8_t* row;
    const float* factors;
    unsigned colShift;
    HWY_INLINE V vector(std::size_t i) const
    {
        const hn::RebindToUnsigned<D> u;
        const hn::RebindToSigned<D> s;
        const auto codes = hn::PromoteTo(u, hn::LoadU(hn::Rebind<std::uint8_t, D>(), row + i));
        const auto magnitude = hn::And(codes, hn::Set(u, 0x7FU));
        const V normal = hn::BitCast(d, hn::Add(hn::ShiftLeft<23 - mantissaBits>(magnitude), hn::Set(u, rebiased)));
        const V low = hn::Mul(hn::ConvertTo(d, hn::BitCast(s, magnitude)), hn::Set(d, smallest));
        const auto isLow = hn::Lt(hn::BitCast(s, magnitude), hn::Set(s, 1 << mantissaBits));
        const V size = hn::IfThenElse(hn::RebindMask(d, isLow), low, normal);
        const V value = hn::Or(size, hn::BitCast(d, hn::ShiftLeft<24>(hn::Xor(codes, magnitude))));
        const auto nan = hn::RebindMask(d, hn::Eq(codes, hn::Set(u, 0x80U)));
        return hn::Mul(hn::IfThenElse(nan, hn::NaN(d), value), hn::Set(d, factors[i >> colShift]));
    }
    HWY_INLINE float one(std::size_t i) const
    {
        const std::uint32_t code = row[i], magnitude = code & 0x7FU;
        const std::uint32_t bits = code == 0x80U ? 0x7FC00000U : (magnitude << (23 - mantissaBits)) + rebiased;
        float size;
        std::memcpy(&size, &bits, sizeof size);
        if (code != 0x80U && magnitude < 1U << mantissaBits)
            size = static_cast<float>(magnitude) * smallest;
        return (code > 0x80U ? -size : size) * factors[i >> colShift];
    }
};
template <typename Load>
constexpr bool isBlock = requires { Load::elements; };
template <typename Load>
constexpr bool hasFactors = requires(Load load) { load.factors; };

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
    case DType::F8_E4M3: return action.template operator()<LoadFloat8<true>>();
    case DType::F8_E5M2: return action.template operator()<LoadFloat8<false>>();
    case DType::F8_E4M3FNUZ: return action.template operator()<LoadFnuz<3>>();
    case DType::F8_E5M2FNUZ: return action.template operator()<LoadFnuz<2>>();
    default: return;
    }
}

} // namespace
} // namespace wb::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
