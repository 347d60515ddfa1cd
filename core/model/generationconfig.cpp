#include "core/model/generationconfig.h"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>

namespace wb {
namespace {

constexpr std::uint64_t maxBytes = 1U << 20;
constexpr std::array defaultKeys = {"do_sample", "temperature", "top_k", "top_p", "min_p", "repetition_penalty"};

// A number or a list of them; anything else says nothing.
std::set<std::uint32_t> tokensOf(const Json& config, const char* key)
{
    std::set<std::uint32_t> out;
    const auto found = config.find(key);
    if (found == config.end())
        return out;
    const auto take = [&](const Json& id) {
        if (id.is_number_unsigned() && id.get<std::uint64_t>() <= 0xFFFFFFFFU)
            out.insert(id.get<std::uint32_t>());
    };
    if (found->is_array())
        for (const Json& id : *found)
            take(id);
    else
        take(*found);
    return out;
}

} // namespace

Result<GenerationConfig> readGenerationConfig(const Checkpoint& checkpoint, const Tokenizer* tokenizer)
{
    GenerationConfig out{{}, Json::object()};
    const std::filesystem::path file = checkpoint.root() / "generation_config.json";
    std::error_code ignored;
    if (checkpoint.isFolder() && std::filesystem::is_regular_file(file, ignored)) {
        auto json = readJson(file, true, maxBytes);
        if (!json)
            return failure(json);
        if (json->is_object()) {
            out.endTokens = tokensOf(*json, "eos_token_id");
            for (const char* key : defaultKeys)
                if (const auto found = json->find(key); found != json->end() && !found->is_null())
                    out.defaults[key] = *found;
        }
    }
    const Json* config = checkpoint.config();
    if (out.endTokens.empty() && config != nullptr && config->is_object())
        out.endTokens = tokensOf(*config, "eos_token_id");
    if (out.endTokens.empty() && tokenizer != nullptr && tokenizer->special().eos)
        out.endTokens.insert(*tokenizer->special().eos);
    return out;
}

} // namespace wb
