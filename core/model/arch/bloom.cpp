// BLOOM and MPT: positions are linear biases of attention (ALiBi); LayerNorm, a plain feed-forward, tied head. BLOOM also normalises
// its embedding and has biases everywhere; MPT has none at all.
#include "core/model/arch/family.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>

namespace wb {
namespace llamalike {

// Of a power of two: 2^(−8/n), squared, cubed, …; between two of them the odd powers of the next one follow.
std::vector<float> alibiSlopes(std::uint32_t heads)
{
    const std::uint32_t whole = std::bit_floor(heads);
    const auto slope = [](std::uint32_t of, std::uint32_t power) { return static_cast<float>(std::exp2(-8.0 * power / of)); };
    std::vector<float> slopes;
    for (std::uint32_t i = 1; i <= whole; ++i)
        slopes.push_back(slope(whole, i));
    for (std::uint32_t i = 1; slopes.size() < heads; i += 2)
        slopes.push_back(slope(2 * whole, i));
    return slopes;
}

} // namespace llamalike

namespace {

using namespace llamalike;

std::uint32_t eitherCount(ConfigReader& reader, const char* first, const char* second) { return reader.count(reader.find(first) != nullptr ? first : second); }

void readShape(ConfigReader& reader, ModelConfig& config, std::uint32_t heads, std::uint32_t layers)
{
    config.norm = NormKind::Layer;
    config.vocabulary = reader.count("vocab_size");
    config.epsilon = layerNormEpsilon(reader, "layer_norm_epsilon");
    config.tied = reader.flag("tie_word_embeddings", true);
    LayerConfig layer;
    layer.attention.heads = layer.attention.kvHeads = std::min(heads, 65'537U); // more are refused, and need no slopes
    layer.attention.headDim = std::max(1U, config.width / heads);
    layer.attention.scoreScale = 1 / std::sqrt(static_cast<float>(layer.attention.headDim));
    layer.feedForward.kind = FeedForwardKind::Plain;
    layer.feedForward.width = reader.gguf() ? reader.count("intermediate_size", 4 * config.width) : 4 * config.width;
    config.layers.assign(std::min(layers, 65'536U), layer);
}

void readBloom(ConfigReader& reader, ModelConfig& config)
{
    reader.mustBe("apply_residual_connection_post_layernorm", false);
    config.width = eitherCount(reader, "n_embed", "hidden_size");
    readShape(reader, config, eitherCount(reader, "n_head", "num_attention_heads"), eitherCount(reader, "n_layer", "num_hidden_layers"));
    config.embeddingNorm = true;
    const Alibi alibi{alibiSlopes(config.layers.front().attention.heads)};
    for (LayerConfig& layer : config.layers) {
        layer.attention.alibi = alibi;
        layer.feedForward.activation = Activation::GeluTanh;
    }
}

LayerNames bloomLayer(const ModelConfig& config, std::uint32_t layer)
{
    const auto name = [&](const char* part) { return fmt::format("h.{}.{}", layer, part); };
    LayerNames names;
    names.attentionNorm = name("input_layernorm");
    names.feedForwardNorm = name("post_attention_layernorm");
    names.qkv = {rowsByGroup(config.layers[layer].attention, name("self_attention.query_key_value")), Bias::Stored};
    names.output = linear({name("self_attention.dense")}, Bias::Stored);
    names.up = linear({name("mlp.dense_h_to_4h")}, Bias::Stored);
    names.down = linear({name("mlp.dense_4h_to_h")}, Bias::Stored);
    return names;
}

ModelNames bloomNames() { return {"word_embeddings", "", "ln_f", "lm_head", "transformer.", "word_embeddings_layernorm"}; }

// MPT takes every second slope of the next power of two first, then the others.
std::vector<float> mptSlopes(std::uint32_t heads, double most)
{
    const std::uint32_t whole = std::bit_ceil(heads);
    std::vector<float> slopes;
    for (const std::uint32_t first : {2U, 1U})
        for (std::uint32_t i = first; i <= whole && whole != heads; i += 2)
            slopes.push_back(static_cast<float>(std::exp2(-most * i / whole)));
    for (std::uint32_t i = 1; i <= heads && whole == heads; ++i)
        slopes.push_back(static_cast<float>(std::exp2(-most * i / whole)));
    slopes.resize(heads);
    return slopes;
}

// Slopes as a GGUF tells them.
std::vector<float> readMptGguf(ConfigReader& reader, std::uint32_t heads)
{
    if (const double clip = reader.number("clip_qkv", 0); clip > 0)
        reader.unsupported("clip_qkv", fmt::format("{}", clip));
    const double most = reader.number("alibi_bias_max", 0);
    if (!(most > 0))
        reader.unsupported("alibi_bias_max", fmt::format("{}", most));
    return mptSlopes(heads, most);
}

std::vector<float> readMptAttention(ConfigReader& reader, std::uint32_t heads)
{
    static const Json none = Json::object();
    const Json* stated = reader.find("attn_config");
    ConfigReader attention(stated != nullptr && stated->is_object() ? *stated : none, false, "attn_config");
    attention.mustBe("alibi", true);
    for (const char* key : {"qk_ln", "prefix_lm", "attn_uses_sequence_id"})
        attention.mustBe(key, false);
    for (const char* key : {"clip_qkv", "softmax_scale"})
        if (attention.find(key) != nullptr)
            attention.unsupported(key, dumpJson(*attention.find(key)));
    if (const std::string type = attention.text("attn_type", "multihead_attention"); type != "multihead_attention")
        attention.unsupported("attn_type", type);
    std::vector<float> slopes = mptSlopes(heads, attention.count("alibi_bias_max", 8));
    reader.take(attention);
    return slopes;
}

void readMpt(ConfigReader& reader, ModelConfig& config)
{
    reader.mustBe("no_bias", true);
    if (reader.find("logit_scale") != nullptr)
        reader.unsupported("logit_scale", dumpJson(*reader.find("logit_scale")));
    config.width = eitherCount(reader, "d_model", "hidden_size");
    readShape(reader, config, eitherCount(reader, "n_heads", "num_attention_heads"), eitherCount(reader, "n_layers", "num_hidden_layers"));
    config.normBias = false;
    const std::uint32_t heads = config.layers.front().attention.heads;
    const Alibi alibi{reader.gguf() ? readMptGguf(reader, heads) : readMptAttention(reader, heads)};
    for (LayerConfig& layer : config.layers) {
        layer.attention.alibi = alibi;
        layer.feedForward.activation = reader.gguf() ? Activation::GeluTanh : Activation::Gelu; // as llama.cpp runs it
        if (!reader.gguf())
            layer.feedForward.width = reader.count("expansion_ratio", 4) * config.width;
    }
}

LayerNames mptLayer(const ModelConfig&, std::uint32_t layer)
{
    const auto name = [&](const char* part) { return fmt::format("blocks.{}.{}", layer, part); };
    LayerNames names;
    names.attentionNorm = name("norm_1");
    names.feedForwardNorm = name("norm_2");
    names.qkv = linear({name("attn.Wqkv")});
    names.output = linear({name("attn.out_proj")});
    names.up = linear({name("ffn.up_proj")});
    names.down = linear({name("ffn.down_proj")});
    return names;
}

ModelNames mptNames() { return {"wte", "", "norm_f", "lm_head", "transformer."}; }

} // namespace

const Family bloomFamily{"bloom", readBloom, bloomNames, bloomLayer};
const Family mptFamily{"mpt", readMpt, mptNames, mptLayer};

} // namespace wb
