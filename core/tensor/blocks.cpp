#include "core/tensor/blocks.h"

#include "core/base/bytes.h"
#include "core/tensor/halffloat.h"
#include "core/tensor/kblocks.h"

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr std::size_t blockElements = 32; // of the types that are decoded here
constexpr std::size_t half = blockElements / 2;

float factorAt(const std::byte* block, std::size_t offset) { return fromFloat16(load<std::uint16_t>(block + offset)); }

// value(n, e): the low or high half of a byte, and which element of the block it is.
template <typename Value>
void decodeNibbles(const std::byte* q, float* out, Value value)
{
    for (std::size_t j = 0; j < half; ++j) {
        const auto byte = std::to_integer<int>(q[j]);
        out[j] = value(byte & 15, j);
        out[half + j] = value(byte >> 4, half + j);
    }
}

void decodeBlock(DType dtype, const std::byte* block, float* out)
{
    const float d = factorAt(block, 0);
    const bool offset = dtype == DType::Q4_1 || dtype == DType::Q5_1;
    const float m = offset ? factorAt(block, 2) : 0;
    const std::byte* rest = block + (offset ? 4 : 2);
    const auto fifth = [rest](std::size_t e) { return static_cast<int>(load<std::uint32_t>(rest) >> e & 1U) * 16; };
    switch (dtype) {
    case DType::Q8_0:
        for (std::size_t j = 0; j < blockElements; ++j)
            out[j] = static_cast<float>(std::to_integer<std::int8_t>(rest[j])) * d;
        return;
    case DType::Q4_0: return decodeNibbles(rest, out, [d](int n, std::size_t) { return static_cast<float>(n - 8) * d; });
    case DType::Q4_1: return decodeNibbles(rest, out, [d, m](int n, std::size_t) { return static_cast<float>(n) * d + m; });
    case DType::Q5_0:
        return decodeNibbles(rest + 4, out, [&](int n, std::size_t e) { return static_cast<float>(n + fifth(e) - 16) * d; });
    case DType::Q5_1: return decodeNibbles(rest + 4, out, [&](int n, std::size_t e) { return static_cast<float>(n + fifth(e)) * d + m; });
    default: return decodeKBlock(dtype, block, out);
    }
}

} // namespace

std::span<const std::uint32_t> factorOffsets(DType dtype)
{
    static constexpr std::uint32_t first[] = {0, 2}, q2k[] = {80, 82}, q3k[] = {108}, q6k[] = {208};
    switch (dtype) {
    case DType::Q8_0: case DType::Q4_0: case DType::Q5_0: return std::span(first).first(1);
    case DType::Q4_1: case DType::Q5_1: case DType::Q4_K: case DType::Q5_K: return first;
    case DType::Q2_K: return q2k;
    case DType::Q3_K: return q3k;
    case DType::Q6_K: return q6k;
    default: return {};
    }
}

void decodeBlocks(DType dtype, std::span<const std::byte> stored, std::span<float> out)
{
    const std::size_t bytes = unitBytes(dtype), elements = unitElements(dtype);
    for (std::size_t block = 0; block < out.size() / elements; ++block)
        decodeBlock(dtype, stored.data() + block * bytes, out.data() + block * elements);
}

void scaleBlocks(DType dtype, double factor, std::span<std::byte> stored)
{
    const std::size_t bytes = unitBytes(dtype);
    const auto by = static_cast<float>(factor);
    for (std::size_t at = 0; at + bytes <= stored.size(); at += bytes)
        for (const std::uint32_t offset : factorOffsets(dtype)) {
            std::byte* place = stored.data() + at + offset;
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
    for (std::size_t at = 0; at + bytes <= stored.size(); at += bytes)
        count += std::ranges::any_of(factorOffsets(dtype), [&](std::uint32_t offset) {
            return (load<std::uint16_t>(stored.data() + at + offset) & exponent) == exponent;
        }) ? 1 : 0;
    return count;
}

Result<void> readFloats(const TensorSource& source, std::size_t tensor, std::uint64_t first, std::span<float> out)
{
    constexpr std::uint64_t piece = std::uint64_t{1} << 16; // elements, a multiple of a block's
    const TensorInfo& info = source.tensors()[tensor];
    const std::uint64_t blockSize = unitElements(info.dtype);
    std::vector<std::byte> stored;
    std::vector<float> ends; // of a block that is wanted in part
    for (std::size_t at = 0; at < out.size();) {
        const std::uint64_t from = first + at, inBlock = from % blockSize;
        const std::uint64_t wanted = std::min<std::uint64_t>(out.size() - at, piece);
        const bool aligned = inBlock == 0 && wanted >= blockSize;
        const std::uint64_t count = aligned ? wanted / blockSize * blockSize : std::min(wanted, blockSize - inBlock);
        const UnitRange range{from / blockSize, aligned ? count / blockSize : 1};
        stored.resize(range.count * unitBytes(info.dtype));
        if (auto done = source.read(tensor, range, stored); !done)
            return done;
        if (aligned) {
            decodeBlocks(info.dtype, stored, out.subspan(at, count));
        } else {
            ends.resize(blockSize);
            decodeBlocks(info.dtype, stored, ends);
            std::copy_n(ends.begin() + static_cast<std::ptrdiff_t>(inBlock), count, out.begin() + static_cast<std::ptrdiff_t>(at));
        }
        at += count;
    }
    return {};
}

} // namespace wb
