#include "core/base/random.h"

namespace wb {
namespace {

constexpr std::uint32_t lower(std::uint64_t word) { return static_cast<std::uint32_t>(word); }
constexpr std::uint32_t upper(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); }

} // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key)
{
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0], b = std::uint64_t{0xCD9E8D57} * counter[2];
        counter = {upper(b) ^ counter[1] ^ key[0], lower(b), upper(a) ^ counter[3] ^ key[1], lower(a)};
        key = {key[0] + 0x9E3779B9U, key[1] + 0xBB67AE85U};
    }
    return counter;
}

double uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t index)
{
    const auto bits = philox({lower(index), upper(index), lower(stream), upper(stream)}, {lower(seed), upper(seed)});
    const std::uint64_t word = (std::uint64_t{bits[0]} << 32 | bits[1]) >> 11;
    return static_cast<double>(word) * 0x1p-53;
}

} // namespace wb
