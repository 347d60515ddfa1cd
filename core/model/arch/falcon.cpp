// Falcon: LayerNorm, a plain feed-forward, q, k and v in one matrix. Three layouts of it: one key-value head behind all of q (7B), q, k
// and v by head, or by group of heads (40B, which also has a norm of its own for each side of the parallel block).
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace wb {
namespace {

using namespace llamalike;

void readFalcon(ConfigReader& reader, ModelConfig& config)
{
    reader.mustBe("alibi", false);
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
    attention.rope = 0;
    layer.parallel = groups || reader.flag("parallel_attn", true);
    layer.feedForward.kind = FeedForwardKind::Plain;
    layer.feedForward.activation = reader.activation("activation", reader.gguf() ? "gelu_pytorch_tanh" : "gelu");
    layer.feedForward.width = reader.count(reader.gguf() ? "intermediate_size" : "ffn_hidden_size", 4 * config.width);
    config.layers.assign(std::min(reader.count("num_hidden_layers"), 65'536U), layer);
    config.ropes = {readRope(reader, {.headDim = attention.headDim})};
}

// Of each group: its heads of q, then k, then v; put together here as all q, all k, all v. One group is stored so.
std::vector<RowsOf> falconParts(const AttentionConfig& attention, const std::string& module)
{
    const std::uint64_t group = attention.heads / attention.kvHeads, size = attention.headDim, stride = (group + 2) * size;
    std::vector<RowsOf> parts;
    for (std::uint64_t part = 0; part < 3; ++part)
        for (std::uint64_t i = 0; i < attention.kvHeads; ++i)
            parts.push_back({module, i * stride + (part == 0 ? 0 : group + part - 1) * size, part == 0 ? group * size : size});
    return parts;
}

LayerNames falconLayer(const ModelConfig& config, std::uint32_t layer)
{
    const auto name = [&](const char* part) { return fmt::format("h.{}.{}", layer, part); };
    const Bias bias = config.attentionBias ? Bias::Stored : Bias::None;
    LayerNames names;
    names.attentionNorm = name(config.ownNorms ? "ln_attn" : "input_layernorm");
    names.feedForwardNorm = name(config.ownNorms ? "ln_mlp" : config.layers[layer].parallel ? "input_layernorm" : "post_attention_layernorm");
    names.qkv = {falconParts(config.layers[layer].attention, name("self_attention.query_key_value")), bias};
    names.output = linear({name("self_attention.dense")}, bias);
    names.up = linear({name("mlp.dense_h_to_4h")}, bias);
    names.down = linear({name("mlp.dense_4h_to_h")}, bias);
    return names;
}

ModelNames falconNames() { return {"word_embeddings", "", "ln_f", "lm_head", "transformer."}; }

} // namespace

const Family falconFamily{"falcon", readFalcon, falconNames, falconLayer};

} // namespace wb
