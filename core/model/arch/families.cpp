#include "core/model/arch/family.h"
#include "core/model/float8.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>

namespace wb {
namespace {

const std::array table = {&llamaFamily, &mistralFamily,  &mixtralFamily, &qwen2Family, &qwen3Family, &qwen3MoeFamily, &gemmaFamily,
                          &gemma2Family, &gemma3Family,  &gpt2Family,    &gptNeoxFamily, &phi3Family, &phiFamily,      &optFamily,
                          &olmo2Family, &stableLmFamily, &starcoder2Family, &cohereFamily, &falconFamily,
                          &bloomFamily, &mptFamily};

// Other spellings of model_type: GGUF's, and that of a model with eyes whose text part is meant.
struct Alias {
    std::string_view name, family;
};
constexpr std::array aliases = {Alias{"gptneox", "gpt_neox"}, Alias{"gemma3", "gemma3_text"}, Alias{"phi2", "phi"},
                                Alias{"command-r", "cohere"},    Alias{"qwen3moe", "qwen3_moe"}};

void checkSizes(ConfigReader& reader, const ModelConfig& config)
{
    for (const LayerConfig& layer : config.layers) {
        const AttentionConfig& attention = layer.attention;
        if (attention.kvHeads == 0 || attention.heads % attention.kvHeads != 0)
            return reader.invalid(said(CORE_TEXT("reasons", "%1 heads cannot share %2 key-value heads"), attention.heads, attention.kvHeads));
        if (attention.headDim > 4096 || attention.heads > 65'536)
            return reader.invalid(said(CORE_TEXT("reasons", "%1 heads of %2 elements are more than any model has"), attention.heads, attention.headDim));
        if (layer.feedForward.kind == FeedForwardKind::Experts && layer.feedForward.chosen > layer.feedForward.experts)
            return reader.invalid(said(CORE_TEXT("reasons", "%1 of %2 experts cannot be chosen"), layer.feedForward.chosen, layer.feedForward.experts));
    }
    if (config.layers.size() > 4096)
        return reader.invalid(said(CORE_TEXT("reasons", "%1 layers are more than any model has"), config.layers.size()));
}

} // namespace

std::span<const Family> families()
{
    static const auto rows = [] {
        std::vector<Family> out;
        for (const Family* family : table)
            out.push_back(*family);
        return out;
    }();
    return rows;
}

const Family* findFamily(std::string_view modelType)
{
    for (const Alias& alias : aliases)
        if (alias.name == modelType)
            modelType = alias.family;
    for (const Family& family : families())
        if (family.name == modelType)
            return &family;
    return nullptr;
}

std::vector<std::string> knownFamilies()
{
    std::vector<std::string> names;
    for (const Family& family : families())
        names.emplace_back(family.name);
    return names;
}

Result<ModelConfig> readModelConfig(const Json& whole, bool gguf, const std::string& where)
{
    if (!whole.is_object())
        return fail(ErrorCode::ConfigInvalid, where, said(CORE_TEXT("reasons", "it is not an object")));
    const auto text = whole.find("text_config");
    const bool inner = text != whole.end() && text->is_object();
    ConfigReader reader(inner ? *text : whole, gguf, where);
    const std::string type = reader.text("model_type", inner ? ConfigReader(whole, gguf, where).text("model_type", "") : "");
    if (auto done = reader.status(); !done)
        return failure(done);
    if (type.empty())
        return fail(ErrorCode::ConfigInvalid, where, said(CORE_TEXT("reasons", "model_type is missing")));
    const Family* family = findFamily(type);
    if (family == nullptr)
        return fail(ErrorCode::ModelUnsupported, where, "model_type", type);
    ModelConfig config;
    for (const char* key : {"quantization_config", "compression_config"})
        for (const Json* part : {&whole, &reader.json()}) // a model with eyes has it outside of its text part
            if (const auto found = part->find(key); found != part->end() && !found->is_null())
                config.float8 = readFloat8Config(*found, key, reader);
    config.family = family->name;
    config.gguf = gguf;
    family->config(reader, config);
    checkSizes(reader, config);
    if (auto done = reader.status(); !done)
        return failure(done);
    return config;
}

ModelNames ggufNames() { return {"token_embd", "position_embd", "output_norm", "output", "", "token_embd_norm"}; }

LayerNames ggufLayerNames(const ModelConfig& config, std::uint32_t layer, const TensorSource& source)
{
    const auto name = [&](const char* part) { return fmt::format("blk.{}.{}", layer, part); };
    const LayerConfig& shape = config.layers[layer];
    const auto linear = [&](std::initializer_list<const char*> parts) {
        LinearNames out{{}, Bias::IfStored, false};
        for (const char* part : parts)
            out.parts.push_back({name(part)});
        return out;
    };
    LayerNames names;
    const auto stored = [&](const char* part) { return source.find(name(part) + ".weight").has_value(); };
    // Two sides of a parallel block share a norm, or have one each (Falcon 40B, where the second is that of attention).
    const bool second = stored("attn_norm_2");
    names.attentionNorm = second ? name("attn_norm_2") : stored("attn_norm") ? name("attn_norm") : "";
    names.attentionPostNorm = name("post_attention_norm");
    names.feedForwardNorm = shape.parallel && !stored("ffn_norm") ? name("attn_norm") : stored("ffn_norm") ? name("ffn_norm") : "";
    names.feedForwardPostNorm = name("post_ffw_norm");
    names.queryNorm = name("attn_q_norm");
    names.keyNorm = name("attn_k_norm");
    names.qkv = stored("attn_qkv") ? linear({"attn_qkv"}) : linear({"attn_q", "attn_k", "attn_v"});
    names.output = linear({"attn_output"});
    if (shape.feedForward.kind == FeedForwardKind::Experts) {
        names.router = linear({"ffn_gate_inp"});
        const std::uint64_t width = shape.feedForward.width;
        for (std::uint64_t expert = 0; expert < shape.feedForward.experts; ++expert)
            names.experts.push_back({{{{name("ffn_gate_exps"), expert * width, width}, {name("ffn_up_exps"), expert * width, width}}},
                                     {{{name("ffn_down_exps"), expert * config.width, config.width}}}});
        return names;
    }
    names.up = stored("ffn_gate") ? linear({"ffn_gate", "ffn_up"}) : linear({"ffn_up"});
    names.down = linear({"ffn_down"});
    return names;
}

} // namespace wb
