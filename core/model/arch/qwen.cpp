// Qwen2 (biases on q, k and v) and Qwen3 (q and k normalised per head): Llama's layout otherwise.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace wb {
namespace {

using namespace llamalike;

void readQwen(ConfigReader& reader, ModelConfig& config)
{
    readSizes(reader, config);
    config.ropes = {readRope(reader, {.headDim = config.layers.front().attention.headDim})};
    const bool windows = reader.flag("use_sliding_window", false) && !(reader.json().contains("sliding_window") && reader.find("sliding_window") == nullptr);
    const std::uint32_t window = windows ? reader.count("sliding_window", 4096) : 0;
    const Json* first = reader.find("max_window_layers"); // 0 is a place, not a size
    const std::uint32_t from = first != nullptr && *first == 0 ? 0 : reader.count("max_window_layers", 28);
    for (std::uint32_t layer = 0; layer < config.layers.size(); ++layer)
        if (reader.windowed(layer, [&](std::uint32_t i) { return windows && i >= from; }))
            config.layers[layer].attention.window = window;
}

void readQwen2(ConfigReader& reader, ModelConfig& config) { readQwen(reader, config); }

void readQwen3(ConfigReader& reader, ModelConfig& config)
{
    readQwen(reader, config);
    if (!reader.json().contains("head_dim") && !reader.gguf()) // a fixed size unless the config says another
        for (LayerConfig& layer : config.layers) {
            layer.attention.headDim = 128;
            layer.attention.scoreScale = 1 / std::sqrt(128.0F);
        }
    config.ropes = {readRope(reader, {.headDim = config.layers.front().attention.headDim})};
    config.attentionBias = reader.flag("attention_bias", false);
}

LayerNames qwen2Layer(const ModelConfig& config, std::uint32_t layer)
{
    return llamalike::layer(config, layer, Bias::Stored, Bias::None, Bias::None);
}

LayerNames qwen3Layer(const ModelConfig& config, std::uint32_t layer)
{
    const Bias bias = config.attentionBias ? Bias::Stored : Bias::None;
    LayerNames names = llamalike::layer(config, layer, bias, bias, Bias::None);
    names.queryNorm = fmt::format("layers.{}.self_attn.q_norm", layer);
    names.keyNorm = fmt::format("layers.{}.self_attn.k_norm", layer);
    return names;
}

} // namespace

const Family qwen2Family{"qwen2", readQwen2, llamalike::names, qwen2Layer};
const Family qwen3Family{"qwen3", readQwen3, llamalike::names, qwen3Layer};

} // namespace wb
