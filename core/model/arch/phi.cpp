// Phi 1 and 2: LayerNorm, attention and a plain feed-forward in parallel behind one norm, rotary positions on part of a head, biases
// everywhere, in the head too.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb {
namespace {

using namespace llamalike;

void readPhi(ConfigReader& reader, ModelConfig& config)
{
    readSizes(reader, config, "hidden_act", "gelu_new");
    reader.mustBe("qk_layernorm", false);
    config.norm = NormKind::Layer;
    config.epsilon = layerNormEpsilon(reader);
    config.headBias = true;
    for (LayerConfig& layer : config.layers) {
        layer.parallel = true;
        layer.feedForward.kind = FeedForwardKind::Plain;
    }
    config.ropes = {readRope(reader, {.headDim = config.layers.front().attention.headDim, .partial = 0.5, .partialOfDefault = true})};
}

LayerNames phiLayer(const ModelConfig& config, std::uint32_t layer)
{
    LayerNames names = llamalike::layer(config, layer, Bias::Stored, Bias::Stored, Bias::Stored);
    names.feedForwardNorm = names.attentionNorm;
    names.output = linear({fmt::format("layers.{}.self_attn.dense", layer)}, Bias::Stored);
    names.up = linear({fmt::format("layers.{}.mlp.fc1", layer)}, Bias::Stored);
    names.down = linear({fmt::format("layers.{}.mlp.fc2", layer)}, Bias::Stored);
    return names;
}

ModelNames phiNames() { return {"embed_tokens", "", "final_layernorm", "lm_head", "model."}; }

} // namespace

const Family phiFamily{"phi", readPhi, phiNames, phiLayer};

} // namespace wb
