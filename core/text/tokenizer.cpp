#include "core/text/tokenizer.h"

#include "core/text/parts.h"
#include "core/text/unicode.h"

namespace wb {
namespace {

tl::unexpected<Error> grewTooMuch(const char* stages, std::size_t bytes)
{
    return fail(ErrorCode::TextNotEncodable, "", said(CORE_TEXT("reasons", "the %1 make more than %2 bytes of %3"), stages, mostGrown(bytes), bytes));
}

Result<void> encodeWords(const TokenizerParts& parts, const TextView& text, Encoding& out)
{
    Words words;
    words.list.push_back(text);
    for (const auto& step : parts.preTokenizers) {
        if (auto done = step->apply(words); !done)
            return done;
        std::size_t bytes = 0;
        for (const TextView& word : words.list)
            bytes += word.text.size();
        if (bytes > mostGrown(text.text.size()))
            return grewTooMuch("pre-tokenizers", text.text.size());
    }
    for (const TextView& word : words.list)
        if (!parts.model->tokenize(word, out))
            return fail(ErrorCode::TextNotEncodable, "",
                        said(CORE_TEXT("reasons", "the vocabulary has neither \"%1\" nor an unknown token"), std::string(word.text.substr(0, 60))));
    return {};
}

// Text between two added tokens of the raw text: normalized, then searched for the tokens that are found normalized.
Result<void> encodePart(const TokenizerParts& parts, const TextView& raw, Encoding& out)
{
    TracedText kept;
    auto text = normalize(parts.normalizers, raw, kept);
    if (!text)
        return failure(text);
    if (parts.inNormalized.empty())
        return text->text.empty() ? Result<void>() : encodeWords(parts, *text, out);
    std::vector<AddedMatcher::Part> found;
    parts.inNormalized.split(text->text, found);
    for (const auto& part : found) {
        if (part.id) {
            out.ids.push_back(*part.id);
            out.ranges.push_back(text->source(part.begin, part.end));
        } else if (auto done = encodeWords(parts, text->slice(part.begin, part.end), out); !done) {
            return done;
        }
    }
    return {};
}

void appendTemplate(const std::vector<TokenId>& ids, std::uint32_t at, Encoding& out)
{
    out.ids.insert(out.ids.end(), ids.begin(), ids.end());
    out.ranges.insert(out.ranges.end(), ids.size(), ByteRange{at, at});
}

} // namespace

Result<TextView> normalize(const Normalizers& chain, const TextView& in, TracedText& kept)
{
    TextView view = in;
    for (const auto& step : chain) {
        TracedText next;
        auto changed = step->apply(view, next);
        if (!changed)
            return failure(changed);
        if (next.text.size() > mostGrown(in.text.size()))
            return grewTooMuch("normalizers", in.text.size());
        if (*changed) {
            kept = std::move(next);
            view = kept.view();
        }
    }
    return view;
}

Tokenizer::Tokenizer(TokenizerParts&& parts) : m_parts(std::make_unique<TokenizerParts>(std::move(parts))) {}
Tokenizer::~Tokenizer() = default;

Result<Encoding> Tokenizer::encode(std::string_view text, bool addSpecial) const
{
    if (text.size() >= 0xFFFFFFFFU)
        return fail(ErrorCode::TextNotEncodable, "", said(CORE_TEXT("reasons", "it has %1 bytes"), text.size()));
    if (const auto bad = unicode::firstInvalid(text))
        return fail(ErrorCode::TextNotEncodable, "", said(CORE_TEXT("reasons", "byte %1 is not UTF-8"), *bad));
    Encoding out;
    if (addSpecial)
        appendTemplate(m_parts->before, 0, out);
    std::vector<AddedMatcher::Part> found;
    m_parts->inText.split(text, found);
    for (const auto& part : found) {
        const auto begin = static_cast<std::uint32_t>(part.begin), end = static_cast<std::uint32_t>(part.end);
        if (part.id) {
            out.ids.push_back(*part.id);
            out.ranges.push_back({begin, end});
        } else if (auto done = encodePart(*m_parts, {text.substr(begin, end - begin), begin, {}, false}, out); !done) {
            return failure(done);
        }
    }
    if (addSpecial)
        appendTemplate(m_parts->after, static_cast<std::uint32_t>(text.size()), out);
    return out;
}

std::string Tokenizer::decode(std::span<const TokenId> ids, bool skipSpecial) const
{
    std::vector<std::string> pieces;
    pieces.reserve(ids.size());
    for (const TokenId id : ids) {
        const auto text = piece(id);
        if (!text || (skipSpecial && isSpecial(id)))
            continue;
        const auto normalized = m_parts->decodedAs.empty() ? m_parts->decodedAs.end() : m_parts->decodedAs.find(id);
        pieces.emplace_back(normalized == m_parts->decodedAs.end() ? *text : normalized->second);
    }
    for (const auto& step : m_parts->decoders)
        step->apply(pieces);
    std::string text;
    for (const std::string& part : pieces) {
        if (m_parts->decoders.empty() && &part != &pieces.front())
            text += ' ';
        text += part;
    }
    return text;
}

std::optional<std::string_view> Tokenizer::piece(TokenId id) const
{
    const auto text = m_parts->vocabulary->piece(id);
    return text ? text : m_parts->extra.piece(id);
}

std::optional<TokenId> Tokenizer::find(std::string_view piece) const
{
    const auto id = m_parts->vocabulary->find(piece);
    return id ? id : m_parts->extra.find(piece);
}

bool Tokenizer::isSpecial(TokenId id) const { return id < m_parts->specialIds.size() && m_parts->specialIds[id]; }
std::size_t Tokenizer::size() const { return std::max(m_parts->vocabulary->size(), m_parts->extra.size()); }
std::span<const AddedToken> Tokenizer::added() const { return m_parts->added; }
const SpecialTokens& Tokenizer::special() const { return m_parts->special; }
const std::string& Tokenizer::kind() const { return m_parts->kind; }

StreamingDecoder::StreamingDecoder(TokenizerPtr tokenizer, bool skipSpecial)
    : m_tokenizer(std::move(tokenizer)), m_skipSpecial(skipSpecial)
{
}

// The ids that gave the last text stay in front: what stands at the begin of a text is decoded in its own way.
std::string StreamingDecoder::push(TokenId id)
{
    constexpr std::size_t longestWait = 64; // tokens; no character is so long, but bytes that are none may go on for ever
    if (m_skipSpecial && m_tokenizer->isSpecial(id))
        return {};
    m_ids.push_back(id);
    const std::string fresh = waiting();
    if (fresh.empty() || (fresh.ends_with("\xEF\xBF\xBD") && m_ids.size() - m_waitFrom < longestWait))
        return {};
    m_ids.erase(m_ids.begin(), m_ids.begin() + static_cast<std::ptrdiff_t>(m_waitFrom));
    m_waitFrom = m_ids.size();
    m_shown = m_tokenizer->decode(m_ids, m_skipSpecial);
    return fresh;
}

// Text of the ids that wait, after those that do not.
std::string StreamingDecoder::waiting() const
{
    const std::string text = m_tokenizer->decode(m_ids, m_skipSpecial);
    if (text.starts_with(m_shown))
        return text.substr(m_shown.size());
    // A byte that breaks a run of bytes changes what the run stood for, and that is out already.
    return m_tokenizer->decode(std::span(m_ids).subspan(m_waitFrom), m_skipSpecial);
}

std::string StreamingDecoder::finish()
{
    std::string rest = waiting();
    m_ids.clear();
    m_shown.clear();
    m_waitFrom = 0;
    return rest;
}

} // namespace wb
