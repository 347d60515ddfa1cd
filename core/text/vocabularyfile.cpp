// A tokenizer from a vocabulary file of SentencePiece or tiktoken and what stands beside it.
#include "core/base/file.h"
#include "core/text/loadtokenizer.h"
#include "core/text/sentencepiece.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace wb {
namespace {

constexpr std::uint64_t maxConfigBytes = 64U << 20, maxVocabularyBytes = 64U << 20;

const Json* member(const Json& json, const char* name)
{
    const auto found = json.find(name);
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

// Tokens that a folder adds to a vocabulary file: added_tokens_decoder of tokenizer_config.json, {"id": {"content", "special", …}}.
Result<void> addConfigured(const Json& config, TokenizerParts& parts, const std::string& where)
{
    const Json* list = member(config, "added_tokens_decoder");
    if (list == nullptr || !list->is_object())
        return {};
    for (const auto& [key, value] : list->items()) {
        std::uint64_t id = 0;
        const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
        const Json* content = member(value, "content");
        if (error != std::errc() || end != key.data() + key.size() || id > Vocabulary::maxId || content == nullptr || !content->is_string())
            return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "added_tokens_decoder holds %1, which is no token"), key.substr(0, 100)));
        const auto text = content->get<std::string>();
        const auto known = std::ranges::find(parts.added, text, &AddedToken::content);
        if (known != parts.added.end() || text.empty() || text.size() > AddedMatcher::longestToken)
            continue;
        const Json* special = member(value, "special");
        if (auto done = addToken(parts, {.id = static_cast<TokenId>(id), .content = text, .special = special != nullptr && special->is_boolean() && special->get<bool>()}, where); !done)
            return done;
    }
    return {};
}

} // namespace

Result<TokenizerPtr> tokenizerOfVocabulary(const std::filesystem::path& path)
{
    auto bytes = readText(path, maxVocabularyBytes);
    if (!bytes)
        return failure(bytes);
    const std::string where = path.string();
    auto parts = looksLikeTiktoken(*bytes) ? partsOfTiktoken(*bytes, where) : partsOfSentencePiece(*bytes, where);
    if (!parts)
        return failure(parts);
    const bool bos = parts->special.addBos, eos = parts->special.addEos;
    const std::filesystem::path names = path.parent_path() / "tokenizer_config.json";
    std::error_code ignored;
    Json config;
    if (std::filesystem::is_regular_file(names, ignored)) {
        auto read = readJson(names, true, maxConfigBytes);
        if (!read)
            return failure(read);
        config = std::move(*read);
        if (auto done = addConfigured(config, *parts, names.string()); !done)
            return failure(done);
    }
    if (auto done = readNames(path.parent_path(), *parts); !done)
        return failure(done);
    const auto wished = [&](const char* name, bool otherwise) {
        const Json* value = member(config, name);
        return value != nullptr && value->is_boolean() ? value->get<bool>() : otherwise;
    };
    parts->special.addBos = wished("add_bos_token", bos) && parts->special.bos;
    parts->special.addEos = wished("add_eos_token", eos) && parts->special.eos;
    if (parts->special.addBos)
        parts->before.push_back(*parts->special.bos);
    if (parts->special.addEos)
        parts->after.push_back(*parts->special.eos);
    return std::make_shared<const Tokenizer>(std::move(*parts));
}

} // namespace wb
