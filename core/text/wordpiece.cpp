#include "core/text/wordpiece.h"

#include "core/text/unicode.h"

#include <algorithm>

namespace wb {
namespace {

bool put(const std::optional<TokenId>& id, const TextView& word, Encoding& out)
{
    if (!id)
        return false;
    out.ids.push_back(*id);
    out.ranges.push_back(word.source(0, word.text.size()));
    return true;
}

} // namespace

WordPiece::WordPiece(const Vocabulary& vocabulary, std::optional<TokenId> unknown, std::string first, std::string prefix,
                     std::uint64_t longestWord)
    : m_vocabulary(vocabulary), m_unknown(unknown), m_first(std::move(first)), m_prefix(std::move(prefix)), m_longestWord(longestWord)
{
}

bool WordPiece::tokenize(const TextView& word, Encoding& out) const
{
    const std::string_view text = word.text;
    const auto isBegin = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; };
    if (static_cast<std::uint64_t>(std::ranges::count_if(text, isBegin)) > m_longestWord)
        return put(m_unknown, word, out);
    const std::size_t before = out.ids.size();
    std::string spelled;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin + std::min(text.size() - begin, m_vocabulary.longest()); // nothing longer can be found
        std::optional<TokenId> id;
        while (end > begin) {
            if (end == text.size() || isBegin(text[end])) {
                spelled.assign(begin > 0 ? m_prefix : m_first).append(text, begin, end - begin);
                id = m_vocabulary.find(spelled);
                if (id)
                    break;
            }
            --end;
        }
        if (!id) {
            out.ids.resize(before);
            out.ranges.resize(before);
            return put(m_unknown, word, out);
        }
        out.ids.push_back(*id);
        out.ranges.push_back(word.source(begin, end));
        begin = end;
    }
    return true;
}

bool WordLevel::tokenize(const TextView& word, Encoding& out) const
{
    const auto id = m_vocabulary.find(word.text);
    return put(id ? id : m_unknown, word, out);
}

} // namespace wb
