// Gemma 1, 2 and 3 (text): embeddings times sqrt(width), norm gains stored as 1 + w, tied head; 2 and 3 with four norms a
// block and local layers; 2 with soft caps, 3 with q and k norms and two rotary bases.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace wb {
namespace {

using namespace llamalike;

void readCommon(ConfigReader& reader, ModelConfig& config, const char* activationKey)
{
    readSizes(reader, config, activationKey, "gelu_pytorch_tanh");
    config.tied = reader.flag("tie_word_embeddings", true);
    config.gainOffset = reader.gguf() ? 0.0F : 1.0F;
    config.embeddingScale = std::sqrt(static_cast<float>(config.width));
    config.attentionBias = reader.flag("attention_bias", false);
    reader.mustBe("use_bidirectional_attention", false);
    if (reader.json().contains("head_dim") || reader.gguf())
        return;
    for (LayerConfig& layer : config.layers) {
        layer.attention.headDim = 256;
        layer.attention.scoreScale = 1.0F / 16;
    }
}

std::uint32_t headDim(const ModelConfig& config) { return config.layers.front().attention.headDim; }

void readGemma(ConfigReader& reader, ModelConfig& config)
{
    // Published files of the first Gemma say "gelu" and mean the tanh form; a later key overrides it.
    const bool later = reader.find("hidden_activation") != nullptr;
    readCommon(reader, config, later ? "hidden_activation" : "hidden_act");
    for (LayerConfig& layer : config.layers)
        if (layer.feedForward.activation == Activation::Gelu)
            layer.feedForward.activation = Activation::GeluTanh;
    config.ropes = {readRope(reader, {.headDim = headDim(config)})};
}

// 1/sqrt(query_pre_attn_scalar); in a GGUF the size of a head, but for the largest model, whose is width/heads.
void readScale(ConfigReader& reader, ModelConfig& config, std::size_t largestLayers)
{
    const bool largest = config.layers.size() == largestLayers;
    const double gguf = largest ? static_cast<double>(config.width) / config.layers.front().attention.heads : headDim(config);
    const double scalar = reader.number("query_pre_attn_scalar", reader.gguf() ? gguf : 256);
    if (!(scalar > 0))
        return reader.invalid(said(CORE_TEXT("reasons", "query_pre_attn_scalar = %1 is not positive"), scalar));
    for (LayerConfig& layer : config.layers)
        layer.attention.scoreScale = static_cast<float>(1 / std::sqrt(scalar));
}

double cap(ConfigReader& reader, const char* key, double otherwise)
{
    if (reader.json().contains(key) && reader.find(key) == nullptr)
        return 0;
    return reader.number(key, otherwise);
}

std::uint32_t window(ConfigReader& reader)
{
    const bool none = reader.json().contains("sliding_window") && reader.find("sliding_window") == nullptr;
    return none ? 0 : reader.count("sliding_window", 4096);
}

void readGemma2(ConfigReader& reader, ModelConfig& config)
{
    readCommon(reader, config, reader.find("hidden_activation") != nullptr ? "hidden_activation" : "hidden_act");
    config.ropes = {readRope(reader, {.headDim = headDim(config)})};
    readScale(reader, config, 46);
    config.logitCap = static_cast<float>(cap(reader, "final_logit_softcapping", 30));
    const auto scoreCap = static_cast<float>(cap(reader, "attn_logit_softcapping", 50));
    const std::uint32_t size = window(reader);
    for (std::uint32_t layer = 0; layer < config.layers.size(); ++layer) {
        config.layers[layer].attention.scoreCap = scoreCap;
        if (reader.windowed(layer, [](std::uint32_t i) { return i % 2 == 0; }))
            config.layers[layer].attention.window = size;
    }
}

void readGemma3(ConfigReader& reader, ModelConfig& config)
{
    readCommon(reader, config, reader.find("hidden_activation") != nullptr ? "hidden_activation" : "hidden_act");
    readScale(reader, config, 62);
    // The reference reads attn_logit_softcapping and does not apply it.
    config.logitCap = static_cast<float>(cap(reader, "final_logit_softcapping", 0));
    config.ropes = {readRope(reader, {.headDim = headDim(config), .base = 1e6, .layerType = "full_attention"}),
                    readRope(reader, {.headDim = headDim(config), .base = 10'000, .baseKey = "rope_local_base_freq",
                                      .layerType = "sliding_attention", .scaled = false})};
    const std::uint32_t pattern = reader.count("sliding_window_pattern", reader.count("_sliding_window_pattern", 6));
    const std::uint32_t size = window(reader);
    for (std::uint32_t layer = 0; layer < config.layers.size(); ++layer)
        if (reader.windowed(layer, [&](std::uint32_t i) { return (i + 1) % pattern != 0; })) {
            config.layers[layer].attention.window = size;
            config.layers[layer].attention.rope = 1;
        }
}

LayerNames gemmaLayer(const ModelConfig& config, std::uint32_t layer)
{
    const Bias bias = config.attentionBias ? Bias::Stored : Bias::None;
    return llamalike::layer(config, layer, bias, bias, Bias::None);
}

LayerNames gemma2Layer(const ModelConfig& config, std::uint32_t layer)
{
    LayerNames names = gemmaLayer(config, layer);
    const std::string block = fmt::format("layers.{}.", layer);
    names.attentionPostNorm = block + "post_attention_layernorm";
    names.feedForwardNorm = block + "pre_feedforward_layernorm";
    names.feedForwardPostNorm = block + "post_feedforward_layernorm";
    return names;
}

LayerNames gemma3Layer(const ModelConfig& config, std::uint32_t layer)
{
    LayerNames names = gemma2Layer(config, layer);
    names.queryNorm = fmt::format("layers.{}.self_attn.q_norm", layer);
    names.keyNorm = fmt::format("layers.{}.self_attn.k_norm", layer);
    return names;
}

} // namespace

const Family gemmaFamily{"gemma", readGemma, llamalike::names, gemmaLayer};
const Family gemma2Family{"gemma2", readGemma2, llamalike::names, gemma2Layer};
const Family gemma3Family{"gemma3_text", readGemma3, llamalike::names, gemma3Layer};

} // namespace wb
