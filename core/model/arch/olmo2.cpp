// OLMo 2: Llama's block with norms behind attention and feed-forward instead of before them, and q and k normalised over all heads.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb {
namespace {

using namespace llamalike;

void readOlmo2(ConfigReader& reader, ModelConfig& config)
{
    readSizes(reader, config);
    config.epsilon = static_cast<float>(reader.number("rms_norm_eps", 1e-5));
    config.ropes = {readRope(reader, {.headDim = config.layers.front().attention.headDim})};
    config.attentionBias = reader.flag("attention_bias", false);
    for (LayerConfig& layer : config.layers)
        layer.attention.normsAllHeads = true;
}

LayerNames olmo2Layer(const ModelConfig& config, std::uint32_t layer)
{
    const auto name = [&](const char* part) { return fmt::format("layers.{}.{}", layer, part); };
    const Bias bias = config.attentionBias ? Bias::Stored : Bias::None;
    LayerNames names = llamalike::layer(config, layer, bias, bias, Bias::None);
    names.attentionNorm = names.feedForwardNorm = "";
    names.attentionPostNorm = name("post_attention_layernorm");
    names.feedForwardPostNorm = name("post_feedforward_layernorm");
    names.queryNorm = name("self_attn.q_norm");
    names.keyNorm = name("self_attn.k_norm");
    return names;
}

} // namespace

const Family olmo2Family{"olmo2", readOlmo2, llamalike::names, olmo2Layer};

} // namespace wb
