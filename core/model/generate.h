// Text made token by token: prompts are read with what their caches already hold, then all go on together.
#pragma once

#include "core/model/forward.h"
#include "core/model/sampling.h"
#include "core/text/tokenizer.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace wb {

enum class StoppedBy : std::uint8_t { EndToken, StopString, MaxTokens, ContextFull, Cancelled };
[[nodiscard]] const char* stoppedByName(StoppedBy stoppedBy); // "end_token", …

struct GenerateOptions {
    SamplingOptions sampling;
    std::size_t maxTokens = 128;
    std::vector<std::string> stop;          // text ends before the first of them
    std::set<std::uint32_t> endTokens;      // empty: none ends the text
    std::size_t candidates = 0;             // most likely tokens told at each place
    Precision precision = Precision::Stored;
};

struct GeneratedToken {
    Sampled sampled;
    std::string text; // what became certain with it; often a part of a word, sometimes nothing
};

struct Completion {
    std::vector<std::uint32_t> ids;     // new ones, with the end token or those that completed a stop string
    std::vector<GeneratedToken> tokens; // one each
    std::string text;                   // cut before either
    StoppedBy stoppedBy = StoppedBy::MaxTokens;
};

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
    struct Running;
    static void takeOver(const std::vector<Running>& before, Running& one);
    Result<void> readPrompts(const std::vector<std::vector<std::uint32_t>>& prompts, std::vector<Running>& running, GenerateReport& report,
                             const GenerateOptions& options, Progress& progress);
    Result<void> decode(std::vector<Running>& running, const GenerateOptions& options, Progress& progress, const OnToken& onToken);

    ModelPtr m_model;
    TokenizerPtr m_tokenizer;
    std::vector<KvCache> m_caches;
    Workspace m_space;
};

// First place where two lists of tokens differ; nothing when they are equal.
[[nodiscard]] std::optional<std::size_t> firstDifference(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

} // namespace wb
