// How well a text of some length determines a mean over its tokens. Neighbouring tokens resemble one another, so that counting them as
// independent would promise too much: the text is split into stretches, and what these differ by beyond chance is added.
#pragma once

#include <cstdint>
#include <span>

namespace wb {

// Half the width of the 95 % interval of the mean over `tokens` tokens, of which `values` are an evenly spaced part in order of the text.
// 32 stretches of equal length (the last takes what is left over); variance = between/32 + within/tokens, the components of a
// one-way analysis of variance (Searle, Casella, McCulloch 1992, Variance Components, section 3.5), and Student's t of 31 degrees. Fewer
// than 128 values count as independent. NaN for fewer than two.
[[nodiscard]] double halfWidth95(std::span<const double> values, std::uint64_t tokens);

} // namespace wb
