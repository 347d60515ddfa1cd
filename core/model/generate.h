// Text made token by token: prompts are read with what their caches already hold, then all go on together.
#pragma once

#include "core/model/decoding.h"

#include <functional>
#include <optional>
#include <vector>

namespace wb {

struct GenerateReport {
    std::vector<Completion> completions;
    std::size_t promptTokens = 0, reusedTokens = 0, newTokens = 0;
    double promptSeconds = 0, decodeSeconds = 0;
};

// Called after each token, in the calling thread; false ends that sequence (Cancelled).
using OnToken = std::function<bool(std::size_t sequence, const GeneratedToken& token)>;

// Keeps the caches between runs, so that a prompt that begins like the last one is read from there on. One thread at a time.
class Generator {
public:
    // `tokenizer` may be null: then there is no text and no stop string.
    Generator(ModelPtr model, TokenizerPtr tokenizer);

    // Prompts of at least one token. Cancelling the progress stops within a token and gives what there is. The same seed gives
    // the same tokens, whatever other prompts there are.
    [[nodiscard]] Result<GenerateReport> run(const std::vector<std::vector<std::uint32_t>>& prompts, const GenerateOptions& options,
                                             Progress& progress, const OnToken& onToken = {});

    // What a run takes beside the weights.
    [[nodiscard]] static std::uint64_t bytesFor(const ModelConfig& config, std::size_t sequences, std::uint64_t length);
    [[nodiscard]] const ModelPtr& model() const { return m_model; }

private:
    static void takeOver(const std::vector<DecodingSequence>& before, DecodingSequence& one);
    Result<void> readPrompts(const std::vector<std::vector<std::uint32_t>>& prompts, std::vector<DecodingSequence>& running, GenerateReport& report,
                             const GenerateOptions& options, Progress& progress);
    Result<void> decode(std::vector<DecodingSequence>& running, const GenerateOptions& options, Progress& progress, const OnToken& onToken);

    ModelPtr m_model;
    TokenizerPtr m_tokenizer;
    std::vector<KvCache> m_caches;
    DecodingSpace m_space;
};

// First place where two lists of tokens differ; nothing when they are equal.
[[nodiscard]] std::optional<std::size_t> firstDifference(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

} // namespace wb
