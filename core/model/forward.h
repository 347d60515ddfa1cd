// The forward pass: one loop over the layers for every family. Rows of all sequences go through it together.
#pragma once

#include "core/model/cache.h"
#include "core/model/model.h"

#include <functional>
#include <span>
#include <vector>

namespace wb {

// Where the pass may be watched, and its values changed (steering, ablation). Rows are those of the tokens in order.
enum class Site : std::uint8_t {
    Embedding,     // what enters block 0 (width)
    AttentionIn,   // normalised input of attention (width)
    AttentionMix,  // heads side by side, before the output matrix (heads·headDim)
    AttentionOut,  // what attention adds (width)
    FeedForwardIn, // normalised input of the feed-forward (width)
    FeedForwardMix, // before the down matrix (feed-forward width); not of experts
    FeedForwardOut, // what the feed-forward adds (width)
    Block,         // residual stream after the block (width)
    FinalNorm,     // what the head multiplies (width); its layer is the number of layers
    Router,        // probability of every expert (experts), before the best are chosen
};
[[nodiscard]] const char* siteName(Site site); // "attention_in", …

// values (rows, width). Called in the calling thread, in the order of computation.
using Observer = std::function<void(std::size_t layer, Site site, std::span<float> values, std::size_t width)>;

struct Sequence {
    KvCache* cache = nullptr;               // grows by the tokens
    std::span<const std::uint32_t> tokens;  // at least one
    // Length the sequence will have, where its rotary frequencies depend on it (dynamic, longrope); 0: cache and tokens.
    std::uint64_t finalLength = 0;
};

constexpr std::size_t stepTokens = 512; // that forwardInSteps() takes at once

struct ForwardOptions {
    Precision precision = Precision::F32;
    Observer observer; // none by default
    std::size_t step = stepTokens; // of forwardInSteps()
    std::uint64_t finalLength = 0; // of forwardInSteps(): as in Sequence
    // A pass may start at a later layer with the hidden states that enter it, (rows, width); all passes of a cache start at the
    // same one. The number of layers: only the final norm is left.
    std::size_t firstLayer = 0;
    std::span<const float> states = {}; // none: it starts with the tokens' embeddings
};

// Memory of a run, kept between calls. One thread at a time.
struct Workspace {
    std::vector<float> residual, normed, qkv, mix, added, inner, scores, cosines, sines;
    std::vector<std::uint32_t> positions;
};

// Hidden states after the final norm of every token, (rows, width), in workspace.residual. Sequences of at most 16 tokens
// get the same bits alone and in any company. TokenOutOfRange, ContextFull, Cancelled (checked every layer; the caches are
// then not usable any more and are emptied).
[[nodiscard]] Result<std::span<float>> forward(const Model& model, std::span<Sequence> sequences, const ForwardOptions& options,
                                               Workspace& workspace, Progress* progress = nullptr);

// What the workspace of `rows` rows takes at most.
[[nodiscard]] std::uint64_t workspaceBytes(const ModelConfig& config, std::uint64_t rows);

class BoundaryStates; // boundary.h

// Logits of rows of such hidden states: out (rows, vocabulary).
void computeLogits(const Model& model, std::span<const float> hidden, Precision precision, Product product, std::span<float> out);

// forward() of a long list of tokens in steps of at most options.step, which bound the workspace: calls `each` with the index of the first token of a
// step and the hidden states of its tokens; progress in tokens. With `boundary` the states of its base model are kept, and another model starts at
// the first layer in which it differs; the numbers are the same bits as without.
[[nodiscard]] Result<void> forwardInSteps(const Model& model, KvCache& cache, std::span<const std::uint32_t> tokens,
                                          const ForwardOptions& options, Workspace& workspace, Progress& progress,
                                          const std::function<void(std::size_t first, std::span<float> hidden)>& each,
                                          BoundaryStates* boundary = nullptr);

} // namespace wb
