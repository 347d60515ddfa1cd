// How vectors of weights come out of quantised blocks (blocks.h and kblocks.h in core/tensor say what the bytes are). Included once
// for each instruction set, by storedloads.h alone: a file of Highway, whose guard is therefore an unusual one.
#if defined(WB_BLOCKLOADS_H) == defined(HWY_TARGET_TOGGLE)
#ifdef WB_BLOCKLOADS_H
#undef WB_BLOCKLOADS_H
#else
#define WB_BLOCKLOADS_H
#endif

#include "core/tensor/kblocks.h"

#include <hwy/highway.h>

#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace wb::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
// At most 16 lanes: the smallest group of elements with a scale of its own.
using D = hn::CappedTag<float, 16>;
using V = hn::Vec<D>;
constexpr D d{};
using D32 = hn::RebindToSigned<D>;
constexpr D32 d32{};
using Codes = hn::Vec<D32>;

HWY_INLINE float half(const std::uint8_t* at)
{
    const hn::CappedTag<float, 1> one;
    const hn::Rebind<hwy::float16_t, decltype(one)> stored;
    HWY_ALIGN hwy::float16_t value[1];
    std::memcpy(value, at, sizeof value);
    return hn::GetLane(hn::PromoteTo(one, hn::Load(stored, value)));
}

HWY_INLINE Codes bytesAt(const std::uint8_t* at) { return hn::PromoteTo(d32, hn::LoadU(hn::Rebind<std::uint8_t, D>(), at)); }
HWY_INLINE V floats(Codes codes) { return hn::ConvertTo(d, codes); }
HWY_INLINE Codes few(Codes codes, int shift, int mask) { return hn::And(hn::ShiftRightSame(codes, shift), hn::Set(d32, mask)); }

// n·scale − minimum for n = 0 … 15, and the choice by the low 4 bits of codes: what a code of 4 bits means is looked up, not computed,
// where a vector holds all 16 meanings. The same bits either way.
HWY_INLINE V fourBits(Codes codes, int shift, float scale, float minimum)
{
    const auto meaning = [&](V n) HWY_ATTR { return hn::Sub(hn::Mul(n, hn::Set(d, scale)), hn::Set(d, minimum)); };
#if HWY_TARGET <= HWY_AVX3
    if constexpr (hn::MaxLanes(D()) == 16) {
        const auto index = shift == 0 ? codes : hn::ShiftRightSame(codes, shift);
        return V{_mm512_permutexvar_ps(index.raw, meaning(hn::Iota(d, 0)).raw)}; // takes 4 bits of each lane
    }
#endif
    return meaning(floats(few(codes, shift, 15)));
}

// Each block type: open() takes what the block has once, vector(e) gives the elements from e, a multiple of the lanes, on.
struct BlockQ8_0 {
    static constexpr std::size_t bytes = 34, elements = 32;
    const std::uint8_t* block;
    float scale;
    HWY_INLINE void open(const std::uint8_t* at)
    {
        block = at;
        scale = half(at);
    }
    HWY_INLINE V vector(std::size_t e) const
    {
        const hn::Rebind<std::int8_t, D> d8;
        const auto codes = hn::LoadU(d8, reinterpret_cast<const std::int8_t*>(block) + 2 + e);
        return hn::Mul(floats(hn::PromoteTo(d32, codes)), hn::Set(d, scale));
    }
};
// Low halves of 16 bytes are elements 0 … 15, high halves the others.
template <bool Offset, bool Fifth>
struct BlockOf32 { // Q4_0, Q4_1, Q5_0, Q5_1
    static constexpr std::size_t head = Offset ? 4 : 2, elements = 32, bytes = head + (Fifth ? 4 : 0) + 16;
    const std::uint8_t* block;
    float scale, minimum;
    Codes fifth;
    HWY_INLINE void open(const std::uint8_t* at)
    {
        block = at;
        scale = half(at);
        // (n − 8)·d is n·d − 8·d: with a d of 11 bits both products are exact
        minimum = Offset ? -half(at + 2) : scale * (Fifth ? 16.0F : 8.0F);
        if constexpr (Fifth) {
            std::int32_t bits;
            std::memcpy(&bits, at + head, sizeof bits);
            fifth = hn::Set(d32, bits);
        }
    }
    HWY_INLINE V vector(std::size_t e) const
    {
        const int shift = e < 16 ? 0 : 4;
        const auto codes = bytesAt(block + bytes - 16 + e % 16);
        if constexpr (!Fifth)
            return fourBits(codes, shift, scale, minimum);
        const auto bit = hn::And(hn::Shr(fifth, hn::Add(hn::Iota(d32, 0), hn::Set(d32, static_cast<int>(e)))), hn::Set(d32, 1));
        const auto n = floats(hn::Or(few(codes, shift, 15), hn::ShiftLeft<4>(bit)));
        return hn::Sub(hn::Mul(n, hn::Set(d, scale)), hn::Set(d, minimum));
    }
};

// Types of 256 elements with codes of other widths: open() unpacks the codes to a byte each, many at a time.
using Bytes = hn::CappedTag<std::uint8_t, 32>;
constexpr Bytes u8{};
using B = hn::Vec<Bytes>;
constexpr std::size_t byteLanes = hn::MaxLanes(u8);

template <int Shift, int Mask>
HWY_INLINE B part(B bytes) { return hn::And(hn::ShiftRight<Shift>(bytes), hn::Set(u8, Mask)); }

struct Unpacked {
    static constexpr std::size_t elements = 256;
    HWY_ALIGN std::int8_t codes[elements];
    float scale[16], minimum[16];
    HWY_INLINE void store(std::size_t e, B codesAt) { hn::StoreU(codesAt, u8, reinterpret_cast<std::uint8_t*>(codes) + e); }
    HWY_INLINE V vector(std::size_t e) const // d·s·v − minimum, in groups of 16
    {
        const auto v = hn::PromoteTo(d32, hn::LoadU(hn::Rebind<std::int8_t, D>(), codes + e));
        return hn::Sub(hn::Mul(hn::Set(d, scale[e / 16]), floats(v)), hn::Set(d, minimum[e / 16]));
    }
    HWY_INLINE V vectorWithoutMinimum(std::size_t e) const
    {
        const auto v = hn::PromoteTo(d32, hn::LoadU(hn::Rebind<std::int8_t, D>(), codes + e));
        return hn::Mul(hn::Set(d, scale[e / 16]), floats(v));
    }
};

struct BlockQ2_K : Unpacked {
    static constexpr std::size_t bytes = 84;
    HWY_INLINE void open(const std::uint8_t* at)
    {
        const float unit = half(at + 80), least = half(at + 82);
        for (std::size_t g = 0; g < 16; ++g) {
            scale[g] = unit * static_cast<float>(at[g] & 15);
            minimum[g] = least * static_cast<float>(at[g] >> 4);
        }
        for (std::size_t i = 0; i < 64; i += byteLanes) {
            const B q = hn::LoadU(u8, at + 16 + i);
            const std::size_t e = i / 32 * 128 + i % 32;
            store(e, part<0, 3>(q));
            store(e + 32, part<2, 3>(q));
            store(e + 64, part<4, 3>(q));
            store(e + 96, part<6, 3>(q));
        }
    }
};
struct BlockQ3_K : Unpacked {
    static constexpr std::size_t bytes = 110;
    HWY_INLINE void open(const std::uint8_t* at)
    {
        const float unit = half(at + 108);
        const auto scales = q3Scales(at + 96);
        for (std::size_t g = 0; g < 16; ++g)
            scale[g] = unit * static_cast<float>(scales[g]);
        for (std::size_t l = 0; l < 32; l += byteLanes) {
            const B h = hn::LoadU(u8, at + l);
            three<0>(l, hn::LoadU(u8, at + 32 + l), h);
            three<4>(128 + l, hn::LoadU(u8, at + 64 + l), h);
        }
    }
    template <int Bit>
    HWY_INLINE void three(std::size_t e, B q, B h)
    {
        const B four = hn::Set(u8, 4);
        store(e, hn::Sub(hn::Or(part<0, 3>(q), hn::ShiftLeft<2>(part<Bit, 1>(h))), four));
        store(e + 32, hn::Sub(hn::Or(part<2, 3>(q), hn::ShiftLeft<2>(part<Bit + 1, 1>(h))), four));
        store(e + 64, hn::Sub(hn::Or(part<4, 3>(q), hn::ShiftLeft<2>(part<Bit + 2, 1>(h))), four));
        store(e + 96, hn::Sub(hn::Or(part<6, 3>(q), hn::ShiftLeft<2>(part<Bit + 3, 1>(h))), four));
    }
    HWY_INLINE V vector(std::size_t e) const { return vectorWithoutMinimum(e); }
};
HWY_INLINE void sixBits(const std::uint8_t* at, std::size_t stride, float* scale, float* minimum)
{
    const float unit = half(at), least = half(at + 2);
    const SixBitScales six = sixBitScales(at + 4);
    for (std::size_t g = 0; g < 8; ++g)
        for (std::size_t i = 0; i < stride; ++i) {
            scale[g * stride + i] = unit * static_cast<float>(six.scale[g]);
            minimum[g * stride + i] = least * static_cast<float>(six.minimum[g]);
        }
}
struct BlockQ4_K {
    static constexpr std::size_t bytes = 144, elements = 256;
    const std::uint8_t* block;
    float scale[8], minimum[8];
    HWY_INLINE void open(const std::uint8_t* at)
    {
        block = at;
        sixBits(at, 1, scale, minimum);
    }
    HWY_INLINE V vector(std::size_t e) const
    {
        const std::size_t g = e / 32;
        return fourBits(bytesAt(block + 16 + 32 * (e / 64) + e % 32), g % 2 == 0 ? 0 : 4, scale[g], minimum[g]);
    }
};
struct BlockQ5_K : Unpacked {
    static constexpr std::size_t bytes = 176;
    HWY_INLINE void open(const std::uint8_t* at)
    {
        sixBits(at, 2, scale, minimum);
        for (std::size_t l = 0; l < 32; l += byteLanes) {
            const B h = hn::LoadU(u8, at + 16 + l);
            five<0>(l, hn::LoadU(u8, at + 48 + l), h);
            five<2>(64 + l, hn::LoadU(u8, at + 80 + l), h);
            five<4>(128 + l, hn::LoadU(u8, at + 112 + l), h);
            five<6>(192 + l, hn::LoadU(u8, at + 144 + l), h);
        }
    }
    template <int Bit>
    HWY_INLINE void five(std::size_t e, B q, B h)
    {
        store(e, hn::Or(part<0, 15>(q), hn::ShiftLeft<4>(part<Bit, 1>(h))));
        store(e + 32, hn::Or(part<4, 15>(q), hn::ShiftLeft<4>(part<Bit + 1, 1>(h))));
    }
};
struct BlockQ6_K : Unpacked {
    static constexpr std::size_t bytes = 210;
    HWY_INLINE void open(const std::uint8_t* at)
    {
        const float unit = half(at + 208);
        for (std::size_t g = 0; g < 16; ++g)
            scale[g] = unit * static_cast<float>(static_cast<std::int8_t>(at[192 + g]));
        const B less = hn::Set(u8, 32);
        for (std::size_t side = 0; side < 2; ++side)
            for (std::size_t l = 0; l < 32; l += byteLanes) {
                const B first = hn::LoadU(u8, at + 64 * side + l), second = hn::LoadU(u8, at + 64 * side + 32 + l);
                const B h = hn::LoadU(u8, at + 128 + 32 * side + l);
                const std::size_t e = 128 * side + l;
                store(e, hn::Sub(hn::Or(part<0, 15>(first), hn::ShiftLeft<4>(part<0, 3>(h))), less));
                store(e + 32, hn::Sub(hn::Or(part<0, 15>(second), hn::ShiftLeft<4>(part<2, 3>(h))), less));
                store(e + 64, hn::Sub(hn::Or(part<4, 15>(first), hn::ShiftLeft<4>(part<4, 3>(h))), less));
                store(e + 96, hn::Sub(hn::Or(part<4, 15>(second), hn::ShiftLeft<4>(part<6, 3>(h))), less));
            }
    }
    HWY_INLINE V vector(std::size_t e) const { return vectorWithoutMinimum(e); }
};

} // namespace
} // namespace wb::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
