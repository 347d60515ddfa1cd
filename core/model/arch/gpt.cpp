// GPT-2 (learned positions, matrices stored (in, out)) and GPT-NeoX (rotary positions on part of a head, attention and
// feed-forward in parallel): LayerNorm, biases everywhere, a plain feed-forward.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace wb {
namespace {

using namespace llamalike;

void readGpt2(ConfigReader& reader, ModelConfig& config)
{
    const bool gguf = reader.gguf();
    config.norm = NormKind::Layer;
    config.vocabulary = reader.count("vocab_size");
    config.width = reader.count(gguf ? "hidden_size" : "n_embd");
    config.maxPositions = reader.count(gguf ? "max_position_embeddings" : "n_positions", 1024);
    config.learnedPositions = true;
    config.epsilon = static_cast<float>(reader.number("layer_norm_epsilon", 1e-5));
    config.tied = reader.flag("tie_word_embeddings", true);
    reader.mustBe("add_cross_attention", false);
    LayerConfig layer;
    layer.attention.heads = layer.attention.kvHeads = reader.count(gguf ? "num_attention_heads" : "n_head");
    layer.attention.headDim = std::max(1U, config.width / layer.attention.heads);
    layer.attention.scoreScale = reader.flag("scale_attn_weights", true) ? 1 / std::sqrt(static_cast<float>(layer.attention.headDim)) : 1;
    layer.feedForward.kind = FeedForwardKind::Plain;
    layer.feedForward.activation = reader.activation("activation_function", "gelu_new");
    layer.feedForward.width = reader.count(gguf ? "intermediate_size" : "n_inner", 4 * config.width);
    config.layers.assign(std::min(reader.count(gguf ? "num_hidden_layers" : "n_layer"), 65'536U), layer);
    if (reader.flag("scale_attn_by_inverse_layer_idx", false))
        for (std::size_t i = 0; i < config.layers.size(); ++i)
            config.layers[i].attention.scoreScale /= static_cast<float>(i + 1);
}

LayerNames gpt2Layer(const ModelConfig&, std::uint32_t layer)
{
    const auto conv = [&](const char* module) {
        LinearNames names = linear({fmt::format("h.{}.{}", layer, module)}, Bias::Stored);
        names.transposed = true;
        return names;
    };
    LayerNames names;
    names.attentionNorm = fmt::format("h.{}.ln_1", layer);
    names.feedForwardNorm = fmt::format("h.{}.ln_2", layer);
    names.qkv = conv("attn.c_attn");
    names.output = conv("attn.c_proj");
    names.up = conv("mlp.c_fc");
    names.down = conv("mlp.c_proj");
    return names;
}

ModelNames gpt2Names() { return {"wte", "wpe", "ln_f", "lm_head", "transformer."}; }

void readGptNeox(ConfigReader& reader, ModelConfig& config)
{
    config.norm = NormKind::Layer;
    config.vocabulary = reader.count("vocab_size");
    config.width = reader.count("hidden_size");
    config.epsilon = static_cast<float>(reader.number(reader.gguf() ? "layer_norm_epsilon" : "layer_norm_eps", 1e-5));
    config.tied = reader.flag("tie_word_embeddings", false);
    config.attentionBias = reader.flag("attention_bias", true);
    LayerConfig layer;
    layer.attention.heads = layer.attention.kvHeads = reader.count("num_attention_heads");
    layer.attention.headDim = std::max(1U, config.width / layer.attention.heads);
    layer.attention.scoreScale = 1 / std::sqrt(static_cast<float>(layer.attention.headDim));
    layer.attention.rope = 0;
    layer.parallel = reader.flag("use_parallel_residual", true);
    layer.feedForward.kind = FeedForwardKind::Plain;
    layer.feedForward.activation = reader.activation("hidden_act", "gelu");
    layer.feedForward.width = reader.count("intermediate_size");
    config.layers.assign(std::min(reader.count("num_hidden_layers"), 65'536U), layer);
    config.ropes = {readRope(reader, {.headDim = layer.attention.headDim, .baseKey = reader.find("rotary_emb_base") != nullptr ? "rotary_emb_base" : "rope_theta",
                                      .partialKey = "rotary_pct", .partial = 0.25, .partialOfDefault = true})};
}

LayerNames gptNeoxLayer(const ModelConfig& config, std::uint32_t layer)
{
    const auto name = [&](const char* part) { return fmt::format("layers.{}.{}", layer, part); };
    const Bias bias = config.attentionBias ? Bias::Stored : Bias::None;
    LayerNames names;
    names.attentionNorm = name("input_layernorm");
    names.feedForwardNorm = name("post_attention_layernorm");
    names.qkv = {rowsByGroup(config.layers[layer].attention, name("attention.query_key_value")), bias};
    names.output = linear({name("attention.dense")}, bias);
    names.up = linear({name("mlp.dense_h_to_4h")}, Bias::Stored);
    names.down = linear({name("mlp.dense_4h_to_h")}, Bias::Stored);
    return names;
}

ModelNames gptNeoxNames() { return {"embed_in", "", "final_layer_norm", "embed_out", "gpt_neox."}; }

} // namespace

const Family gpt2Family{"gpt2", readGpt2, gpt2Names, gpt2Layer};
const Family gptNeoxFamily{"gpt_neox", readGptNeox, gptNeoxNames, gptNeoxLayer};

} // namespace wb
