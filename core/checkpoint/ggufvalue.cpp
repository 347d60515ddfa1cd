// Values of a GGUF header, read from the file when asked for.
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/ggufcursor.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>

namespace wb {
namespace {

constexpr std::uint64_t longestString = 16U << 20;
constexpr std::uint64_t shownString = 4096, shownValues = 4;

template <typename T>
Result<Json> numberJson(GgufCursor& cursor)
{
    auto value = cursor.number<T>();
    if (!value)
        return failure(value);
    if constexpr (std::is_floating_point_v<T>)
        return jsonNumber(static_cast<double>(*value));
    else
        return Json(*value);
}

Result<Json> elementJson(GgufCursor& cursor, GgufType type)
{
    switch (type) {
    case GgufType::U8: return numberJson<std::uint8_t>(cursor);
    case GgufType::I8: return numberJson<std::int8_t>(cursor);
    case GgufType::U16: return numberJson<std::uint16_t>(cursor);
    case GgufType::I16: return numberJson<std::int16_t>(cursor);
    case GgufType::U32: return numberJson<std::uint32_t>(cursor);
    case GgufType::I32: return numberJson<std::int32_t>(cursor);
    case GgufType::U64: return numberJson<std::uint64_t>(cursor);
    case GgufType::I64: return numberJson<std::int64_t>(cursor);
    case GgufType::F32: return numberJson<float>(cursor);
    case GgufType::F64: return numberJson<double>(cursor);
    case GgufType::Bool: {
        auto value = cursor.number<std::uint8_t>();
        return value ? Result<Json>(*value != 0) : failure(value);
    }
    case GgufType::String: {
        auto text = cursor.string(longestString, CORE_TEXT("reasons", "the length of a string"));
        return text ? Result<Json>(std::move(*text)) : failure(text);
    }
    case GgufType::Array: break;
    }
    return Json();
}

// Keys of one architecture, "llama.block_count", and what config.json calls them.
struct Renamed {
    const char* key;
    const char* name;
};
constexpr std::array renamed = {
    Renamed{"block_count", "num_hidden_layers"},
    Renamed{"embedding_length", "hidden_size"},
    Renamed{"feed_forward_length", "intermediate_size"},
    Renamed{"context_length", "max_position_embeddings"},
    Renamed{"attention.head_count", "num_attention_heads"},
    Renamed{"attention.head_count_kv", "num_key_value_heads"},
    Renamed{"attention.key_length", "head_dim"},
    Renamed{"attention.layer_norm_rms_epsilon", "rms_norm_eps"},
    Renamed{"attention.layer_norm_epsilon", "layer_norm_epsilon"},
    Renamed{"rope.freq_base", "rope_theta"},
    Renamed{"rope.freq_base_swa", "rope_local_base_freq"},
    Renamed{"rope.dimension_count", "rope_dimension_count"},
    Renamed{"use_parallel_residual", "use_parallel_residual"},
    Renamed{"expert_count", "num_local_experts"},
    Renamed{"expert_used_count", "num_experts_per_tok"},
    Renamed{"expert_feed_forward_length", "moe_intermediate_size"},
    Renamed{"attention.sliding_window", "sliding_window"},
    Renamed{"attention.max_alibi_bias", "alibi_bias_max"},
    Renamed{"attention.clamp_kqv", "clip_qkv"},
    Renamed{"logit_scale", "logit_scale"},
    Renamed{"final_logit_softcapping", "final_logit_softcapping"},
    Renamed{"attn_logit_softcapping", "attn_logit_softcapping"},
};

// "linear" and "yarn" with their numbers; the factors of the kinds that stand in tensors of their own are read there.
Result<Json> ropeScaling(const File& file, const GgufHeader& header, const std::string& architecture)
{
    Json scaling = Json::object();
    for (const auto& [key, name] : {std::pair("type", "rope_type"), std::pair("factor", "factor"), std::pair("attn_factor", "attention_factor"),
                                    std::pair("original_context_length", "original_max_position_embeddings")}) {
        const GgufKey* found = header.find(architecture + ".rope.scaling." + key);
        if (found == nullptr || found->type == GgufType::Array || (found->type == GgufType::String && found->bytes > shownString))
            continue;
        auto value = readGgufValue(file, *found, 1);
        if (!value)
            return value;
        scaling[name] = std::move(*value);
    }
    if (scaling.value("rope_type", Json()) == "none")
        scaling["rope_type"] = "default";
    return scaling;
}

} // namespace

Result<Json> readGgufValue(const File& file, const GgufKey& key, std::uint64_t most)
{
    GgufCursor cursor(file, key.at);
    if (key.type != GgufType::Array)
        return elementJson(cursor, key.type);
    Json list = Json::array();
    for (std::uint64_t i = 0; i < std::min(key.count, most); ++i) {
        auto element = elementJson(cursor, key.elementType);
        if (!element)
            return element;
        list.push_back(std::move(*element));
    }
    return list;
}

Result<std::string> ggufValueText(const File& file, const GgufKey& key)
{
    if (key.type == GgufType::String && key.bytes > shownString + 8)
        return fmt::format("a text of {} bytes", key.bytes - 8);
    auto value = readGgufValue(file, key, shownValues);
    if (!value)
        return failure(value);
    if (value->is_string())
        return value->get<std::string>();
    std::string text = dumpJson(*value);
    if (key.type == GgufType::Array && key.count > shownValues) {
        text.pop_back();
        text += fmt::format(", … {} values]", key.count);
    }
    return text;
}

Result<Json> configOfGguf(const File& file, const GgufHeader& header)
{
    Json config = Json::object();
    const GgufKey* architecture = header.find("general.architecture");
    std::string name;
    if (architecture != nullptr && architecture->type == GgufType::String && architecture->bytes <= shownString) {
        auto value = readGgufValue(file, *architecture, 1);
        if (!value)
            return value;
        name = value->get<std::string>();
        config["model_type"] = name;
    }
    for (const Renamed& row : renamed) {
        const GgufKey* key = header.find(name + "." + row.key);
        if (key == nullptr || key->type == GgufType::String || key->type == GgufType::Array)
            continue; // numbers per layer have no place in a config
        auto value = readGgufValue(file, *key, 1);
        if (!value)
            return value;
        config[row.name] = std::move(*value);
    }
    if (auto scaling = ropeScaling(file, header, name); !scaling)
        return scaling;
    else if (!scaling->empty())
        config["rope_scaling"] = std::move(*scaling);
    if (const GgufKey* tokens = header.find("tokenizer.ggml.tokens"); tokens != nullptr && tokens->type == GgufType::Array)
        config["vocab_size"] = tokens->count;
    return config;
}

} // namespace wb
