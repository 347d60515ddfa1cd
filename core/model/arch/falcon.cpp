// Falcon: LayerNorm, a plain feed-forward, q, k and v in one matrix. Three layouts of it: one key-value head behind all of q (7B), q, k
// and v by head, or by group of heads (40B, which also has a norm of its own for each side of the parallel block). Positions are rotary
// or linear biases (falcon-rw).
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace wb {
namespace {

using namespace llamalike;

void readFalcon(ConfigReader& reader, ModelConfig& config)
{
    config.norm = NormKind::Layer;
    config.vocabulary = reader.count("vocab_size");
    config.width = reader.count("hidden_size");
    config.epsilon = layerNormEpsilon(reader, "layer_norm_epsilon");
    config.tied = reader.flag("tie_word_embeddings", true);
    config.attentionBias = reader.flag("bias", false);
    const bool groups = reader.flag("new_decoder_architecture", false);
    config.ownNorms = groups && reader.count("num_ln_in_parallel_attn", 2) == 2;
    LayerConfig layer;
    AttentionConfig& attention = layer.attention;
    attention.heads = reader.count("num_attention_heads");
    attention.kvHeads = reader.gguf() ? reader.count("num_key_value_heads", attention.heads) : groups ? reader.count("num_kv_heads", attention.heads) : reader.flag("multi_query", true) ? 1 : attention.heads;
    attention.headDim = std::max(1U, config.width / attention.heads);
    attention.scoreScale = 1 / std::sqrt(static_cast<float>(attention.headDim));
    const bool alibi = reader.flag("alibi", false); // falcon-rw: in BF16, and scaled as the scores are
    attention.rope = alibi ? -1 : 0;
    if (alibi)
        attention.alibi = {alibiSlopes(attention.heads), attention.scoreScale, true};
    layer.parallel = groups || reader.flag("parallel_attn", true);
    layer.feedForward.kind = FeedForwardKind::Plain;
    layer.feedForward.activation = reader.activation("activation", reader.gguf() ? "gelu_pytorch_tanh" : "gelu");
    layer.feedForward.width = reader.count(reader.gguf() ? "intermediate_size" : "ffn_hidden_size", 4 * config.width);
    config.layers.assign(std::min(reader.count("num_hidden_layers"), 65'536U), layer);
    if (!alibi)
        config.ropes = {readRope(reader, {.headDim = attention.headDim})};
}

LayerNames falconLayer(const ModelConfig& config, std::uint32_t layer)
{
    const auto name = [&](const char* part) { return fmt::format("h.{}.{}", layer, part); };
    const Bias bias = config.attentionBias ? Bias::Stored : Bias::None;
    LayerNames names;
    names.attentionNorm = name(config.ownNorms ? "ln_attn" : "input_layernorm");
    names.feedForwardNorm = name(config.ownNorms ? "ln_mlp" : config.layers[layer].parallel ? "input_layernorm" : "post_attention_layernorm");
    names.qkv = {rowsByGroup(config.layers[layer].attention, name("self_attention.query_key_value")), bias};
    names.output = linear({name("self_attention.dense")}, bias);
    names.up = linear({name("mlp.dense_h_to_4h")}, bias);
    names.down = linear({name("mlp.dense_4h_to_h")}, bias);
    return names;
}

ModelNames falconNames() { return {"word_embeddings", "", "ln_f", "lm_head", "transformer."}; }

} // namespace

const Family falconFamily{"falcon", readFalcon, falconNames, falconLayer};

} // namespace wb
