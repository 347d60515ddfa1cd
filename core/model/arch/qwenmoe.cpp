// Qwen3 with a choice of experts: all layers but those that the config leaves dense.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb {
namespace {

using namespace llamalike;

bool isDense(ConfigReader& reader, std::uint32_t layer, std::uint32_t step)
{
    if ((layer + 1) % step != 0)
        return true;
    const Json* dense = reader.find("mlp_only_layers");
    if (dense == nullptr)
        return false;
    if (!dense->is_array())
        reader.invalid(said(CORE_TEXT("reasons", "mlp_only_layers is not a list")));
    return dense->is_array() && std::ranges::find(*dense, Json(layer)) != dense->end();
}

void readQwen3Moe(ConfigReader& reader, ModelConfig& config)
{
    qwen3Family.config(reader, config);
    const bool windows = reader.flag("use_sliding_window", false) && !(reader.json().contains("sliding_window") && reader.find("sliding_window") == nullptr);
    setWindows(config, windows ? reader.count("sliding_window", 4096) : 0); // of all layers, whatever max_window_layers says
    FeedForwardConfig experts = config.layers.front().feedForward;
    experts.kind = FeedForwardKind::Experts;
    experts.width = reader.count("moe_intermediate_size", 768);
    experts.experts = std::min(reader.count(reader.find("num_experts") != nullptr ? "num_experts" : "num_local_experts", 128), 65'536U);
    experts.chosen = reader.count("num_experts_per_tok", 8);
    experts.shareOfChosen = reader.flag("norm_topk_prob", reader.gguf()); // llama.cpp always does
    const std::uint32_t step = reader.count("decoder_sparse_step", 1);
    for (std::uint32_t layer = 0; layer < config.layers.size(); ++layer)
        if (!isDense(reader, layer, step))
            config.layers[layer].feedForward = experts;
}

LayerNames qwen3MoeLayer(const ModelConfig& config, std::uint32_t layer)
{
    LayerNames names = qwen3Family.layer(config, layer);
    if (config.layers[layer].feedForward.kind != FeedForwardKind::Experts)
        return names;
    names.up = names.down = {};
    const std::string block = fmt::format("layers.{}.mlp.", layer);
    names.router = linear({block + "gate"});
    for (std::uint32_t expert = 0; expert < config.layers[layer].feedForward.experts; ++expert) {
        const std::string of = fmt::format("{}experts.{}.", block, expert);
        names.experts.push_back({linear({of + "gate_proj", of + "up_proj"}), linear({of + "down_proj"})});
    }
    return names;
}

} // namespace

const Family qwen3MoeFamily{"qwen3_moe", readQwen3Moe, llamalike::names, qwen3MoeLayer};

} // namespace wb
