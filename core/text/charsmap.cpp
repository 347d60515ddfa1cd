#include "core/text/charsmap.h"

#include "core/base/base64.h"
#include "core/base/bytes.h"
#include "core/text/unicode.h"

#include <utf8proc.h>

#include <array>

namespace wb {
namespace {

// Units of a double array as darts-clone lays them out.
struct Unit {
    std::uint32_t bits;
    [[nodiscard]] bool hasLeaf() const { return ((bits >> 8) & 1U) != 0; }
    [[nodiscard]] std::uint32_t value() const { return bits & 0x7FFFFFFFU; }
    [[nodiscard]] std::uint32_t label() const { return bits & 0x800000FFU; }
    [[nodiscard]] std::uint32_t offset() const { return (bits >> 10) << ((bits & 0x200U) >> 6); }
};

class Charsmap final : public Normalizer {
public:
    Charsmap(std::vector<Unit> trie, std::string replacements, bool graphemes)
        : m_trie(std::move(trie)), m_replacements(std::move(replacements)), m_graphemes(graphemes)
    {
    }

    Result<bool> apply(const TextView& in, TracedText& out) const override { return m_graphemes ? byGraphemes(in, out) : byLongest(in, out); }

private:
    // As SentencePiece does: the longest begin of what is left that is in the table, else one character as it is.
    bool byLongest(const TextView& in, TracedText& out) const
    {
        bool changed = false;
        for (std::size_t at = 0; at < in.text.size();) {
            const auto found = find(in.text.substr(at), true);
            const std::size_t bytes = found ? found->bytes : unicode::characterAt(in.text, at).bytes;
            if (found)
                out.append(found->text, in.source(at, at + bytes));
            else
                out.append(in.slice(at, at + bytes));
            changed = changed || found;
            at += bytes;
        }
        return changed;
    }

    // As tokenizers does, which is odd: a grapheme of at most five bytes is replaced as a whole when a begin of it is in the table; otherwise each
    // character by itself.
    bool byGraphemes(const TextView& in, TracedText& out) const
    {
        bool changed = false;
        for (std::size_t begin = 0; begin < in.text.size();) {
            const std::size_t end = graphemeEnd(in.text, begin);
            const auto whole = end - begin < 6 ? find(in.text.substr(begin, end - begin), false) : std::nullopt;
            if (whole) {
                out.append(whole->text, in.source(begin, end));
                changed = true;
            }
            for (std::size_t at = begin; at < end && !whole;) {
                const std::size_t bytes = unicode::characterAt(in.text, at).bytes;
                if (const auto one = find(in.text.substr(at, bytes), false)) {
                    out.append(one->text, in.source(at, at + bytes));
                    changed = true;
                } else {
                    out.append(in.slice(at, at + bytes));
                }
                at += bytes;
            }
            begin = end;
        }
        return changed;
    }

    static std::size_t graphemeEnd(std::string_view text, std::size_t begin)
    {
        utf8proc_int32_t state = 0;
        auto last = unicode::characterAt(text, begin);
        std::size_t end = begin + last.bytes;
        while (end < text.size()) {
            const auto next = unicode::characterAt(text, end);
            if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(last.code), static_cast<utf8proc_int32_t>(next.code), &state))
                break;
            end += next.bytes;
            last = next;
        }
        return end;
    }

    struct Found {
        std::string_view text;
        std::size_t bytes;
    };
    // The replacement of the shortest or longest begin of `text` that has one.
    [[nodiscard]] std::optional<Found> find(std::string_view text, bool longest) const
    {
        std::uint32_t node = m_trie[0].offset();
        std::optional<Found> found;
        for (std::size_t at = 0; at < text.size() && (longest || !found); ++at) {
            const auto byte = static_cast<unsigned char>(text[at]);
            node ^= byte;
            if (byte == 0 || node >= m_trie.size() || m_trie[node].label() != byte)
                break;
            const Unit unit = m_trie[node];
            node ^= unit.offset();
            if (!unit.hasLeaf())
                continue;
            if (node >= m_trie.size() || m_trie[node].value() >= m_replacements.size() ||
                (static_cast<unsigned char>(m_replacements[m_trie[node].value()]) & 0xC0U) == 0x80)
                break; // a damaged table points nowhere, or into the middle of a character
            if (at + 1 < text.size() && (static_cast<unsigned char>(text[at + 1]) & 0xC0U) == 0x80)
                continue; // nor does one end within a character
            found = Found{m_replacements.data() + m_trie[node].value(), at + 1}; // a zero ends the last one too
        }
        return found;
    }

    std::vector<Unit> m_trie;
    std::string m_replacements;
    bool m_graphemes;
};

Result<std::unique_ptr<const Normalizer>> make(std::string_view bytes, bool graphemes, const std::string& where)
{
    const auto wrong = [&](const Sentence& why) { return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "the table of the Precompiled normalizer %1"), why)); };
    if (bytes.size() < 8)
        return wrong(said(CORE_TEXT("reasons", "has %1 bytes"), bytes.size()));
    const auto raw = std::as_bytes(std::span(bytes));
    const auto trieBytes = load<std::uint32_t>(raw.data());
    if (trieBytes < 4 || trieBytes % 4 != 0 || trieBytes > bytes.size() - 4)
        return wrong(said(CORE_TEXT("reasons", "claims %1 bytes of %2"), trieBytes, bytes.size() - 4));
    std::vector<Unit> trie(trieBytes / 4);
    for (std::size_t i = 0; i < trie.size(); ++i)
        trie[i].bits = load<std::uint32_t>(raw.data() + 4 + 4 * i);
    std::string replacements(bytes.substr(4 + trieBytes));
    if (unicode::firstInvalid(replacements))
        return wrong(said(CORE_TEXT("reasons", "holds replacements that are not UTF-8")));
    return std::make_unique<Charsmap>(std::move(trie), std::move(replacements), graphemes);
}

} // namespace

Result<std::unique_ptr<const Normalizer>> makeCharsmapOfBytes(std::string_view bytes, const std::string& where) { return make(bytes, false, where); }

Result<std::unique_ptr<const Normalizer>> makeCharsmap(std::string_view base64, const std::string& where)
{
    const auto bytes = fromBase64(base64);
    if (!bytes)
        return fail(ErrorCode::TokenizerInvalid, where, said(CORE_TEXT("reasons", "the table of the Precompiled normalizer is not base64")));
    return make(*bytes, true, where);
}

} // namespace wb
