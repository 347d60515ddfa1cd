// Random bits by place: any number of a stream without those before it, the same on every machine and number of threads.
// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
#pragma once

#include <array>
#include <cstdint>

namespace wb {

[[nodiscard]] std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

// In [0, 1), with 53 bits; number `index` of stream `stream` of `seed`.
[[nodiscard]] double uniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t index);

} // namespace wb
