// Command R: LayerNorm without biases, attention and a gated feed-forward in parallel behind one norm, neighbours turned together,
// logits scaled.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb {
namespace {

using namespace llamalike;

void readCohere(ConfigReader& reader, ModelConfig& config)
{
    readSizes(reader, config);
    config.norm = NormKind::Layer;
    config.normBias = false;
    config.epsilon = layerNormEpsilon(reader);
    config.tied = reader.flag("tie_word_embeddings", true);
    config.attentionBias = reader.flag("attention_bias", false);
    config.logitScale = static_cast<float>(reader.number("logit_scale", 0.0625));
    for (LayerConfig& layer : config.layers) {
        layer.parallel = true;
        layer.attention.gainsOfEachHead = reader.flag("use_qk_norm", false);
    }
    config.ropes = {readRope(reader, {.headDim = config.layers.front().attention.headDim})};
    config.ropes[0].neighbours = true;
}

LayerNames cohereLayer(const ModelConfig& config, std::uint32_t layer)
{
    const Bias bias = config.attentionBias ? Bias::Stored : Bias::None;
    LayerNames names = llamalike::layer(config, layer, bias, bias, Bias::None);
    names.feedForwardNorm = names.attentionNorm;
    if (config.layers[layer].attention.gainsOfEachHead) {
        names.queryNorm = fmt::format("layers.{}.self_attn.q_norm", layer);
        names.keyNorm = fmt::format("layers.{}.self_attn.k_norm", layer);
    }
    return names;
}

} // namespace

const Family cohereFamily{"cohere", readCohere, llamalike::names, cohereLayer};

} // namespace wb
