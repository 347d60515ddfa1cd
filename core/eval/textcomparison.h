// Two models on the same text, token by token: how much likelier one holds what stands there, and how far their
// distributions are apart.
#pragma once

#include "core/eval/perplexity.h"
#include "core/eval/significance.h"
#include "core/model/sampling.h"

namespace wb {

struct Spread {
    double mean = 0, standardError = 0; // as if tokens were independent
    double median = 0, p99 = 0, max = 0;
};

struct TextComparison {
    PerplexityReport a, b;            // of the same tokens
    std::vector<double> divergence;   // KL(a ‖ b) of each, nats
    std::vector<std::uint8_t> sameTop; // 1: both hold the same token likeliest
    double deltaMean = 0;             // nll of b less that of a: above 0, b is worse
    double deltaError = 0;            // standard error of the paired differences
    Interval deltaCi95;               // ± 1.96 standard errors
    Spread kl;
    double sameTopShare = 0;
    double seconds = 0;

    [[nodiscard]] double delta(std::size_t i) const { return b.nll[i] - a.nll[i]; }
};

// Errors of computePerplexity(), BadArgument for unlike vocabularies; progress in tokens of both.
[[nodiscard]] Result<TextComparison> compareOnText(const Model& a, const Model& b, std::span<const std::uint32_t> tokens,
                                                   const PerplexityOptions& options, Progress& progress);

// The noise floor: the same model twice, the second time 16 tokens at once, which sums in another order. What two models differ
// less than this says nothing.
[[nodiscard]] Result<TextComparison> compareWithItself(const Model& model, std::span<const std::uint32_t> tokens, const PerplexityOptions& options,
                                                       Progress& progress);
inline constexpr std::size_t noiseFloorStep = 16;

// What a model holds likeliest in the place of token `place`, most likely first, from what stands before it in its window. BadArgument
// when nothing does.
[[nodiscard]] Result<std::vector<Candidate>> likeliestAt(const Model& model, std::span<const std::uint32_t> tokens, std::size_t place,
                                                         const PerplexityOptions& options, std::size_t count, Progress& progress);

// What it takes beside the weights of both.
[[nodiscard]] std::uint64_t textComparisonBytes(const ModelConfig& config, std::size_t window);

} // namespace wb
