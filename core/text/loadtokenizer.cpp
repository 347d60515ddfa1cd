// A tokenizer from tokenizer.json and the small files beside it.
#include "core/checkpoint/open.h"
#include "core/text/stagefields.h"
#include "core/text/loadtokenizer.h"
#include "core/text/makemodel.h"
#include "core/text/sentencepiece.h"
#include "core/text/unicode.h"

#include <array>

namespace wb {
namespace {

constexpr std::uint64_t maxConfigBytes = 64U << 20;
constexpr std::size_t maxAdded = 1U << 20;

const Json* member(const Json& json, const char* name)
{
    const auto found = json.find(name);
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

bool holdsType(const Json* part, const char* type)
{
    if (part == nullptr || !part->is_structured())
        return false;
    if (part->is_object())
        if (const Json* own = member(*part, "type"); own != nullptr && *own == type)
            return true;
    return std::ranges::any_of(*part, [&](const Json& element) { return holdsType(&element, type); });
}

Result<AddedToken> readAdded(const Json& entry, const std::string& where)
{
    StageFields fields(entry, CORE_TEXT("reasons", "an added token"), where);
    AddedToken token;
    token.content = fields.text("content");
    const std::uint64_t id = fields.count("id");
    token.id = static_cast<TokenId>(id);
    token.special = fields.boolean("special", false);
    token.normalized = fields.boolean("normalized", !token.special);
    token.singleWord = fields.boolean("single_word", false);
    token.lstrip = fields.boolean("lstrip", false);
    token.rstrip = fields.boolean("rstrip", false);
    if (id > Vocabulary::maxId)
        fields.wrong(said(CORE_TEXT("reasons", "the id %1 is larger than %2"), id, Vocabulary::maxId));
    if (token.content.size() > AddedMatcher::longestToken)
        fields.wrong(said(CORE_TEXT("reasons", "it has %1 bytes and %2 is the most"), token.content.size(), AddedMatcher::longestToken));
    if (auto done = fields.done(); !done)
        return failure(done);
    return token;
}

Result<void> readAllAdded(const Json* list, TokenizerParts& parts, const std::string& where)
{
    if (list == nullptr)
        return {};
    if (!list->is_array() || list->size() > maxAdded)
        return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "added_tokens is not a list of at most %1"), maxAdded));
    for (const Json& entry : *list) {
        auto token = readAdded(entry, where);
        if (!token)
            return failure(token);
        if (auto done = addToken(parts, std::move(*token), where); !done)
            return done;
    }
    return {};
}

// What one processor puts around the text.
Result<void> readProcessor(const Json& part, TokenizerParts& parts, const std::string& where, int depth)
{
    StageFields fields(part, CORE_TEXT("reasons", "the post-processor"), where);
    const std::string type = fields.type();
    const auto wrap = [&](std::vector<TokenId> before, std::vector<TokenId> after) {
        if (!parts.before.empty() || !parts.after.empty())
            fields.unsupported(said(CORE_TEXT("reasons", "one template inside of another")));
        parts.before = std::move(before);
        parts.after = std::move(after);
    };
    if (type == "Sequence") {
        const Json* list = fields.find("processors");
        if (list == nullptr || !list->is_array() || depth > 8) {
            fields.wrong(said(CORE_TEXT("reasons", "processors must be a list, at most 8 deep")));
            return fields.done();
        }
        for (const Json& element : *list)
            if (auto done = readProcessor(element, parts, where, depth + 1); !done)
                return done;
    } else if (type == "ByteLevel") { // only shifts the reference's offsets
        (void)fields.boolean("add_prefix_space", true);
        (void)fields.boolean("trim_offsets", true);
        (void)fields.boolean("use_regex", true);
    } else if (type == "BertProcessing" || type == "RobertaProcessing") {
        std::array<std::vector<TokenId>, 2> ids;
        for (int i = 0; i < 2; ++i) {
            const char* name = i == 0 ? "cls" : "sep";
            const Json* pair = fields.find(name);
            if (pair == nullptr || !pair->is_array() || pair->size() != 2 || !(*pair)[1].is_number_unsigned() || (*pair)[1].get<std::uint64_t>() > Vocabulary::maxId)
                fields.wrong(said(CORE_TEXT("reasons", "%1 must be a piece and its id"), name));
            else
                ids[static_cast<std::size_t>(i)].push_back((*pair)[1].get<TokenId>());
        }
        if (type == "RobertaProcessing") {
            (void)fields.boolean("trim_offsets", true);
            (void)fields.boolean("add_prefix_space", true);
        }
        wrap(std::move(ids[0]), std::move(ids[1]));
    } else if (type == "TemplateProcessing") {
        std::vector<TokenId> before, after;
        if (auto done = readTemplate(fields, before, after); !done)
            return done;
        wrap(std::move(before), std::move(after));
    } else if (!type.empty()) {
        fields.unsupported(said(CORE_TEXT("reasons", "the post-processor %1"), type.substr(0, 100)));
    }
    return fields.done();
}

// The piece that `name` of tokenizer_config.json or special_tokens_map.json names, as text or as an object.
std::optional<std::string> namedPiece(const Json& config, const char* name)
{
    const Json* value = member(config, name);
    if (value != nullptr && value->is_object())
        value = member(*value, "content");
    return value != nullptr && value->is_string() ? std::optional(value->get<std::string>()) : std::nullopt;
}

// `truncation` and `padding` are left aside: how long a text may be is for the caller to say.
Result<TokenizerParts> partsOf(TokenizerFile&& file, const std::string& where)
{
    if (!file.rest->is_object())
        return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "it is not an object")));
    const Json& rest = *file.rest;
    TokenizerParts parts;
    parts.vocabulary = std::make_unique<const Vocabulary>(std::move(file.vocabulary));
    auto model = makeTextModel(file, *parts.vocabulary, where, parts.kind);
    if (!model)
        return failure(model);
    parts.model = std::move(*model);
    auto normalizers = makeNormalizers(member(rest, "normalizer"), where);
    if (!normalizers)
        return failure(normalizers);
    parts.normalizers = std::move(*normalizers);
    auto preTokenizers = makePreTokenizers(member(rest, "pre_tokenizer"), where, parts.kind == "BPE");
    if (!preTokenizers)
        return failure(preTokenizers);
    parts.preTokenizers = std::move(*preTokenizers);
    auto decoders = makeDecodeSteps(member(rest, "decoder"), where);
    if (!decoders)
        return failure(decoders);
    parts.decoders = std::move(*decoders);
    if (auto done = readAllAdded(member(rest, "added_tokens"), parts, where); !done)
        return failure(done);
    if (const Json* processor = member(rest, "post_processor"))
        if (auto done = readProcessor(*processor, parts, where, 0); !done)
            return failure(done);
    for (const auto* ids : {&parts.before, &parts.after})
        for (const TokenId id : *ids)
            if (!parts.vocabulary->piece(id) && !parts.extra.piece(id))
                return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "the template puts the id %1, which no piece has"), id));
    if (parts.kind == "BPE" && (holdsType(member(rest, "pre_tokenizer"), "ByteLevel") || holdsType(member(rest, "normalizer"), "ByteLevel")))
        parts.kind = "byte-level BPE";
    return parts;
}

} // namespace

Result<void> readNames(const std::filesystem::path& folder, TokenizerParts& parts)
{
    for (const char* name : {"special_tokens_map.json", "tokenizer_config.json"}) { // the second has the last word
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(folder / name, ignored))
            continue;
        auto config = readJson(folder / name, true, maxConfigBytes);
        if (!config)
            return failure(config);
        if (!config->is_object())
            return fail(ErrorCode::JsonInvalid, (folder / name).string(), said(CORE_TEXT("reasons", "it is not an object")));
        const auto set = [&](const char* field, std::optional<TokenId>& id) {
            if (const auto piece = namedPiece(*config, field))
                if (const auto found = findPiece(parts, *piece))
                    id = found;
        };
        set("bos_token", parts.special.bos);
        set("eos_token", parts.special.eos);
        set("unk_token", parts.special.unknown);
        set("pad_token", parts.special.pad);
    }
    parts.special.addBos = parts.special.bos && std::ranges::find(parts.before, *parts.special.bos) != parts.before.end();
    parts.special.addEos = parts.special.eos && std::ranges::find(parts.after, *parts.special.eos) != parts.after.end();
    return {};
}

std::optional<TokenId> findPiece(const TokenizerParts& parts, std::string_view piece)
{
    const auto id = parts.vocabulary->find(piece);
    return id ? id : parts.extra.find(piece);
}

// A token that the model knows has the model's id, whatever the list says; so the reference reads it.
Result<void> addToken(TokenizerParts& parts, AddedToken token, const std::string& where)
{
    if (const auto known = findPiece(parts, token.content)) {
        token.id = *known;
    } else if (parts.vocabulary->piece(token.id) || parts.extra.add(token.content, token.id) != Vocabulary::Added::Yes) {
        return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "the id %1 of the added token %2 is another piece's"), token.id, token.content.substr(0, 100)));
    }
    if (token.special) {
        parts.specialIds.resize(std::max<std::size_t>(parts.specialIds.size(), token.id + std::size_t{1}));
        parts.specialIds[token.id] = true;
    }
    if (token.normalized) {
        TracedText kept;
        const TextView raw{token.content, 0, {}, false};
        auto text = normalize(parts.normalizers, raw, kept);
        if (!text)
            return failure(text);
        parts.inNormalized.add(token, text->text);
        if (text->text != token.content)
            parts.decodedAs.emplace(token.id, text->text);
    } else {
        parts.inText.add(token, token.content);
    }
    parts.added.push_back(std::move(token));
    return {};
}

Result<void> readTemplate(StageFields& fields, std::vector<TokenId>& before, std::vector<TokenId>& after)
{
    const Json* single = fields.find("single");
    const Json* tokens = fields.find("special_tokens");
    (void)fields.find("pair"); // one text at a time is all we encode
    bool seen = false;
    const auto wrong = [&](const Sentence& why) {
        fields.wrong(why);
        return fields.done();
    };
    if (single == nullptr || !single->is_array())
        return wrong(said(CORE_TEXT("reasons", "single must be a list")));
    for (const Json& element : *single) {
        if (!element.is_object() || element.size() != 1 || !element.begin().value().is_object())
            return wrong(said(CORE_TEXT("reasons", "single must hold objects of one member")));
        const std::string kind = element.begin().key();
        const Json* id = member(element.begin().value(), "id");
        if (id == nullptr || !id->is_string())
            return wrong(said(CORE_TEXT("reasons", "a part of the template has no id")));
        if (kind == "Sequence") {
            if (std::exchange(seen, true))
                fields.unsupported(said(CORE_TEXT("reasons", "a template that repeats the text")));
            continue;
        }
        if (kind != "SpecialToken")
            return wrong(said(CORE_TEXT("reasons", "single holds %1"), kind.substr(0, 100)));
        const auto entry = tokens != nullptr && tokens->is_object() ? tokens->find(id->get<std::string>()) : Json::const_iterator();
        const Json* ids = tokens != nullptr && tokens->is_object() && entry != tokens->end() && entry->is_object() ? member(*entry, "ids") : nullptr;
        if (ids == nullptr || !ids->is_array())
            return wrong(said(CORE_TEXT("reasons", "special_tokens has no ids of %1"), id->get<std::string>().substr(0, 100)));
        for (const Json& value : *ids) {
            if (!value.is_number_unsigned() || value.get<std::uint64_t>() > Vocabulary::maxId)
                return wrong(said(CORE_TEXT("reasons", "an id of the template is not an id")));
            (seen ? after : before).push_back(value.get<TokenId>());
        }
    }
    if (!seen)
        fields.unsupported(said(CORE_TEXT("reasons", "a template without the text")));
    return {};
}

Result<TokenizerPtr> tokenizerOfText(std::string_view json, const std::string& where)
{
    auto file = readTokenizerText(json, where);
    if (!file)
        return failure(file);
    auto parts = partsOf(std::move(*file), where);
    if (!parts)
        return failure(parts);
    return std::make_shared<const Tokenizer>(std::move(*parts));
}

Result<TokenizerPtr> tokenizerOfFile(const std::filesystem::path& path)
{
    auto file = readTokenizerFile(path);
    if (!file)
        return failure(file);
    auto parts = partsOf(std::move(*file), path.string());
    if (!parts)
        return failure(parts);
    if (auto done = readNames(path.parent_path(), *parts); !done)
        return failure(done);
    return std::make_shared<const Tokenizer>(std::move(*parts));
}

Result<TokenizerPtr> loadTokenizer(const Checkpoint& checkpoint)
{
    std::error_code ignored;
    const std::filesystem::path folder = checkpoint.isFolder() ? checkpoint.root() : checkpoint.root().parent_path();
    if (checkpoint.format() != Format::Gguf && std::filesystem::is_regular_file(folder / "tokenizer.json", ignored))
        return tokenizerOfFile(folder / "tokenizer.json");
    if (const auto vocabulary = vocabularyFileOf(folder); vocabulary && checkpoint.format() != Format::Gguf)
        return tokenizerOfVocabulary(*vocabulary);
    if (checkpoint.format() == Format::Gguf && !checkpoint.files().empty())
        return tokenizerOfGguf(*checkpoint.files().front().file); // of a split one the first part has the keys
    return fail(ErrorCode::TokenizerMissing, checkpoint.root().string());
}

Result<TokenizerPtr> loadTokenizer(const std::filesystem::path& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored) && std::filesystem::is_regular_file(path / "tokenizer.json", ignored))
        return tokenizerOfFile(path / "tokenizer.json");
    const auto vocabulary = std::filesystem::is_directory(path, ignored) ? vocabularyFileOf(path) : std::nullopt;
    if (vocabulary)
        return tokenizerOfVocabulary(*vocabulary);
    if (std::filesystem::is_regular_file(path, ignored) && (path.extension() == ".model" || path.extension() == ".tiktoken"))
        return tokenizerOfVocabulary(path);
    if (std::filesystem::is_regular_file(path, ignored) && path.extension() == ".json" && path.filename() != "model.safetensors.index.json")
        return tokenizerOfFile(path);
    auto checkpoint = openCheckpoint(path);
    if (!checkpoint)
        return failure(checkpoint);
    return loadTokenizer(**checkpoint);
}

} // namespace wb
