#include "core/tensor/kblocks.h"

#include "core/base/bytes.h"
#include "core/tensor/halffloat.h"

namespace wb {
namespace {

constexpr std::size_t blockElements = 256;

float factorAt(const std::byte* block, std::size_t offset) { return fromFloat16(load<std::uint16_t>(block + offset)); }

// Two bits of element e: four runs of 32 elements share 32 bytes.
int twoBits(const std::uint8_t* q, std::size_t e) { return q[32 * (e / 128) + e % 32] >> (2 * (e % 128 / 32)) & 3; }
// Four bits: two runs of 32 elements share 32 bytes.
int fourBits(const std::uint8_t* q, std::size_t e)
{
    const int byte = q[32 * (e / 64) + e % 32];
    return e / 32 % 2 == 0 ? byte & 15 : byte >> 4;
}

void decodeQ2(const std::byte* block, const std::uint8_t* bytes, float* out)
{
    const float d = factorAt(block, 80), m = factorAt(block, 82);
    for (std::size_t e = 0; e < blockElements; ++e) {
        const int sc = bytes[e / 16];
        const float scale = d * static_cast<float>(sc & 15), minimum = m * static_cast<float>(sc >> 4);
        out[e] = scale * static_cast<float>(twoBits(bytes + 16, e)) - minimum;
    }
}

void decodeQ3(const std::byte* block, const std::uint8_t* bytes, float* out)
{
    const float d = factorAt(block, 108);
    const auto scales = q3Scales(bytes + 96);
    for (std::size_t e = 0; e < blockElements; ++e) {
        const bool set = (bytes[e % 32] >> (4 * (e / 128) + e % 128 / 32) & 1) != 0;
        const int v = twoBits(bytes + 32, e) - (set ? 0 : 4);
        out[e] = d * static_cast<float>(scales[e / 16]) * static_cast<float>(v);
    }
}

// Q4_K, and Q5_K with `fifth` pointing at its fifth bits.
void decodeQ4(const std::byte* block, const std::uint8_t* bytes, const std::uint8_t* fifth, const std::uint8_t* codes, float* out)
{
    const float d = factorAt(block, 0), m = factorAt(block, 2);
    const SixBitScales scales = sixBitScales(bytes + 4);
    for (std::size_t e = 0; e < blockElements; ++e) {
        const std::size_t g = e / 32;
        const int v = fourBits(codes, e) + (fifth != nullptr ? (fifth[e % 32] >> g & 1) * 16 : 0);
        const float scale = d * static_cast<float>(scales.scale[g]), minimum = m * static_cast<float>(scales.minimum[g]);
        out[e] = scale * static_cast<float>(v) - minimum;
    }
}

void decodeQ6(const std::byte* block, const std::uint8_t* bytes, float* out)
{
    const float d = factorAt(block, 208);
    for (std::size_t e = 0; e < blockElements; ++e) {
        const std::size_t half = e / 128, k = e % 128 / 32, l = e % 32;
        const int low = bytes[64 * half + 32 * (k % 2) + l];
        const int v = (k < 2 ? low & 15 : low >> 4) + 16 * (bytes[128 + 32 * half + l] >> (2 * k) & 3) - 32;
        out[e] = d * static_cast<float>(std::to_integer<std::int8_t>(block[192 + e / 16])) * static_cast<float>(v);
    }
}

} // namespace

void decodeKBlock(DType dtype, const std::byte* block, float* out)
{
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(block);
    switch (dtype) {
    case DType::Q2_K: return decodeQ2(block, bytes, out);
    case DType::Q3_K: return decodeQ3(block, bytes, out);
    case DType::Q4_K: return decodeQ4(block, bytes, nullptr, bytes + 16, out);
    case DType::Q5_K: return decodeQ4(block, bytes, bytes + 16, bytes + 48, out);
    case DType::Q6_K: return decodeQ6(block, bytes, out);
    default: return;
    }
}

} // namespace wb
