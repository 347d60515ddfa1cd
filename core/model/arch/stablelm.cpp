// StableLM: Llama's block with LayerNorm, rotary positions on part of a head, and attention and feed-forward in parallel behind one
// norm where the config says so.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb {
namespace {

using namespace llamalike;

void readStableLm(ConfigReader& reader, ModelConfig& config)
{
    readSizes(reader, config);
    config.norm = NormKind::Layer;
    config.epsilon = layerNormEpsilon(reader);
    config.attentionBias = reader.flag("use_qkv_bias", false);
    for (LayerConfig& layer : config.layers) {
        layer.parallel = reader.flag("use_parallel_residual", false);
        layer.attention.gainsOfEachHead = reader.flag("qk_layernorm", false);
    }
    config.ropes = {readRope(reader, {.headDim = config.layers.front().attention.headDim, .partial = 0.25, .partialOfDefault = true})};
}

LayerNames stableLmLayer(const ModelConfig& config, std::uint32_t layer)
{
    LayerNames names = llamalike::layer(config, layer, config.attentionBias ? Bias::Stored : Bias::None, Bias::None, Bias::None);
    if (config.layers[layer].parallel)
        names.feedForwardNorm = names.attentionNorm;
    if (config.layers[layer].attention.gainsOfEachHead) {
        names.queryNorm = fmt::format("layers.{}.self_attn.q_layernorm.norms", layer);
        names.keyNorm = fmt::format("layers.{}.self_attn.k_layernorm.norms", layer);
        names.normOfEachHead = true;
    }
    return names;
}

} // namespace

const Family stableLmFamily{"stablelm", readStableLm, llamalike::names, stableLmLayer};

} // namespace wb
