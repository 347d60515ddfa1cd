// Rewriting a text, as normalizer of tokenizer.json names it.
#include "core/text/bytealphabet.h"
#include "core/text/charsmap.h"
#include "core/text/stagefields.h"
#include "core/text/parts.h"
#include "core/text/unicode.h"

#include <functional>

namespace wb {
namespace {

bool isAscii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// A normal form, stretch by stretch: one ends where no character can join what is before it.
class UnicodeForm final : public Normalizer {
public:
    explicit UnicodeForm(unicode::Form form) : m_form(form) {}
    Result<bool> apply(const TextView& in, TracedText& out) const override
    {
        if (isAscii(in.text))
            return false;
        for (std::size_t begin = 0; begin < in.text.size();) {
            std::size_t end = begin + unicode::characterAt(in.text, begin).bytes;
            while (end < in.text.size()) {
                const auto next = unicode::characterAt(in.text, end);
                if (!unicode::isCombining(next.code))
                    break;
                end += next.bytes;
            }
            const TextView stretch = in.slice(begin, end);
            if (end - begin == 1)
                out.append(stretch);
            else if (const std::string form = unicode::normalized(stretch.text, m_form); form == stretch.text)
                out.append(stretch);
            else
                out.append(form, stretch.source(0, stretch.text.size()));
            begin = end;
        }
        return out.text != in.text;
    }

private:
    unicode::Form m_form;
};

// Each character by itself: kept, dropped, or another text.
class EachCharacter final : public Normalizer {
public:
    // Appends what the character becomes; returns false to keep it.
    using Change = std::function<bool(char32_t code, std::string& text)>;
    explicit EachCharacter(Change change) : m_change(std::move(change)) {}
    Result<bool> apply(const TextView& in, TracedText& out) const override
    {
        bool changed = false;
        std::string text;
        for (std::size_t at = 0; at < in.text.size();) {
            const auto character = unicode::characterAt(in.text, at);
            text.clear();
            if (m_change(character.code, text)) {
                out.append(text, in.source(at, at + character.bytes));
                changed = true;
            } else {
                out.append(in.slice(at, at + character.bytes));
            }
            at += character.bytes;
        }
        return changed;
    }

private:
    Change m_change;
};

class ReplaceMatches final : public Normalizer {
public:
    ReplaceMatches(TextPattern pattern, std::string content) : m_pattern(std::move(pattern)), m_content(std::move(content)) {}
    Result<bool> apply(const TextView& in, TracedText& out) const override
    {
        std::vector<TextPattern::Match> matches;
        if (auto done = m_pattern.findAll(in.text, matches); !done)
            return failure(done);
        if (matches.size() * (m_content.size() + 1) > mostGrown(in.text.size()))
            return fail(ErrorCode::TextNotEncodable, "", said(CORE_TEXT("reasons", "a normalizer makes more than %1 bytes of %2"), mostGrown(in.text.size()), in.text.size()));
        std::size_t at = 0;
        for (const auto& match : matches) {
            out.append(in.slice(at, match.begin));
            out.append(m_content, in.source(match.begin, match.end));
            at = match.end;
        }
        out.append(in.slice(at, in.text.size()));
        return !matches.empty();
    }

private:
    TextPattern m_pattern;
    std::string m_content;
};

class PutInFront final : public Normalizer {
public:
    explicit PutInFront(std::string text) : m_text(std::move(text)) {}
    Result<bool> apply(const TextView& in, TracedText& out) const override
    {
        if (in.text.empty())
            return false;
        out.append(m_text, {in.sourceBegin(), in.sourceBegin()});
        out.append(in);
        return true;
    }

private:
    std::string m_text;
};

class StripBlanks final : public Normalizer {
public:
    StripBlanks(bool left, bool right) : m_left(left), m_right(right) {}
    Result<bool> apply(const TextView& in, TracedText& out) const override
    {
        std::size_t begin = 0, end = in.text.size();
        while (m_left && begin < end && unicode::isWhiteSpace(unicode::characterAt(in.text, begin).code))
            begin += unicode::characterAt(in.text, begin).bytes;
        while (m_right && begin < end && unicode::isWhiteSpace(unicode::characterBefore(in.text, end).code))
            end -= unicode::characterBefore(in.text, end).bytes;
        out.append(in.slice(begin, end));
        return begin > 0 || end < in.text.size();
    }

private:
    bool m_left, m_right;
};

class ToByteAlphabet final : public Normalizer {
public:
    Result<bool> apply(const TextView& in, TracedText& out) const override
    {
        for (std::size_t i = 0; i < in.text.size(); ++i)
            out.append(alphabetOf(static_cast<std::uint8_t>(in.text[i])), in.source(i, i + 1));
        return !in.text.empty();
    }
};

bool isChinese(char32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
           (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

bool cleaned(char32_t code, std::string& text)
{
    const bool lineOrTab = code == '\t' || code == '\n' || code == '\r';
    if (!lineOrTab && (code == 0 || code == 0xFFFD || unicode::isControl(code)))
        return true;
    if (code == ' ' || !unicode::isWhiteSpace(code))
        return false;
    text = " ";
    return true;
}

bool withBlanksAround(char32_t code, std::string& text)
{
    if (!isChinese(code))
        return false;
    text = " " + unicode::utf8(code) + " ";
    return true;
}

bool lowered(char32_t code, std::string& text)
{
    unicode::appendLower(text, code);
    return text != unicode::utf8(code);
}

// The blanks and controls of the Nmt rules of SentencePiece.
bool nmtCleaned(char32_t c, std::string& text)
{
    if ((c >= 1 && c <= 8) || c == 0xB || (c >= 0xE && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F)
        return true;
    if (c == 9 || c == 0xA || c == 0xC || c == 0xD || c == 0x1680 || (c >= 0x200B && c <= 0x200F) || c == 0x2028 ||
        c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD) {
        text = " ";
        return true;
    }
    return false;
}

template <typename T, typename... Args>
void put(Normalizers& out, Args&&... args)
{
    out.push_back(std::make_unique<T>(std::forward<Args>(args)...));
}

void buildBert(StageFields& fields, Normalizers& out)
{
    const bool lowercase = fields.boolean("lowercase", true);
    if (fields.boolean("clean_text", true))
        put<EachCharacter>(out, cleaned);
    if (fields.boolean("handle_chinese_chars", true))
        put<EachCharacter>(out, withBlanksAround);
    if (fields.boolean("strip_accents", lowercase)) {
        put<UnicodeForm>(out, unicode::Form::Nfd);
        put<EachCharacter>(out, [](char32_t c, std::string&) { return unicode::isMark(c); });
    }
    if (lowercase)
        put<EachCharacter>(out, lowered);
}

constexpr int deepest = 8;

Result<void> build(const Json& part, const std::string& where, int depth, Normalizers& out)
{
    StageFields fields(part, CORE_TEXT("reasons", "the normalizer"), where);
    const std::string type = fields.type();
    if (type == "Sequence") {
        const Json* list = fields.find("normalizers");
        if (list == nullptr || !list->is_array() || depth >= deepest) {
            fields.wrong(said(CORE_TEXT("reasons", "normalizers must be a list, at most %1 deep"), deepest));
        } else {
            for (const Json& element : *list)
                if (auto done = build(element, where, depth + 1, out); !done)
                    return done;
        }
    } else if (type == "NFC") {
        put<UnicodeForm>(out, unicode::Form::Nfc);
    } else if (type == "NFD") {
        put<UnicodeForm>(out, unicode::Form::Nfd);
    } else if (type == "NFKC") {
        put<UnicodeForm>(out, unicode::Form::Nfkc);
    } else if (type == "NFKD") {
        put<UnicodeForm>(out, unicode::Form::Nfkd);
    } else if (type == "Lowercase") {
        put<EachCharacter>(out, lowered);
    } else if (type == "StripAccents") {
        put<EachCharacter>(out, [](char32_t c, std::string&) { return unicode::isAnyMark(c); });
    } else if (type == "Nmt") {
        put<EachCharacter>(out, nmtCleaned);
    } else if (type == "BertNormalizer") {
        buildBert(fields, out);
    } else if (type == "Prepend") {
        put<PutInFront>(out, fields.text("prepend"));
    } else if (type == "Strip") {
        const bool left = fields.boolean("strip_left", true);
        put<StripBlanks>(out, left, fields.boolean("strip_right", true));
    } else if (type == "Replace") {
        auto pattern = patternOf(fields);
        if (!pattern)
            return failure(pattern);
        put<ReplaceMatches>(out, std::move(*pattern), fields.text("content"));
    } else if (type == "ByteLevel") {
        put<ToByteAlphabet>(out);
    } else if (type == "Precompiled") {
        auto map = makeCharsmap(fields.text("precompiled_charsmap"), where);
        if (!map)
            return failure(map);
        out.push_back(std::move(*map));
    } else if (!type.empty()) {
        fields.unsupported(said(CORE_TEXT("reasons", "the normalizer %1"), type.substr(0, 100)));
    }
    return fields.done();
}

} // namespace

Result<Normalizers> makeNormalizers(const Json* part, const std::string& where)
{
    Normalizers list;
    if (part != nullptr && !part->is_null())
        if (auto done = build(*part, where, 0, list); !done)
            return failure(done);
    if (list.size() > mostStages)
        return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "%1 normalizers are more stages than %2"), list.size(), mostStages));
    return list;
}

} // namespace wb
