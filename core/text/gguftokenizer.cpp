// A tokenizer from the keys of a GGUF: what llama.cpp makes of them, put together from the same stages.
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/ggufcursor.h"
#include "core/text/bpe.h"
#include "core/text/charsmap.h"
#include "core/text/ggufpatterns.h"
#include "core/text/loadtokenizer.h"
#include "core/text/makemodel.h"
#include "core/text/scorebpe.h"
#include "core/text/unicode.h"
#include "core/text/unigram.h"
#include "core/text/wordpiece.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace wb {
namespace {

constexpr std::uint64_t maxPiece = 64U << 10, maxCharsmap = 64U << 20, maxMerges = 16U << 20;
constexpr const char* mark = "\xE2\x96\x81"; // ▁ for a blank

// tokenizer.ggml.token_type
enum class TokenType : std::uint8_t { Normal = 1, Unknown, Control, UserDefined, Unused, Byte };

class Keys {
public:
    Keys(const File& file, const GgufHeader& header) : m_file(file), m_header(header) {}

    [[nodiscard]] tl::unexpected<Error> wrong(const Sentence& why) const
    {
        return fail(ErrorCode::TokenizerInvalid, where(), why);
    }
    [[nodiscard]] std::string where() const { return m_file.path().string(); }
    [[nodiscard]] const GgufKey* find(const std::string& name) const { return m_header.find("tokenizer.ggml." + name); }

    Result<std::string> text(const std::string& name) const
    {
        const GgufKey* key = find(name);
        if (key == nullptr)
            return std::string();
        if (key->type != GgufType::String || key->bytes > maxPiece)
            return wrong(said(CORE_TEXT("reasons", "%1 must be a text"), name));
        auto value = readGgufValue(m_file, *key, 1);
        return value ? Result<std::string>(value->get<std::string>()) : failure(value);
    }
    Result<bool> flag(const std::string& name, bool otherwise) const
    {
        const GgufKey* key = find(name);
        if (key == nullptr)
            return otherwise;
        if (key->type != GgufType::Bool)
            return wrong(said(CORE_TEXT("reasons", "%1 must be true or false"), name));
        auto value = readGgufValue(m_file, *key, 1);
        return value ? Result<bool>(value->get<bool>()) : failure(value);
    }
    // Absent when the key is, or when it says that there is no such token.
    Result<std::optional<TokenId>> id(const std::string& name, std::size_t size) const
    {
        const GgufKey* key = find(name);
        if (key == nullptr)
            return std::optional<TokenId>();
        auto value = readGgufValue(m_file, *key, 1);
        if (!value)
            return failure(value);
        if (!value->is_number_integer())
            return wrong(said(CORE_TEXT("reasons", "%1 must be a number"), name));
        const auto number = value->get<std::int64_t>();
        if (number == -1 || number == 0xFFFFFFFF)
            return std::optional<TokenId>();
        if (number < 0 || static_cast<std::uint64_t>(number) >= size)
            return wrong(said(CORE_TEXT("reasons", "%1 is %2 of %3 tokens"), name, number, size));
        return std::optional(static_cast<TokenId>(number));
    }
    // One number for each of `count` tokens; empty when the key is absent.
    Result<std::vector<double>> numbers(const std::string& name, std::size_t count) const
    {
        std::vector<double> list;
        const GgufKey* key = find(name);
        if (key == nullptr)
            return list;
        if (key->type != GgufType::Array || key->count != count || key->elementType == GgufType::String || key->elementType == GgufType::Array)
            return wrong(said(CORE_TEXT("reasons", "%1 must be %2 numbers"), name, count));
        if (key->elementType == GgufType::F32)
            return plainNumbers<float>(name, *key);
        if (key->elementType == GgufType::I32)
            return plainNumbers<std::int32_t>(name, *key);
        auto values = readGgufValue(m_file, *key, count);
        if (!values)
            return failure(values);
        for (const Json& value : *values) {
            if (!value.is_number()) // NaN and infinities are texts
                return wrong(said(CORE_TEXT("reasons", "%1 of token %2 is not a number"), name, list.size()));
            list.push_back(value.get<double>());
        }
        return list;
    }
    template <typename Take> // take(string) returns Result<void>
    Result<void> strings(const std::string& name, std::uint64_t most, Take take) const
    {
        const GgufKey* key = find(name);
        if (key == nullptr || key->type != GgufType::Array || key->elementType != GgufType::String || key->count > most)
            return wrong(said(CORE_TEXT("reasons", "%1 must be a list of at most %2 texts"), name, most));
        GgufCursor cursor(m_file, key->at);
        for (std::uint64_t i = 0; i < key->count; ++i) {
            auto text = cursor.string(maxPiece, CORE_TEXT("reasons", "the length of a token"));
            if (!text)
                return failure(text);
            if (auto done = take(*text); !done)
                return done;
        }
        return {};
    }
    Result<std::string> bytes(const std::string& name) const
    {
        const GgufKey* key = find(name);
        if (key->type != GgufType::Array || (key->elementType != GgufType::U8 && key->elementType != GgufType::I8) || key->count > maxCharsmap)
            return wrong(said(CORE_TEXT("reasons", "%1 must be a list of at most %2 bytes"), name, maxCharsmap));
        std::string out(key->count, '\0');
        if (auto done = m_file.readAt(key->at, std::as_writable_bytes(std::span(out))); !done)
            return failure(done);
        return out;
    }

private:
    template <typename T>
    Result<std::vector<double>> plainNumbers(const std::string& name, const GgufKey& key) const
    {
        std::vector<T> stored(key.count);
        if (auto done = m_file.readAt(key.at, std::as_writable_bytes(std::span(stored))); !done)
            return failure(done);
        for (std::size_t i = 0; i < stored.size(); ++i)
            if (!std::isfinite(static_cast<double>(stored[i])))
                return wrong(said(CORE_TEXT("reasons", "%1 of token %2 is not a number"), name, i));
        return std::vector<double>(stored.begin(), stored.end());
    }

    const File& m_file;
    const GgufHeader& m_header;
};

// A stage of tokenizer.json, written here.
Json stage(const std::string& text) { return Json::parse(text); }

Result<std::unique_ptr<const Vocabulary>> readVocabulary(const Keys& keys)
{
    auto vocabulary = std::make_unique<Vocabulary>();
    TokenId id = 0;
    auto done = keys.strings("tokens", std::uint64_t{Vocabulary::maxId} + 1, [&](const std::string& text) -> Result<void> {
        if (unicode::firstInvalid(text))
            return keys.wrong(said(CORE_TEXT("reasons", "token %1 is not UTF-8"), id));
        if (vocabulary->add(text, id) == Vocabulary::Added::PieceTwice)
            vocabulary->addAgain(text, id);
        ++id;
        return {};
    });
    if (!done)
        return failure(done);
    if (id == 0)
        return keys.wrong(said(CORE_TEXT("reasons", "the vocabulary is empty")));
    return vocabulary;
}

Result<MergeTable> readMerges(const Keys& keys, const Vocabulary& vocabulary)
{
    MergeList list;
    auto done = keys.strings("merges", maxMerges, [&](const std::string& text) -> Result<void> {
        const std::size_t blank = text.find(' ', 1);
        if (blank == std::string::npos || blank + 1 == text.size())
            return keys.wrong(said(CORE_TEXT("reasons", "merge %1 is not two pieces with a blank between"), list.pairs.size()));
        list.add(std::string_view(text).substr(0, blank), std::string_view(text).substr(blank + 1));
        return {};
    });
    if (!done)
        return failure(done);
    return makeMergeTable(list, vocabulary, 0, keys.where());
}

template <typename T>
Result<void> put(std::vector<std::unique_ptr<const T>>& list, Result<std::vector<std::unique_ptr<const T>>> more)
{
    if (!more)
        return failure(more);
    for (auto& each : *more)
        list.push_back(std::move(each));
    return {};
}

Result<void> makeBpe(const Keys& keys, TokenizerParts& parts, const std::string& preTokenizer, bool& forceBos)
{
    const auto pre = ggufPreTokenizer(preTokenizer.empty() ? "default" : preTokenizer);
    if (!pre)
        return fail(ErrorCode::TokenizerUnsupported, keys.where(), said(CORE_TEXT("reasons", "the pre-tokenizer %1"), preTokenizer.substr(0, 100)));
    parts.kind = pre->raw ? "BPE" : "byte-level BPE";
    auto merges = readMerges(keys, *parts.vocabulary);
    if (!merges)
        return failure(merges);
    BpeOptions options;
    options.ignoreMerges = pre->ignoreMerges;
    options.byteFallback = pre->raw;
    if (!pre->raw)
        options.unknown = parts.special.unknown;
    parts.model = std::make_unique<Bpe>(*parts.vocabulary, std::move(*merges), std::move(options));
    parts.special.addBos = pre->addBos;
    forceBos = pre->forceBos;
    Json steps = stage(R"({"type":"Sequence","pretokenizers":[]})");
    for (const char* pattern : pre->patterns)
        steps["pretokenizers"].push_back(Json{{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}});
    if (!pre->raw)
        steps["pretokenizers"].push_back(stage(R"({"type":"ByteLevel","add_prefix_space":false,"use_regex":false})"));
    if (auto done = put(parts.preTokenizers, makePreTokenizers(&steps, keys.where(), !pre->raw)); !done)
        return done;
    const Json blanks = stage(R"({"type":"Replace","pattern":{"String":" "},"content":"▁"})");
    if (auto done = pre->raw ? put(parts.normalizers, makeNormalizers(&blanks, keys.where())) : Result<void>(); !done)
        return done;
    const Json decoder = stage(pre->raw ? R"({"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}]})"
                                        : R"({"type":"ByteLevel"})");
    return put(parts.decoders, makeDecodeSteps(&decoder, keys.where()));
}

Result<void> makeScores(const Keys& keys, TokenizerParts& parts, std::vector<double> scores)
{
    parts.kind = "BPE by scores";
    if (scores.empty())
        return keys.wrong(said(CORE_TEXT("reasons", "scores are missing")));
    auto front = keys.flag("add_space_prefix", true);
    if (!front)
        return failure(front);
    parts.special.addBos = true;
    parts.model = std::make_unique<ScoreBpe>(*parts.vocabulary, std::move(scores), parts.special.unknown);
    Json rewrite = stage(R"({"type":"Sequence","normalizers":[{"type":"Replace","pattern":{"String":" "},"content":"▁"}]})");
    Json back = stage(R"({"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}]})");
    if (*front) {
        rewrite["normalizers"].push_back(Json{{"type", "Prepend"}, {"prepend", mark}});
        back["decoders"].push_back(stage(R"({"type":"Strip","content":" ","start":1,"stop":0})"));
    }
    if (auto done = put(parts.normalizers, makeNormalizers(&rewrite, keys.where())); !done)
        return done;
    return put(parts.decoders, makeDecodeSteps(&back, keys.where()));
}

// WordPiece, with ▁ in front of what begins a word instead of ## in front of what does not.
Result<void> makeBert(const Keys& keys, TokenizerParts& parts)
{
    parts.kind = "WordPiece";
    parts.special.addBos = true;
    parts.model = std::make_unique<WordPiece>(*parts.vocabulary, parts.special.unknown, mark, "", 1'000'000);
    const Json rewrite = stage(R"({"type":"BertNormalizer","lowercase":true})");
    const Json cut = stage(R"({"type":"BertPreTokenizer"})");
    const Json back = stage(R"({"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]})");
    if (auto done = put(parts.normalizers, makeNormalizers(&rewrite, keys.where())); !done)
        return done;
    if (auto done = put(parts.preTokenizers, makePreTokenizers(&cut, keys.where())); !done)
        return done;
    return put(parts.decoders, makeDecodeSteps(&back, keys.where()));
}

Result<void> makeT5(const Keys& keys, TokenizerParts& parts, std::vector<double> scores)
{
    parts.kind = "Unigram";
    if (scores.empty())
        return keys.wrong(said(CORE_TEXT("reasons", "scores are missing")));
    auto front = keys.flag("add_space_prefix", true);
    auto fewer = keys.flag("remove_extra_whitespaces", false);
    if (!front || !fewer)
        return !front ? failure(front) : failure(fewer);
    parts.special.addEos = true;
    parts.model = std::make_unique<Unigram>(*parts.vocabulary, std::move(scores), parts.special.unknown, true);
    if (keys.find("precompiled_charsmap") != nullptr) {
        auto table = keys.bytes("precompiled_charsmap");
        if (!table)
            return failure(table);
        if (!table->empty()) {
            auto map = makeCharsmapOfBytes(*table, keys.where());
            if (!map)
                return failure(map);
            parts.normalizers.push_back(std::move(*map));
        }
    }
    Json rewrite = stage(R"({"type":"Sequence","normalizers":[]})");
    if (*fewer) {
        rewrite["normalizers"].push_back(stage(R"({"type":"Replace","pattern":{"Regex":"\\A +| +\\z"},"content":""})"));
        rewrite["normalizers"].push_back(stage(R"({"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "})"));
    }
    rewrite["normalizers"].push_back(stage(R"({"type":"Replace","pattern":{"String":" "},"content":"▁"})"));
    if (*front)
        rewrite["normalizers"].push_back(Json{{"type", "Prepend"}, {"prepend", mark}});
    if (auto done = put(parts.normalizers, makeNormalizers(&rewrite, keys.where())); !done)
        return done;
    const Json back{{"type", "Metaspace"}, {"replacement", mark}, {"prepend_scheme", *front ? "always" : "never"}};
    return put(parts.decoders, makeDecodeSteps(&back, keys.where()));
}

Result<void> readSpecial(const Keys& keys, TokenizerParts& parts)
{
    const std::pair<const char*, std::optional<TokenId>*> names[] = {{"bos_token_id", &parts.special.bos},
                                                                     {"eos_token_id", &parts.special.eos},
                                                                     {"unknown_token_id", &parts.special.unknown},
                                                                     {"padding_token_id", &parts.special.pad}};
    for (const auto& [name, place] : names) {
        auto id = keys.id(name, parts.vocabulary->size());
        if (!id)
            return failure(id);
        *place = *id;
    }
    return {};
}

// Control tokens are special, those that a user defined are found in the text but are not.
Result<void> addByType(const Keys& keys, TokenizerParts& parts, const std::vector<double>& types)
{
    for (TokenId id = 0; id < types.size(); ++id) {
        const bool special = types[id] == static_cast<double>(TokenType::Control) || types[id] == static_cast<double>(TokenType::Unknown);
        const auto piece = parts.vocabulary->piece(id);
        if (!piece || piece->empty() || piece->size() > AddedMatcher::longestToken || (!special && types[id] != static_cast<double>(TokenType::UserDefined)))
            continue;
        if (auto done = addToken(parts, {.id = id, .content = std::string(*piece), .special = special}, keys.where()); !done)
            return done;
    }
    return {};
}

Result<void> readTemplate(const Keys& keys, TokenizerParts& parts, bool bert, bool forceBos)
{
    auto bos = keys.flag("add_bos_token", parts.special.addBos);
    auto eos = keys.flag("add_eos_token", parts.special.addEos);
    if (!bos || !eos)
        return !bos ? failure(bos) : failure(eos);
    auto separator = keys.id("seperator_token_id", parts.vocabulary->size()); // so llama.cpp spells it
    if (separator && !*separator)
        separator = keys.id("separator_token_id", parts.vocabulary->size());
    auto sep = keys.flag("add_sep_token", bert);
    if (!separator || !sep)
        return !separator ? failure(separator) : failure(sep);
    parts.special.addBos = (*bos || forceBos) && parts.special.bos;
    parts.special.addEos = *eos && parts.special.eos;
    if (parts.special.addBos)
        parts.before.push_back(*parts.special.bos);
    if (bert && *sep && *separator)
        parts.after.push_back(**separator);
    else if (parts.special.addEos)
        parts.after.push_back(*parts.special.eos);
    return {};
}

Result<void> makeStages(const Keys& keys, TokenizerParts& parts, const std::string& model, bool& forceBos)
{
    auto scores = keys.numbers("scores", parts.vocabulary->size());
    if (!scores)
        return failure(scores);
    if (model == "gemma4")
        return makeBpe(keys, parts, "gemma4", forceBos);
    if (model == "gpt2") {
        auto pre = keys.text("pre");
        return pre ? makeBpe(keys, parts, *pre, forceBos) : failure(pre);
    }
    if (model == "llama")
        return makeScores(keys, parts, std::move(*scores));
    if (model == "bert")
        return makeBert(keys, parts);
    if (model == "t5")
        return makeT5(keys, parts, std::move(*scores));
    return fail(ErrorCode::TokenizerUnsupported, keys.where(), said(CORE_TEXT("reasons", "the model %1"), model.substr(0, 100)));
}

} // namespace

Result<TokenizerPtr> tokenizerOfGguf(const File& file)
{
    auto header = readGguf(file, true);
    if (!header)
        return failure(header);
    const Keys keys(file, *header);
    auto model = keys.text("model");
    if (!model)
        return failure(model);
    if (model->empty() || *model == "none")
        return fail(ErrorCode::TokenizerMissing, keys.where());
    TokenizerParts parts;
    auto vocabulary = readVocabulary(keys);
    if (!vocabulary)
        return failure(vocabulary);
    parts.vocabulary = std::move(*vocabulary);
    if (auto done = readSpecial(keys, parts); !done)
        return failure(done);
    bool forceBos = false;
    if (auto done = makeStages(keys, parts, *model, forceBos); !done)
        return failure(done);
    auto types = keys.numbers("token_type", parts.vocabulary->size());
    if (!types)
        return failure(types);
    if (auto done = addByType(keys, parts, *types); !done)
        return failure(done);
    if (auto done = readTemplate(keys, parts, *model == "bert", forceBos); !done)
        return failure(done);
    return std::make_shared<const Tokenizer>(std::move(parts));
}

} // namespace wb
