// From logits to the next token. The chain has one order, which is shown: repetition penalty (Keskar et al. 2019,
// arXiv 1909.05858), temperature, top-k, top-p (Holtzman et al. 2020, arXiv 1904.09751), min-p (Nguyen et al. 2024,
// arXiv 2407.01082; = "topT"), then a draw by seed and place.
#pragma once

#include "core/base/result.h"
#include "core/model/temperature.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace wb {

struct SamplingOptions {
    double temperature = 1;       // 0: the most likely token
    std::uint32_t topK = 0;       // keep the k most likely; 0: all
    double topP = 1;              // keep the fewest whose probabilities reach p
    double minP = 0;              // keep those with at least minP of the largest probability
    double repetitionPenalty = 1; // logits of tokens seen before are divided by it if positive, else multiplied
    std::uint64_t seed = 0;
    TemperatureRule rule;         // of a temperature above 0: another for each token

    bool operator==(const SamplingOptions&) const = default;
};
// BadArgument with the number that makes no sense.
[[nodiscard]] Result<void> checkSampling(const SamplingOptions& options);
// "repetition penalty 1.1 → temperature 0.8 → top-p 0.95 → seed 7"; "greedy"
[[nodiscard]] std::string chainText(const SamplingOptions& options);

struct Candidate {
    std::uint32_t id = 0;
    double logprob = 0; // of the model itself, before the chain; natural logarithm
};

// The `count` largest, equal ones by number; `normaliser` is logSumExp of the logits, `order` scratch.
[[nodiscard]] std::vector<Candidate> likeliest(std::span<const float> logits, double normaliser, std::size_t count, std::vector<std::uint32_t>& order);

struct Sampled {
    Candidate chosen;
    double entropy = 0;                // of the model's distribution, nats; with candidates only
    double temperature = 0;            // by which it was drawn
    std::vector<Candidate> candidates; // most likely first
};

// `seen`: all tokens of the sequence so far. `stream` tells sequences with one seed apart, `place` the draws of one.
// `region`: where the text stands, for a rule by regions. Equal scores go to the lower id. LogitsNotFinite names the place. Scratch is kept by the caller.
struct SamplingScratch {
    std::vector<float> logits;
    std::vector<std::uint32_t> order;
};
[[nodiscard]] Result<Sampled> sampleToken(std::span<const float> logits, std::span<const std::uint32_t> seen, const SamplingOptions& options,
                                          std::uint64_t stream, std::uint64_t place, std::size_t candidates, SamplingScratch& scratch,
                                          TextRegion region = TextRegion::Prose);

} // namespace wb
