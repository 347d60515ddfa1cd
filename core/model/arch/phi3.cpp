// Phi-3: Llama's block with q, k, v in one stored matrix and gate and up in another.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb {
namespace {

using namespace llamalike;

void readPhi3(ConfigReader& reader, ModelConfig& config)
{
    readSizes(reader, config);
    config.epsilon = static_cast<float>(reader.number("rms_norm_eps", 1e-5));
    config.ropes = {readRope(reader, {.headDim = config.layers.front().attention.headDim, .partialOfDefault = true, .yarnIsLong = true})};
    setWindows(config, reader.find("sliding_window") != nullptr ? reader.count("sliding_window") : 0);
}

LayerNames phi3Layer(const ModelConfig& config, std::uint32_t layer)
{
    LayerNames names = llamalike::layer(config, layer, Bias::None, Bias::None, Bias::None);
    names.qkv = linear({fmt::format("layers.{}.self_attn.qkv_proj", layer)});
    names.up = linear({fmt::format("layers.{}.mlp.gate_up_proj", layer)});
    return names;
}

} // namespace

const Family phi3Family{"phi3", readPhi3, llamalike::names, phi3Layer};

} // namespace wb
