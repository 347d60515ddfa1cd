// OPT: learned positions (the table begins with two rows that no position has), LayerNorm, biases everywhere, a plain feed-forward.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace wb {
namespace {

using namespace llamalike;

void readOpt(ConfigReader& reader, ModelConfig& config)
{
    refuseGguf(reader, "opt");
    for (const char* key : {"do_layer_norm_before", "enable_bias", "layer_norm_elementwise_affine"})
        reader.mustBe(key, true);
    reader.mustBe("_remove_final_layer_norm", false);
    config.norm = NormKind::Layer;
    config.epsilon = 1e-5F;
    config.vocabulary = reader.count("vocab_size");
    config.width = reader.count("hidden_size");
    if (const std::uint32_t inner = reader.count("word_embed_proj_dim", config.width); inner != config.width)
        reader.unsupported("word_embed_proj_dim", std::to_string(inner));
    config.maxPositions = reader.count("max_position_embeddings", 2048);
    config.learnedPositions = true;
    config.positionOffset = 2;
    config.tied = reader.flag("tie_word_embeddings", true);
    LayerConfig layer;
    layer.attention.heads = layer.attention.kvHeads = reader.count("num_attention_heads");
    layer.attention.headDim = std::max(1U, config.width / layer.attention.heads);
    layer.attention.scoreScale = 1 / std::sqrt(static_cast<float>(layer.attention.headDim));
    layer.feedForward.kind = FeedForwardKind::Plain;
    layer.feedForward.activation = reader.activation("activation_function", "relu");
    layer.feedForward.width = reader.count("ffn_dim");
    config.layers.assign(std::min(reader.count("num_hidden_layers"), 65'536U), layer);
}

LayerNames optLayer(const ModelConfig& config, std::uint32_t layer)
{
    const auto name = [&](const char* part) { return fmt::format("layers.{}.{}", layer, part); };
    LayerNames names = llamalike::layer(config, layer, Bias::Stored, Bias::Stored, Bias::Stored);
    names.attentionNorm = name("self_attn_layer_norm");
    names.feedForwardNorm = name("final_layer_norm");
    names.output = linear({name("self_attn.out_proj")}, Bias::Stored);
    names.up = linear({name("fc1")}, Bias::Stored);
    names.down = linear({name("fc2")}, Bias::Stored);
    return names;
}

ModelNames optNames() { return {"embed_tokens", "embed_positions", "final_layer_norm", "lm_head", "model.decoder."}; }

} // namespace

const Family optFamily{"opt", readOpt, optNames, optLayer};

} // namespace wb
