#include "core/text/sentencepiece.h"

#include "core/base/bytes.h"
#include "core/text/charsmap.h"
#include "core/text/loadtokenizer.h"
#include "core/text/scorebpe.h"
#include "core/text/unicode.h"
#include "core/text/unigram.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>

namespace wb {
namespace {

constexpr const char* mark = "\xE2\x96\x81"; // ▁ for a blank
constexpr std::size_t longestPiece = 64U << 10;

// One message of Protocol Buffers: numbered fields, each a number or bytes.
class Message {
public:
    explicit Message(std::string_view bytes) : m_rest(bytes) {}

    struct Field {
        std::uint64_t number = 0, value = 0; // of a varint or fixed number: its bits
        std::string_view bytes;              // of a text, bytes or a message
    };
    // Nothing at the end, or when what follows is no field; bad() then tells which.
    std::optional<Field> next()
    {
        if (m_rest.empty())
            return std::nullopt;
        Field field;
        const auto key = varint();
        field.number = key.value_or(0) >> 3U;
        bool good = key && field.number != 0;
        switch (good ? *key & 7U : 7U) {
        case 0: good = take(varint(), field.value); break;
        case 1: good = fixed(8, field.value); break;
        case 5: good = fixed(4, field.value); break;
        case 2: {
            const auto length = varint();
            good = length && *length <= m_rest.size();
            if (good) {
                field.bytes = m_rest.substr(0, *length);
                m_rest.remove_prefix(*length);
            }
            break;
        }
        default: good = false;
        }
        m_bad = !good;
        return good ? std::optional(field) : std::nullopt;
    }
    [[nodiscard]] bool bad() const { return m_bad; }

private:
    std::optional<std::uint64_t> varint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !m_rest.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= std::uint64_t{byte & 127U} << shift;
            if (byte < 128)
                return value;
        }
        return std::nullopt;
    }
    static bool take(std::optional<std::uint64_t> from, std::uint64_t& to)
    {
        to = from.value_or(0);
        return from.has_value();
    }
    bool fixed(std::size_t size, std::uint64_t& to)
    {
        if (m_rest.size() < size)
            return false;
        for (std::size_t i = 0; i < size; ++i)
            to |= std::uint64_t{static_cast<unsigned char>(m_rest[i])} << (8 * i);
        m_rest.remove_prefix(size);
        return true;
    }

    std::string_view m_rest;
    bool m_bad = false;
};

// sentencepiece_model.proto, what of it decides the ids.
enum class PieceType : std::uint8_t { Normal = 1, Unknown, Control, UserDefined, Unused, Byte };
enum class ModelType : std::uint8_t { Unigram = 1, Bpe };
struct Piece {
    std::string_view text;
    float score = 0;
    std::uint64_t type = 1;
};
struct Model {
    std::vector<Piece> pieces;
    std::uint64_t type = 1;
    bool byteFallback = false, dummyPrefix = true, fewerBlanks = true, escapes = true, suffix = false;
    std::uint64_t unknown = 0, bos = 1, eos = 2, pad = ~std::uint64_t{0};
    std::string_view charsmap;
};

bool readPiece(std::string_view bytes, Piece& piece)
{
    Message message(bytes);
    while (const auto field = message.next()) {
        if (field->number == 1)
            piece.text = field->bytes;
        else if (field->number == 2)
            piece.score = std::bit_cast<float>(static_cast<std::uint32_t>(field->value));
        else if (field->number == 3)
            piece.type = field->value;
    }
    return !message.bad();
}

bool readTrainer(std::string_view bytes, Model& model)
{
    Message message(bytes);
    while (const auto field = message.next())
        switch (field->number) {
        case 3: model.type = field->value; break;
        case 24: model.suffix = field->value != 0; break;
        case 35: model.byteFallback = field->value != 0; break;
        case 40: model.unknown = field->value; break;
        case 41: model.bos = field->value; break; // −1, as a number of 64 bits: none
        case 42: model.eos = field->value; break;
        case 43: model.pad = field->value; break;
        default: break;
        }
    return !message.bad();
}

bool readNormalizer(std::string_view bytes, Model& model)
{
    Message message(bytes);
    while (const auto field = message.next())
        switch (field->number) {
        case 2: model.charsmap = field->bytes; break;
        case 3: model.dummyPrefix = field->value != 0; break;
        case 4: model.fewerBlanks = field->value != 0; break;
        case 5: model.escapes = field->value != 0; break;
        default: break;
        }
    return !message.bad();
}

Result<Model> readModel(std::string_view bytes, const std::string& where)
{
    const auto wrong = [&](const Sentence& why) { return fail(ErrorCode::TokenizerInvalid, where, why); };
    Model model;
    Message message(bytes);
    while (const auto field = message.next()) {
        bool good = true;
        if (field->number == 1) {
            Piece piece;
            good = readPiece(field->bytes, piece);
            if (good && (piece.text.empty() || piece.text.size() > longestPiece || unicode::firstInvalid(piece.text) || !std::isfinite(piece.score)))
                return wrong(said(CORE_TEXT("reasons", "piece %1 has no proper text or score"), model.pieces.size()));
            if (model.pieces.size() > Vocabulary::maxId)
                return wrong(said(CORE_TEXT("reasons", "it has more than %1 pieces"), Vocabulary::maxId));
            model.pieces.push_back(piece);
        } else if (field->number == 2) {
            good = readTrainer(field->bytes, model);
        } else if (field->number == 3) {
            good = readNormalizer(field->bytes, model);
        }
        if (!good)
            return wrong(said(CORE_TEXT("reasons", "its field %1 ends in the middle of a number or a text"), field->number));
    }
    if (message.bad() && !model.pieces.empty())
        return wrong(said(CORE_TEXT("reasons", "it ends in the middle of a field")));
    if (message.bad() || model.pieces.empty())
        return wrong(said(CORE_TEXT("reasons", "it is no model of SentencePiece")));
    return model;
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

Result<void> makeNormalizing(const Model& model, TokenizerParts& parts, const std::string& where)
{
    if (!model.charsmap.empty()) {
        auto map = makeCharsmapOfBytes(model.charsmap, where);
        if (!map)
            return failure(map);
        parts.normalizers.push_back(std::move(*map));
    }
    Json rewrite = Json::parse(R"({"type":"Sequence","normalizers":[]})");
    const auto replace = [&](const char* kind, const char* what, const char* with) {
        rewrite["normalizers"].push_back(Json{{"type", "Replace"}, {"pattern", {{kind, what}}}, {"content", with}});
    };
    if (model.fewerBlanks) {
        replace("Regex", "\\A +| +\\z", "");
        replace("Regex", " {2,}", " ");
    }
    replace("String", " ", mark);
    if (model.fewerBlanks)
        replace("Regex", "▁+\\z", ""); // the sign itself counts as a blank at the end
    if (model.dummyPrefix)
        rewrite["normalizers"].push_back(Json{{"type", "Prepend"}, {"prepend", mark}});
    return put(parts.normalizers, makeNormalizers(&rewrite, where));
}

Result<void> makeDecoding(const Model& model, TokenizerParts& parts, const std::string& where)
{
    Json back = Json::parse(R"({"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}]})");
    if (model.dummyPrefix)
        back["decoders"].push_back(Json::parse(R"({"type":"Strip","content":" ","start":1,"stop":0})"));
    return put(parts.decoders, makeDecodeSteps(&back, where));
}

Result<void> addTokens(const Model& model, TokenizerParts& parts, const std::string& where)
{
    for (TokenId id = 0; id < model.pieces.size(); ++id) {
        const Piece& piece = model.pieces[id];
        const bool special = piece.type == static_cast<std::uint64_t>(PieceType::Control) || piece.type == static_cast<std::uint64_t>(PieceType::Unknown);
        if ((!special && piece.type != static_cast<std::uint64_t>(PieceType::UserDefined)) || piece.text.size() > AddedMatcher::longestToken)
            continue;
        if (auto done = addToken(parts, {.id = id, .content = std::string(piece.text), .special = special}, where); !done)
            return done;
    }
    return {};
}

} // namespace

std::optional<std::filesystem::path> vocabularyFileOf(const std::filesystem::path& folder)
{
    std::error_code ignored;
    for (const char* name : {"tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "qwen.tiktoken", "tiktoken.model"})
        if (std::filesystem::is_regular_file(folder / name, ignored))
            return folder / name;
    return std::nullopt;
}

Result<TokenizerParts> partsOfSentencePiece(std::string_view bytes, const std::string& where)
{
    auto model = readModel(bytes, where);
    if (!model)
        return failure(model);
    const bool bpe = model->type == static_cast<std::uint64_t>(ModelType::Bpe);
    if (!bpe && model->type != static_cast<std::uint64_t>(ModelType::Unigram))
        return fail(ErrorCode::TokenizerUnsupported, where, said(CORE_TEXT("reasons", "a model of words or characters")));
    if (!model->escapes || model->suffix)
        return fail(ErrorCode::TokenizerUnsupported, where, said(CORE_TEXT("reasons", "blanks that are kept as they are, or put behind words")));
    TokenizerParts parts;
    parts.kind = bpe ? "BPE by scores" : "Unigram";
    auto vocabulary = std::make_unique<Vocabulary>();
    std::vector<double> scores;
    for (TokenId id = 0; id < model->pieces.size(); ++id) {
        if (vocabulary->add(model->pieces[id].text, id) == Vocabulary::Added::PieceTwice)
            vocabulary->addAgain(model->pieces[id].text, id);
        scores.push_back(static_cast<double>(model->pieces[id].score));
    }
    parts.vocabulary = std::move(vocabulary);
    const auto idOf = [&](std::uint64_t id) { return id < model->pieces.size() ? std::optional(static_cast<TokenId>(id)) : std::nullopt; };
    parts.special.unknown = idOf(model->unknown);
    parts.special.bos = idOf(model->bos);
    parts.special.eos = idOf(model->eos);
    parts.special.pad = idOf(model->pad);
    if (bpe)
        parts.model = std::make_unique<ScoreBpe>(*parts.vocabulary, std::move(scores), parts.special.unknown, model->byteFallback);
    else
        parts.model = std::make_unique<Unigram>(*parts.vocabulary, std::move(scores), parts.special.unknown, model->byteFallback);
    if (auto done = makeNormalizing(*model, parts, where); !done)
        return failure(done);
    if (auto done = makeDecoding(*model, parts, where); !done)
        return failure(done);
    if (auto done = addTokens(*model, parts, where); !done)
        return failure(done);
    parts.special.addBos = bpe && parts.special.bos;
    parts.special.addEos = !bpe && parts.special.eos;
    return parts;
}

} // namespace wb
