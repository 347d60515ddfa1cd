// Everything that differs between architectures, as data: read once from config.json or the keys of a GGUF, so that the
// forward loop asks no family's name.
#pragma once

#include "core/base/json.h"
#include "core/model/rope.h"

#include <cstdint>
#include <string>
#include <vector>

namespace wb {

enum class NormKind : std::uint8_t { Rms, Layer };
enum class Activation : std::uint8_t { Silu, Gelu, GeluTanh, QuickGelu, Relu, Relu2 };
enum class FeedForwardKind : std::uint8_t { Plain, Gated, Experts }; // down·f(up x); down·(f(gate x) ⊙ up x); a choice of gated ones

// Attention with linear biases (Press et al. 2021): a score grows by factor · slope of the head · position of the key. Relative
// positions give the same, since the softmax of a row does not change by a number added to all of it.
struct Alibi {
    std::vector<float> slopes; // by head; none: no bias
    float factor = 1;
    bool rounded = false;      // slope, position and their product are BF16
};

// Numbers of 8 bits with factors in tensors of their own: what the config says of them.
struct Float8Config {
    std::uint32_t blockRows = 0, blockCols = 0; // that share a factor; 0: one for each row or for the whole matrix
};

struct AttentionConfig {
    std::uint32_t heads = 0;
    std::uint32_t kvHeads = 0; // divides heads
    std::uint32_t headDim = 0;
    float scoreScale = 1;     // scores are q·k times this
    float scoreCap = 0;       // scores become cap·tanh(score / cap); 0: none
    std::uint32_t window = 0; // position i sees i − window + 1 … i; 0: all before it
    bool normsAllHeads = false; // norms of q and k go over all heads together
    bool gainsOfEachHead = false; // norms of q and k go over one head, and each head has gains of its own
    int rope = -1;            // which of ModelConfig::ropes turns q and k; −1: none
    Alibi alibi;
};

struct FeedForwardConfig {
    FeedForwardKind kind = FeedForwardKind::Gated;
    Activation activation = Activation::Silu;
    std::uint32_t width = 0;
    std::uint32_t experts = 0;
    std::uint32_t chosen = 0; // experts a token
    bool shareOfChosen = true; // the weights of the chosen ones sum to 1
};

struct LayerConfig {
    AttentionConfig attention;
    FeedForwardConfig feedForward;
    bool parallel = false; // attention and feed-forward both read the layer's input, and both are added to it
};

struct ModelConfig {
    std::string family; // row of the table of families
    bool gguf = false;  // names and conventions of GGUF
    std::uint32_t vocabulary = 0;
    std::uint32_t width = 0;
    std::uint32_t maxPositions = 0; // that learned positions have a row for; 0: no limit
    std::uint32_t positionOffset = 0; // row of position 0
    NormKind norm = NormKind::Rms;
    bool normBias = true;      // of LayerNorm
    bool ownNorms = false;     // parallel attention and feed-forward have a norm each, where the family leaves it to the config
    float epsilon = 1e-6F;
    float gainOffset = 0;      // added to stored gains: 1 for Gemma in Hugging Face files
    float embeddingScale = 1;
    bool embeddingNorm = false; // what the embedding gives is normalised
    float logitScale = 1;
    float logitCap = 0;        // logits become cap·tanh(logit / cap); 0: none
    bool learnedPositions = false;
    bool tied = false;         // the head is the embedding
    bool headBias = false;
    bool attentionBias = false, feedForwardBias = false; // where the family leaves it to the config
    Float8Config float8;
    std::vector<RopeConfig> ropes;
    std::vector<LayerConfig> layers;
};

// `where` names the checkpoint in the error. ModelUnsupported names the key and value that the engine does not know;
// ConfigInvalid what is missing or makes no sense.
[[nodiscard]] Result<ModelConfig> readModelConfig(const Json& config, bool gguf, const std::string& where);

// Families the engine runs, as model_type spells them.
[[nodiscard]] std::vector<std::string> knownFamilies();

} // namespace wb
