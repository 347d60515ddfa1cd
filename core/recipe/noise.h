// Normally distributed numbers by seed, name and index alone: any element of any tensor without the ones before it, the
// same on every machine and number of threads.
//
// Philox (core/base/random.h) makes the bits, Wichura's AS 241
// (PPND16, 1988) the quantile of the normal distribution. Only +, −, ×, ÷ and √ are used, which IEEE 754 fixes to the bit.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wb {

// Quantile function of the standard normal distribution; 0 < p < 1.
[[nodiscard]] double normalQuantile(double p);

class NormalNoise {
public:
    NormalNoise(std::uint64_t seed, std::string_view tensor);
    [[nodiscard]] double at(std::uint64_t index) const; // mean 0, standard deviation 1, within ±8.3

private:
    std::array<std::uint32_t, 2> m_key;
    std::array<std::uint32_t, 2> m_stream; // of the tensor
};

} // namespace wb
