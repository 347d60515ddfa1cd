// Highway compiles this file once for each instruction set by including it again.
#include "core/analysis/bfloat16sums.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/analysis/bfloat16sums.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace wb::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t lanes = 8;    // however many registers hold them
constexpr std::size_t block = 4096; // codes, which stay in the first-level cache where several registers take turns
constexpr std::uint32_t exponent = 0x7F800000, magnitude = 0x7FFFFFFF;

BFloat16Sums Sums(const std::uint8_t* codes, std::size_t count)
{
    const hn::CappedTag<double, lanes> d;
    const hn::Rebind<float, decltype(d)> f32;
    const hn::Rebind<std::uint32_t, decltype(d)> u32;
    const hn::Rebind<std::uint16_t, decltype(d)> u16;
    const std::size_t width = hn::Lanes(d);
    std::array<double, lanes> squares{};
    std::array<std::uint32_t, lanes> each{};
    std::uint64_t finite = 0;
    const std::size_t whole = count / lanes * lanes;
    for (std::size_t turn = 0; turn < (whole + block - 1) / block * (lanes / width); ++turn) {
        const std::size_t first = turn / (lanes / width) * block, part = turn % (lanes / width) * width, end = std::min(whole, first + block);
        auto sums = hn::LoadU(d, squares.data() + part);
        auto most = hn::LoadU(u32, each.data() + part), notFinite = hn::Zero(u32);
        for (std::size_t at = first + part; at < end; at += lanes) {
            const auto bits = hn::ShiftLeft<16>(hn::PromoteTo(u32, hn::LoadU(u16, reinterpret_cast<const std::uint16_t*>(codes + 2 * at))));
            const auto bad = hn::Eq(hn::And(bits, hn::Set(u32, exponent)), hn::Set(u32, exponent));
            const auto kept = hn::IfThenZeroElse(bad, bits);
            const auto value = hn::PromoteTo(d, hn::BitCast(f32, kept));
            sums = hn::MulAdd(value, value, sums); // a square of 16 bits is exact, so that one rounding is all there is
            most = hn::Max(most, hn::And(kept, hn::Set(u32, magnitude)));
            notFinite = hn::Add(notFinite, hn::IfThenElseZero(bad, hn::Set(u32, 1U)));
        }
        hn::StoreU(sums, d, squares.data() + part);
        hn::StoreU(most, u32, each.data() + part);
        finite += (end - first) / lanes * width - hn::GetLane(hn::SumOfLanes(u32, notFinite));
    }
    std::uint32_t largest = *std::max_element(each.begin(), each.end());
    for (std::size_t at = whole; at < count; ++at) {
        std::uint16_t code;
        std::memcpy(&code, codes + 2 * at, sizeof code);
        const std::uint32_t bits = std::uint32_t{code} << 16;
        if ((bits & exponent) == exponent)
            continue;
        const double value = std::bit_cast<float>(bits);
        squares[0] += value * value;
        largest = std::max(largest, bits & magnitude);
        ++finite;
    }
    return {finite, std::accumulate(squares.begin(), squares.end(), 0.0), static_cast<std::uint16_t>(largest >> 16)};
}

} // namespace
} // namespace wb::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace wb {

HWY_EXPORT(Sums);

BFloat16Sums bfloat16Sums(std::span<const std::byte> codes)
{
    return HWY_DYNAMIC_DISPATCH(Sums)(reinterpret_cast<const std::uint8_t*>(codes.data()), codes.size() / 2);
}

} // namespace wb
#endif
