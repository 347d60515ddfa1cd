#include "core/recipe/layeredconfig.h"

#include "core/model/config.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace wb {
namespace {

using Content = std::vector<std::uint32_t>;

auto refuse(const Sentence& reason) { return fail(ErrorCode::EditNotPossible, said(CORE_TEXT("reasons", "recipe")), said(CORE_TEXT("reasons", "an edit")), said(CORE_TEXT("reasons", "the list of layers")), reason); }

template <typename Config> // Json, const or not
Config* partWithLayers(Config& config, const char*& key)
{
    for (Config* part : {&config, config.contains("text_config") ? &config["text_config"] : nullptr})
        for (const char* name : {"num_hidden_layers", "n_layer", "n_layers", "num_layers"})
            if (part != nullptr && part->is_object() && part->contains(name)) {
                key = name;
                return part;
            }
    return nullptr;
}

// Nemotron-H counts its layers by their list alone.
Json* partWithList(Json& config, std::uint32_t layers)
{
    const auto list = config.find("layers_block_type");
    return list != config.end() && list->is_array() && list->size() == layers ? &config : nullptr;
}

// Lists of the numbers of those layers that are of a kind, and counts of the layers of a kind, which come first.
constexpr std::array<std::string_view, 5> numberLists = {"mlp_only_layers", "moe_layers", "attn_layer_indices", "full_attn_idxs", "cross_attention_layers"};
constexpr std::array<std::string_view, 2> counts = {"first_k_dense_replace", "num_dense_layers"};

// What goes by the number of a layer and cannot be said of another list: factors, tables with a part for each layer, weights that layers share.
std::string numberedSetting(const Json& part)
{
    for (const char* key : {"scale_attn_by_inverse_layer_idx", "hidden_size_per_layer_input", "num_kv_shared_layers", "per_layer_config", "hybrid_layer_ids", "linear_attn_config", "moe_layers_enum", "rescale_every"})
        if (const auto found = part.find(key); found != part.end() && !found->empty() && *found != 0 && *found != false)
            return key;
    const auto step = part.find("decoder_sparse_step"); // known beside the list that Qwen's families have
    if (step != part.end() && step->is_number() && *step != 1 && (!part.contains("mlp_only_layers") || !step->is_number_unsigned() || *step == 0))
        return "decoder_sparse_step";
    return "";
}

// Lists with an entry for each layer, by more than chance; a text with a letter for each.
void writeLists(Json& part, std::uint32_t layers, const Content& content)
{
    const auto goesByLayer = [](const std::string& key) { return key != "architectures" && key.find("token") == std::string::npos && std::ranges::find(numberLists, key) == numberLists.end(); };
    for (const auto& [name, list] : part.items())
        if (list.is_array() && list.size() == layers && goesByLayer(name)) {
            Json chosen = Json::array();
            for (const std::uint32_t layer : content)
                chosen.push_back(list[layer]);
            list = std::move(chosen);
        }
    if (const auto letters = part.find("hybrid_override_pattern"); letters != part.end() && letters->is_string() && letters->get_ref<const std::string&>().size() == layers) {
        std::string chosen;
        for (const std::uint32_t layer : content)
            chosen += letters->get_ref<const std::string&>()[layer];
        *letters = chosen;
    }
    // GPT-Neo reads the list that is made of this one.
    if (const auto kinds = part.find("attention_layers"); kinds != part.end() && kinds->is_array() && kinds->size() == content.size() && part.contains("attention_types"))
        part["attention_types"] = Json::array({Json::array({*kinds, 1U})});
}

// The key that cannot be written anew, if any.
std::string writeNumbers(const Json& old, Json& part, const Content& content)
{
    // Qwen's layers choose experts every so many of them, but for those that are listed.
    const auto period = old.find("decoder_sparse_step");
    const std::uint64_t step = period != old.end() && period->is_number_unsigned() && old.contains("mlp_only_layers") ? period->get<std::uint64_t>() : 1;
    for (const std::string_view key : numberLists) {
        const Json listed = old.value(key, Json());
        const bool withStep = key == "mlp_only_layers" && step != 1;
        if ((!listed.is_array() || listed.empty()) && !withStep)
            continue;
        if (!std::ranges::all_of(listed, [](const Json& layer) { return layer.is_number_unsigned(); }))
            return std::string(key);
        Json numbers = Json::array();
        for (std::uint32_t i = 0; i < content.size(); ++i)
            if (std::ranges::find(listed, Json(content[i])) != listed.end() || (withStep && (content[i] + 1) % step != 0))
                numbers.push_back(i);
        part[std::string(key)] = std::move(numbers);
    }
    if (step != 1)
        part["decoder_sparse_step"] = 1U;
    for (const std::string_view key : counts) {
        const Json count = old.value(key, Json());
        const auto isFirst = [&](std::uint32_t layer) { return layer < count; };
        if (!count.is_number() || count == 0)
            continue;
        if (!std::ranges::is_partitioned(content, isFirst))
            return std::string(key);
        part[std::string(key)] = static_cast<std::uint64_t>(std::ranges::count_if(content, isFirst));
    }
    return "";
}

// ERNIE's layers choose experts from the first to the last of a stretch, every so many of them.
bool writeStretch(Json& part, std::uint32_t layers, const Content& content)
{
    const auto number = [&](const char* key, std::int64_t otherwise) { return part.contains(key) && part[key].is_number_integer() ? part[key].get<std::int64_t>() : otherwise; };
    const std::int64_t first = number("moe_layer_start_index", 0), last = number("moe_layer_end_index", -1), every = number("moe_layer_interval", 1);
    const auto chooses = [&](std::uint32_t layer) { return layer >= first && layer <= (last < 0 ? layers - 1 : last); };
    const auto begin = std::ranges::find_if(content, chooses);
    const auto end = std::find_if_not(begin, content.end(), chooses);
    if (every != 1 || std::any_of(end, content.end(), chooses) || begin == content.end())
        return false;
    part["moe_layer_start_index"] = static_cast<std::uint64_t>(begin - content.begin());
    if (part.contains("moe_layer_end_index"))
        part["moe_layer_end_index"] = end == content.end() && last < 0 ? Json(-1) : Json(static_cast<std::uint64_t>(end - content.begin() - 1));
    return true;
}

// Whether a setting means the same of every layer in its new place: a period, or something that is gone through again and again.
bool saysTheSame(const Json& setting, std::uint32_t layers, const Content& content)
{
    const std::uint64_t period = setting.is_number_unsigned() ? setting.get<std::uint64_t>() : setting.is_array() ? setting.size() : setting.is_string() ? setting.get_ref<const std::string&>().size() : layers;
    for (std::size_t i = 0; i < content.size(); ++i)
        if (content[i] % std::max<std::uint64_t>(1, period) != i % std::max<std::uint64_t>(1, period))
            return false;
    return true;
}

// What tells the kind of a layer from its number in families that do not run here, so that no list can be made of it; each with the list
// of all layers that families read in its place where it is there.
std::string periodicSetting(const Json& old, std::uint32_t layers, const Content& content)
{
    struct Period {
        const char *key, *list;
    };
    static constexpr std::array<Period, 10> periods = {{{"full_attention_interval", "layer_types"}, {"sliding_window_pattern", "layer_types"}, {"global_attn_every_n_layers", "layer_types"},
                                                        {"layer_group_size", "layer_types"}, {"attn_layer_period", "layers_block_type"}, {"expert_layer_period", ""}, {"block_types", ""},
                                                        {"interleave_moe_layer_step", "moe_layers"}, {"moe_layer_freq", "mlp_layer_types"}, {"no_rope_layer_interval", "no_rope_layers"}}};
    for (const auto& [key, list] : periods) {
        const auto found = old.find(key), instead = old.find(list);
        const auto isWritten = [&](const auto& at) { return at != old.end() && at->is_array() && at->size() == layers; };
        const bool listed = isWritten(found) || isWritten(instead) || (instead != old.end() && std::string_view(list) == "moe_layers" && instead->is_array());
        if (found != old.end() && !found->empty() && !listed && !saysTheSame(*found, layers, content))
            return key;
    }
    if (old.contains("attention_types") && !old.contains("attention_layers"))
        return "attention_types";
    return "";
}

// Families that tell the kind of a layer from its number get the list that says so for each.
void writeKinds(Json& part, const ModelConfig& known, const Content& content)
{
    if (part.contains("layer_types"))
        return;
    const auto kind = [](const LayerConfig& layer) { return std::pair(layer.attention.window, layer.attention.rope); };
    const auto& layers = known.layers;
    if (std::ranges::all_of(layers, [&](const LayerConfig& layer) { return kind(layer) == kind(layers.front()); }))
        return;
    if (std::ranges::any_of(content, [&](std::uint32_t layer) { return layer >= layers.size(); }))
        return;
    Json types = Json::array();
    for (const std::uint32_t layer : content)
        types.push_back(layers[layer].attention.window != 0 ? "sliding_attention" : "full_attention");
    part["layer_types"] = std::move(types);
}

} // namespace

std::optional<std::uint32_t> configuredLayers(const Json* config)
{
    const char* key = "";
    const Json* part = config != nullptr && config->is_object() ? partWithLayers(*config, key) : nullptr;
    if (part == nullptr || !(*part)[key].is_number_unsigned() || (*part)[key] > 65'536)
        return std::nullopt;
    return (*part)[key].get<std::uint32_t>();
}

Result<Json> layeredConfig(const Json& config, std::uint32_t layers, const Content& content)
{
    Json out = config;
    const char* key = "";
    Json* counted = partWithLayers(out, key);
    Json* part = counted != nullptr ? counted : partWithList(out, layers);
    if (part == nullptr || (counted != nullptr && (!(*part)[key].is_number_unsigned() || (*part)[key] != layers)))
        return refuse(said(CORE_TEXT("reasons", "the config does not say that there are %1 layers"), layers));
    bool same = content.size() == layers;
    for (std::uint32_t i = 0; same && i < layers; ++i)
        same = content[i] == i;
    if (same)
        return out;
    const Json old = *part;
    const auto known = readModelConfig(config, false, "config.json");
    std::string setting = numberedSetting(old);
    writeLists(*part, layers, content);
    if (setting.empty())
        setting = writeNumbers(old, *part, content);
    if (setting.empty() && old.contains("moe_layer_start_index") && !writeStretch(*part, layers, content))
        setting = "moe_layer_start_index";
    if (setting.empty() && !known)
        setting = periodicSetting(old, layers, content);
    if (!setting.empty())
        return refuse(said(CORE_TEXT("reasons", "the config goes by the number of a layer in %1"), setting));
    if (known)
        writeKinds(*part, *known, content);
    for (const char* count : {key, "num_blocks"}) // xLSTM has both
        if (part->contains(count) && (*part)[count] == layers)
            (*part)[count] = content.size();
    return out;
}

} // namespace wb
