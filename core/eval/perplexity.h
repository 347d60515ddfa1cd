// Perplexity of a text: how surprised the model is by each token, in windows of fixed length.
#pragma once

#include "core/model/boundary.h"
#include "core/model/likelihood.h"

#include <optional>

namespace wb {

struct PerplexityOptions {
    std::size_t window = 512; // tokens the model sees at once
    std::size_t stride = 512; // from one window to the next; with stride < window only the last `stride` tokens of a window count
    Precision precision = Precision::F32;
    std::optional<std::uint32_t> bos; // begins each window, which then holds one token of the text less
    std::size_t step = stepTokens;    // tokens computed together; other steps sum in another order
    BoundaryStates* boundary = nullptr; // of this text; see forwardInSteps()
    bool continued = false; // the caller has begun the progress, of which this is a part
};

// A window: tokens begin … end − 1 of the text, of which from … end − 1 count.
struct TextWindow {
    std::size_t begin = 0, end = 0, from = 0;
};
// BadArgument for fewer than two tokens or a stride that leaves tokens out.
[[nodiscard]] Result<std::vector<TextWindow>> windowsOf(std::size_t tokens, const PerplexityOptions& options);
// Tokens that the windows hold together, bos included.
[[nodiscard]] std::uint64_t tokensOf(std::span<const TextWindow> windows, const PerplexityOptions& options);

struct PerplexityReport {
    std::size_t tokens = 0;              // those that count: all that have one (or bos) before them in their window
    double nllMean = 0, perplexity = 0;  // nats a token; exp of it
    double standardError = 0;            // of nllMean: standard deviation over tokens / √tokens, as if they were independent
    std::vector<double> nll;             // of each counted token
    std::vector<std::size_t> positions;  // its place in the text
    double seconds = 0;                  // of computing, without loading
};

// Fills mean, perplexity and error from nll. LogitsNotFinite names the first token without a number.
[[nodiscard]] Result<void> summarise(PerplexityReport& report);

// The errors of windowsOf() and summarise().
[[nodiscard]] Result<PerplexityReport> computePerplexity(const Model& model, std::span<const std::uint32_t> tokens,
                                                         const PerplexityOptions& options, Progress& progress);
// What it takes beside the weights.
[[nodiscard]] std::uint64_t perplexityBytes(const ModelConfig& config, std::size_t window);

} // namespace wb
