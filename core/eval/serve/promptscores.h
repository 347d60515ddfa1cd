// How likely the model held each token of a prompt, with its likeliest others: what evaluation tools ask for with "echo".
#pragma once

#include "core/model/forward.h"
#include "core/model/sampling.h"

namespace wb {

struct ScoredToken {
    double logprob = 0;                // natural logarithm
    std::vector<Candidate> candidates; // most likely first
};

// Rows of hidden states (rows, width) and the token that follows each. Logits of a bounded number of rows stand in `logits` at once.
// LogitsNotFinite names the place in the sequence, whose first row has `first` tokens before it.
[[nodiscard]] Result<std::vector<ScoredToken>> scoreNext(const Model& model, std::span<const float> hidden, std::span<const std::uint32_t> next, Precision precision,
                                                         std::size_t candidates, std::size_t first, std::vector<float>& logits);

constexpr std::size_t scoredRows = 64; // whose logits stand in memory at once

} // namespace wb
