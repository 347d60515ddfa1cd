// Sequences on their way from prompts to their ends, each with its own settings, and the step that takes many of them one token
// further together. Generator runs one list of them to the end; a server lets them join and leave.
#pragma once

#include "core/model/forward.h"
#include "core/model/sampling.h"
#include "core/text/tokenizer.h"

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

struct DecodingSequence {
    std::uint64_t stream = 0;        // tells the draws of sequences with one seed apart
    const GenerateOptions* options = nullptr;
    KvCache* cache = nullptr;        // holds `all` but the last
    std::vector<std::uint32_t> all;  // prompt and what came after it
    std::vector<float> logits;       // after the last token
    std::optional<StreamingDecoder> decoder; // none: there is no text
    RegionTracker text;              // of the prompt and what came after it, where the options ask for regions
    Completion completion;
    std::optional<Error> error;      // ends it, too
    bool done = false;

    // Begins the text of `all`, the prompt. The tokenizer may be null.
    void beginText(const TokenizerPtr& tokenizer);
    void stop(StoppedBy why);
    // Takes the sampled token up, which may end the sequence.
    void take(Sampled sampled);
};

// What steps keep between each other. One thread at a time.
struct DecodingSpace {
    std::vector<SamplingScratch> scratch;
    std::vector<float> logits;
    Workspace space;
};

// Draws the next token of each sequence by its logits and takes it up. The same seed and stream give the same tokens in any company.
void drawTokens(std::span<DecodingSequence* const> going, DecodingSpace& space);
// Reads the last token of each sequence: logits of the next. All have one precision.
[[nodiscard]] Result<void> readDrawn(const Model& model, std::span<DecodingSequence* const> going, Precision precision, DecodingSpace& space,
                                     Progress* progress = nullptr);

} // namespace wb
