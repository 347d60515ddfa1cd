#include "core/tensor/blocks.h"

#include "core/base/bytes.h"
#include "core/tensor/halffloat.h"

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr std::size_t blockElements = 32;
constexpr std::size_t half = blockElements / 2;

float factorAt(const std::byte* block, std::size_t offset) { return fromFloat16(load<std::uint16_t>(block + offset)); }

// Q4_0 and Q4_1 differ in what is added: −8·d is exact, so both are n·d + m but for its rounding.
template <typename Value>
void decodeNibbles(const std::byte* q, float* out, Value value)
{
    for (std::size_t j = 0; j < half; ++j) {
        const auto byte = std::to_integer<int>(q[j]);
        out[j] = value(byte & 15);
        out[half + j] = value(byte >> 4);
    }
}

} // namespace

void decodeBlocks(DType dtype, std::span<const std::byte> stored, std::span<float> out)
{
    const std::size_t bytes = unitBytes(dtype);
    const std::byte* block = stored.data();
    for (std::size_t at = 0; at < out.size(); at += blockElements, block += bytes) {
        const float d = factorAt(block, 0);
        float* to = out.data() + at;
        if (dtype == DType::Q8_0) {
            for (std::size_t j = 0; j < blockElements; ++j)
                to[j] = static_cast<float>(std::to_integer<std::int8_t>(block[2 + j])) * d;
        } else if (dtype == DType::Q4_0) {
            decodeNibbles(block + 2, to, [d](int n) { return static_cast<float>(n - 8) * d; });
        } else {
            const float m = factorAt(block, 2);
            decodeNibbles(block + 4, to, [d, m](int n) { return static_cast<float>(n) * d + m; });
        }
    }
}

void scaleBlocks(DType dtype, double factor, std::span<std::byte> stored)
{
    const std::size_t bytes = unitBytes(dtype), factors = dtype == DType::Q4_1 ? 2 : 1;
    const auto by = static_cast<float>(factor);
    for (std::size_t at = 0; at + bytes <= stored.size(); at += bytes)
        for (std::size_t i = 0; i < factors; ++i) {
            std::byte* place = stored.data() + at + 2 * i;
            const float old = fromFloat16(load<std::uint16_t>(place));
            if (factor == 0)
                store(place, std::uint16_t{0});
            else if (!std::isnan(old))
                store(place, toFloat16(old * by));
        }
}

std::uint64_t countNonFiniteBlocks(DType dtype, std::span<const std::byte> stored)
{
    const std::size_t bytes = unitBytes(dtype);
    constexpr std::uint16_t exponent = 0x7C00;
    std::uint64_t count = 0;
    for (std::size_t at = 0; at + bytes <= stored.size(); at += bytes) {
        bool bad = (load<std::uint16_t>(stored.data() + at) & exponent) == exponent;
        bad = bad || (dtype == DType::Q4_1 && (load<std::uint16_t>(stored.data() + at + 2) & exponent) == exponent);
        count += bad ? 1 : 0;
    }
    return count;
}

Result<void> readFloats(const TensorSource& source, std::size_t tensor, std::uint64_t first, std::span<float> out)
{
    constexpr std::uint64_t piece = std::uint64_t{1} << 16; // elements, a multiple of a block's
    const TensorInfo& info = source.tensors()[tensor];
    std::vector<std::byte> stored;
    std::vector<float> ends; // of a block that is wanted in part
    for (std::size_t at = 0; at < out.size();) {
        const std::uint64_t from = first + at, inBlock = from % blockElements;
        const std::uint64_t wanted = std::min<std::uint64_t>(out.size() - at, piece);
        const bool aligned = inBlock == 0 && wanted >= blockElements;
        const std::uint64_t count = aligned ? wanted / blockElements * blockElements : std::min(wanted, blockElements - inBlock);
        const UnitRange range{from / blockElements, aligned ? count / blockElements : 1};
        stored.resize(range.count * unitBytes(info.dtype));
        if (auto done = source.read(tensor, range, stored); !done)
            return done;
        if (aligned) {
            decodeBlocks(info.dtype, stored, out.subspan(at, count));
        } else {
            ends.resize(blockElements);
            decodeBlocks(info.dtype, stored, ends);
            std::copy_n(ends.begin() + static_cast<std::ptrdiff_t>(inBlock), count, out.begin() + static_cast<std::ptrdiff_t>(at));
        }
        at += count;
    }
    return {};
}

} // namespace wb
