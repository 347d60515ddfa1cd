// Llama 2 and 3, Mistral and Mixtral: rotary positions, RMS norms before attention and feed-forward, grouped queries, a gated
// feed-forward (Mixtral: a choice of them).
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace wb {
namespace llamalike {

LinearNames linear(std::vector<std::string> modules, Bias bias)
{
    LinearNames out{{}, bias, false};
    for (std::string& module : modules)
        out.parts.push_back({std::move(module)});
    return out;
}

std::vector<RowsOf> rowsByGroup(const AttentionConfig& attention, const std::string& module)
{
    const std::uint64_t group = attention.heads / attention.kvHeads, size = attention.headDim, stride = (group + 2) * size;
    std::vector<RowsOf> parts;
    for (std::uint64_t part = 0; part < 3; ++part)
        for (std::uint64_t i = 0; i < attention.kvHeads; ++i)
            parts.push_back({module, i * stride + (part == 0 ? 0 : group + part - 1) * size, part == 0 ? group * size : size});
    return parts;
}

void readSizes(ConfigReader& reader, ModelConfig& config, const char* activationKey, const std::string& activation)
{
    config.vocabulary = reader.count("vocab_size");
    config.width = reader.count("hidden_size");
    config.epsilon = static_cast<float>(reader.number("rms_norm_eps", 1e-6));
    config.tied = reader.flag("tie_word_embeddings", false);
    LayerConfig layer;
    layer.attention.heads = reader.count("num_attention_heads");
    layer.attention.kvHeads = reader.count("num_key_value_heads", layer.attention.heads);
    layer.attention.headDim = reader.count("head_dim", std::max(1U, config.width / layer.attention.heads));
    layer.attention.scoreScale = 1 / std::sqrt(static_cast<float>(layer.attention.headDim));
    layer.attention.rope = 0;
    layer.feedForward.width = reader.count("intermediate_size");
    layer.feedForward.activation = reader.activation(activationKey, activation);
    config.layers.assign(std::min(reader.count("num_hidden_layers"), 65'536U), layer);
}

void setWindows(ModelConfig& config, std::uint32_t window)
{
    for (LayerConfig& layer : config.layers)
        layer.attention.window = window;
}

void refuseGguf(ConfigReader& reader, const char* architecture)
{
    if (reader.gguf())
        reader.unsupported("general.architecture", architecture);
}

float layerNormEpsilon(ConfigReader& reader, const char* key)
{
    return static_cast<float>(reader.number(reader.gguf() ? "layer_norm_epsilon" : key, 1e-5));
}

ModelNames names() { return {"embed_tokens", "", "norm", "lm_head", "model."}; }

LayerNames layer(const ModelConfig&, std::uint32_t layer, Bias qkv, Bias output, Bias feedForward)
{
    const auto name = [&](const char* part) { return fmt::format("layers.{}.{}", layer, part); };
    LayerNames names;
    names.attentionNorm = name("input_layernorm");
    names.feedForwardNorm = name("post_attention_layernorm");
    names.qkv = linear({name("self_attn.q_proj"), name("self_attn.k_proj"), name("self_attn.v_proj")}, qkv);
    names.output = linear({name("self_attn.o_proj")}, output);
    names.up = linear({name("mlp.gate_proj"), name("mlp.up_proj")}, feedForward);
    names.down = linear({name("mlp.down_proj")}, feedForward);
    return names;
}

} // namespace llamalike

namespace {

using namespace llamalike;

RopeDefaults ropeDefaults(const ModelConfig& config) { return {.headDim = config.layers.front().attention.headDim}; }

void readExperts(ConfigReader& reader, ModelConfig& config)
{
    for (LayerConfig& layer : config.layers) {
        layer.feedForward.kind = FeedForwardKind::Experts;
        layer.feedForward.experts = std::min(reader.count("num_local_experts", 8), 65'536U);
        layer.feedForward.chosen = reader.count("num_experts_per_tok", 2);
    }
}

void readLlama(ConfigReader& reader, ModelConfig& config)
{
    readSizes(reader, config);
    config.ropes = {readRope(reader, ropeDefaults(config))};
    if (reader.gguf()) { // llama.cpp stores rows of q and k so that neighbours turn together; it calls Mixtral a llama too
        config.ropes[0].neighbours = true;
        if (reader.find("num_local_experts") != nullptr)
            readExperts(reader, config);
        setWindows(config, reader.find("sliding_window") != nullptr ? reader.count("sliding_window") : 0);
    }
    config.attentionBias = reader.flag("attention_bias", false);
    config.feedForwardBias = reader.flag("mlp_bias", false);
    if (reader.find("pretraining_tp") != nullptr) // splits products of the reference only: the sums are the same
        static_cast<void>(reader.count("pretraining_tp"));
}

void readMistral(ConfigReader& reader, ModelConfig& config)
{
    readSizes(reader, config);
    if (reader.find("num_key_value_heads") == nullptr)
        for (LayerConfig& layer : config.layers)
            layer.attention.kvHeads = std::min(8U, layer.attention.heads);
    config.ropes = {readRope(reader, ropeDefaults(config))};
    const bool none = reader.json().contains("sliding_window") && reader.find("sliding_window") == nullptr;
    setWindows(config, none ? 0 : reader.count("sliding_window", 4096));
}

void readMixtral(ConfigReader& reader, ModelConfig& config)
{
    readSizes(reader, config);
    RopeDefaults rope = ropeDefaults(config);
    rope.base = 1e6;
    config.ropes = {readRope(reader, rope)};
    config.epsilon = static_cast<float>(reader.number("rms_norm_eps", 1e-5));
    setWindows(config, reader.find("sliding_window") != nullptr ? reader.count("sliding_window") : 0);
    readExperts(reader, config);
}

LayerNames llamaLayer(const ModelConfig& config, std::uint32_t layer)
{
    const Bias attention = config.attentionBias ? Bias::Stored : Bias::None;
    return llamalike::layer(config, layer, attention, attention, config.feedForwardBias ? Bias::Stored : Bias::None);
}

LayerNames mixtralLayer(const ModelConfig& config, std::uint32_t layer)
{
    LayerNames names = llamaLayer(config, layer);
    names.up = names.down = {};
    const std::string block = fmt::format("layers.{}.block_sparse_moe.", layer);
    names.router = linear({block + "gate"});
    for (std::uint32_t expert = 0; expert < config.layers[layer].feedForward.experts; ++expert) {
        const std::string of = fmt::format("{}experts.{}.", block, expert);
        names.experts.push_back({linear({of + "w1", of + "w3"}), linear({of + "w2"})});
    }
    return names;
}

} // namespace

const Family llamaFamily{"llama", readLlama, llamalike::names, llamaLayer};
const Family mistralFamily{"mistral", readMistral, llamalike::names, llamaLayer};
const Family mixtralFamily{"mixtral", readMixtral, llamalike::names, mixtralLayer};

} // namespace wb
