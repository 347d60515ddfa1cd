// StarCoder 2: LayerNorm, biases, a plain feed-forward, a window, the head tied.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb {
namespace {

using namespace llamalike;

void readStarcoder2(ConfigReader& reader, ModelConfig& config)
{
    readSizes(reader, config, "hidden_act", "gelu_pytorch_tanh");
    config.norm = NormKind::Layer;
    config.epsilon = layerNormEpsilon(reader, "norm_epsilon");
    config.tied = reader.flag("tie_word_embeddings", true);
    config.attentionBias = reader.flag("use_bias", true);
    for (LayerConfig& layer : config.layers) {
        layer.attention.kvHeads = reader.count("num_key_value_heads", 2);
        layer.feedForward.kind = FeedForwardKind::Plain;
    }
    config.ropes = {readRope(reader, {.headDim = config.layers.front().attention.headDim})};
    setWindows(config, reader.find("sliding_window") != nullptr ? reader.count("sliding_window") : 0);
}

LayerNames starcoder2Layer(const ModelConfig& config, std::uint32_t layer)
{
    const Bias bias = config.attentionBias ? Bias::Stored : Bias::None;
    LayerNames names = llamalike::layer(config, layer, bias, bias, bias);
    names.up = linear({fmt::format("layers.{}.mlp.c_fc", layer)}, bias);
    names.down = linear({fmt::format("layers.{}.mlp.c_proj", layer)}, bias);
    return names;
}

} // namespace

const Family starcoder2Family{"starcoder2", readStarcoder2, llamalike::names, starcoder2Layer};

} // namespace wb
