#include "core/tensor/decode.h"

#include "core/base/bytes.h"
#include "core/tensor/blocks.h"
#include "core/tensor/float8factors.h"
#include "core/tensor/halffloat.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>

namespace wb {
namespace {

template <typename T>
void convert(std::span<const std::byte> stored, std::span<double> out)
{
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<double>(load<T>(stored.data() + i * sizeof(T)));
}

template <typename Code>
void lookUp(const std::vector<double>& values, std::span<const std::byte> stored, std::span<double> out)
{
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = values[load<Code>(stored.data() + i * sizeof(Code))];
}

void decodeQuantised(DType dtype, std::span<const std::byte> stored, std::span<double> out)
{
    std::vector<float> values(out.size());
    decodeBlocks(dtype, stored, values);
    std::ranges::copy(values, out.begin());
}

template <typename T>
void storeInteger(double value, std::byte* out)
{
    using Limits = std::numeric_limits<T>;
    const double rounded = std::isnan(value) ? 0 : std::nearbyint(value);
    // max() of 64-bit types rounds up to 2^63 or 2^64 as a double, which the cast below could not hold.
    const T stored = rounded >= static_cast<double>(Limits::max())   ? Limits::max()
                     : rounded <= static_cast<double>(Limits::min()) ? Limits::min()
                                                                     : static_cast<T>(rounded);
    store(out, stored);
}

// Calls use(code type, exponent mask) for a float type.
template <typename Use>
std::uint64_t withExponent(DType dtype, Use use)
{
    switch (dtype) {
    case DType::BF16: return use(std::uint16_t{0x7F80});
    case DType::F16: return use(std::uint16_t{0x7C00});
    case DType::F32: return use(std::uint32_t{0x7F800000});
    case DType::F64: return use(std::uint64_t{0x7FF0000000000000});
    default: return 0;
    }
}

// 4 bits of exponent with a bias of 7 and 3 of mantissa; no infinities, so that one magnitude alone is NaN.
double fromE4M3(std::uint16_t code)
{
    const int magnitude = code & 0x7F, exponent = magnitude >> 3, mantissa = magnitude & 7;
    if (magnitude == 0x7F)
        return std::numeric_limits<double>::quiet_NaN();
    const double size = exponent == 0 ? std::ldexp(mantissa, -9) : std::ldexp(8 + mantissa, exponent - 10);
    return (code & 0x80) != 0 ? -size : size;
}

// FNUZ (finite, no unsigned zero; Noune et al. 2022): all exponents are of numbers, and what would be -0 is NaN.
double fromFnuz(std::uint16_t code, int mantissaBits)
{
    if (code == 0x80)
        return std::numeric_limits<double>::quiet_NaN();
    const int magnitude = code & 0x7F, one = 1 << mantissaBits, exponent = magnitude / one, mantissa = magnitude % one;
    const int bias = 1 << (6 - mantissaBits), smallest = 1 - bias - mantissaBits; // exponent of the smallest number's power of 2
    const double size = exponent == 0 ? std::ldexp(mantissa, smallest) : std::ldexp(one + mantissa, exponent - 1 + smallest);
    return (code & 0x80) != 0 ? -size : size;
}

double valueOfCode(DType dtype, std::uint16_t code)
{
    switch (dtype) {
    case DType::BF16: return fromBFloat16(code);
    case DType::F16: return fromFloat16(code);
    case DType::F8_E4M3: return fromE4M3(code);
    case DType::F8_E5M2: return fromFloat16(static_cast<std::uint16_t>(code << 8)); // the upper half of F16
    case DType::F8_E4M3FNUZ: return fromFnuz(code, 3);
    case DType::F8_E5M2FNUZ: return fromFnuz(code, 2);
    case DType::F8_E8M0: return code == 0xFF ? std::numeric_limits<double>::quiet_NaN() : std::ldexp(1.0, code - 127);
    case DType::I16: return static_cast<std::int16_t>(code);
    case DType::I8: return static_cast<std::int8_t>(code);
    case DType::Bool: return code != 0 ? 1 : 0;
    default: return code;
    }
}

std::vector<double> makeCodeValues(DType dtype)
{
    std::vector<double> values(codeCount(dtype));
    for (std::size_t code = 0; code < values.size(); ++code)
        values[code] = valueOfCode(dtype, static_cast<std::uint16_t>(code));
    return values;
}

} // namespace

const std::vector<double>& codeValues(DType dtype)
{
    static std::array<std::once_flag, 32> made;
    static std::array<std::vector<double>, 32> values;
    const auto row = static_cast<std::size_t>(dtype);
    std::call_once(made[row], [&] { values[row] = makeCodeValues(dtype); });
    return values[row];
}

void decode(DType dtype, std::span<const std::byte> stored, std::span<double> out)
{
    switch (dtype) {
    case DType::F64: return convert<double>(stored, out);
    case DType::F32: return convert<float>(stored, out);
    case DType::I64: return convert<std::int64_t>(stored, out);
    case DType::I32: return convert<std::int32_t>(stored, out);
    case DType::U64: return convert<std::uint64_t>(stored, out);
    case DType::U32: return convert<std::uint32_t>(stored, out);
    case DType::BF16: // the upper half of a float: faster than its table, which is larger than a core's cache
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = fromBFloat16(load<std::uint16_t>(stored.data() + i * sizeof(std::uint16_t)));
        return;
    case DType::F16:
    case DType::I16:
    case DType::U16: return lookUp<std::uint16_t>(codeValues(dtype), stored, out);
    case DType::F8_E4M3:
    case DType::F8_E5M2:
    case DType::F8_E4M3FNUZ:
    case DType::F8_E5M2FNUZ:
    case DType::F8_E8M0:
    case DType::I8:
    case DType::U8:
    case DType::Bool: return lookUp<std::uint8_t>(codeValues(dtype), stored, out);
    case DType::Opaque: return;
    default: return decodeQuantised(dtype, stored, out);
    }
}

void encode(DType dtype, double value, std::byte* out)
{
    switch (dtype) {
    case DType::F64: return store(out, value);
    case DType::F32: return store(out, static_cast<float>(value));
    case DType::F16: return store(out, toFloat16(static_cast<float>(value)));
    case DType::BF16: return store(out, toBFloat16(static_cast<float>(value)));
    case DType::I64: return storeInteger<std::int64_t>(value, out);
    case DType::I32: return storeInteger<std::int32_t>(value, out);
    case DType::I16: return storeInteger<std::int16_t>(value, out);
    case DType::I8: return storeInteger<std::int8_t>(value, out);
    case DType::U64: return storeInteger<std::uint64_t>(value, out);
    case DType::U32: return storeInteger<std::uint32_t>(value, out);
    case DType::U16: return storeInteger<std::uint16_t>(value, out);
    case DType::U8: return storeInteger<std::uint8_t>(value, out);
    case DType::Bool: return store(out, static_cast<std::uint8_t>(value != 0));
    default: return; // not written one by one
    }
}

std::uint64_t countNonFinite(DType dtype, std::span<const std::byte> stored)
{
    if (isQuantised(dtype))
        return countNonFiniteBlocks(dtype, stored);
    if (isFloat8(dtype) || dtype == DType::F8_E8M0) {
        const std::vector<double>& values = codeValues(dtype);
        return static_cast<std::uint64_t>(std::ranges::count_if(stored, [&](std::byte code) { return !std::isfinite(values[std::to_integer<std::size_t>(code)]); }));
    }
    return withExponent(dtype, [&]<typename Code>(Code exponent) {
        // Counted in the width of the codes as long as that holds: so the compiler takes many at once.
        constexpr std::size_t block = sizeof(Code) * std::min<std::uint64_t>(std::numeric_limits<Code>::max(), 32768);
        std::uint64_t count = 0;
        for (std::size_t first = 0; first < stored.size(); first += block) {
            Code here = 0;
            for (std::size_t at = first; at < std::min(first + block, stored.size()); at += sizeof(Code))
                here += static_cast<Code>((load<Code>(stored.data() + at) & exponent) == exponent ? 1 : 0);
            count += here;
        }
        return count;
    });
}

std::uint64_t countNewNonFinite(DType dtype, std::span<const std::byte> before, std::span<const std::byte> after)
{
    if (isQuantised(dtype)) // edits scale blocks: none becomes finite
        return countNonFiniteBlocks(dtype, after) - std::min(countNonFiniteBlocks(dtype, before), countNonFiniteBlocks(dtype, after));
    return withExponent(dtype, [&]<typename Code>(Code exponent) {
        std::uint64_t count = 0;
        for (std::size_t at = 0; at < after.size(); at += sizeof(Code)) {
            const bool was = (load<Code>(before.data() + at) & exponent) == exponent;
            const bool is = (load<Code>(after.data() + at) & exponent) == exponent;
            count += is && !was ? 1 : 0;
        }
        return count;
    });
}

Result<void> readValues(const TensorSource& source, std::size_t tensor, std::uint64_t first, std::span<double> out)
{
    const TensorInfo& info = source.tensors()[tensor];
    if (info.dtype == DType::Opaque)
        return fail(ErrorCode::OpaqueDtype, info.name, info.name, info.storedType);
    constexpr std::size_t piece = 65536; // elements
    if (isQuantised(info.dtype)) {
        std::vector<float> floats;
        for (std::size_t at = 0; at < out.size(); at += piece) {
            floats.resize(std::min(piece, out.size() - at));
            if (auto done = readFloats(source, tensor, first + at, floats); !done)
                return done;
            std::ranges::copy(floats, out.begin() + static_cast<std::ptrdiff_t>(at));
        }
        return {};
    }
    std::vector<std::byte> stored;
    for (std::size_t at = 0; at < out.size(); at += piece) {
        const std::span<double> part = out.subspan(at, std::min(piece, out.size() - at));
        stored.resize(part.size() * unitBytes(info.dtype));
        if (auto done = source.read(tensor, {first + at, part.size()}, stored); !done)
            return done;
        decode(info.dtype, stored, part);
        if (!isFloat8(info.dtype))
            continue;
        if (auto done = multiplyByFactors(source, tensor, first + at, part); !done)
            return done;
    }
    return {};
}

} // namespace wb
