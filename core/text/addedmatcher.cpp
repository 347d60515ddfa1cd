#include "core/text/addedmatcher.h"

#include "core/text/unicode.h"

#include <algorithm>

namespace wb {
namespace {

std::size_t withoutBlanksAtEnd(std::string_view text, std::size_t end)
{
    while (end > 0) {
        const auto last = unicode::characterBefore(text, end);
        if (!unicode::isWhiteSpace(last.code))
            break;
        end -= last.bytes;
    }
    return end;
}

std::size_t pastBlanks(std::string_view text, std::size_t at)
{
    while (at < text.size()) {
        const auto next = unicode::characterAt(text, at);
        if (!unicode::isWhiteSpace(next.code))
            break;
        at += next.bytes;
    }
    return at;
}

bool insideWord(std::string_view text, std::size_t begin, std::size_t end)
{
    return (begin > 0 && unicode::isWord(unicode::characterBefore(text, begin).code)) ||
           (end < text.size() && unicode::isWord(unicode::characterAt(text, end).code));
}

} // namespace

void AddedMatcher::add(const AddedToken& token, std::string_view content)
{
    if (content.empty())
        return;
    m_begins[static_cast<unsigned char>(content.front())] = true;
    const auto number = static_cast<std::uint32_t>(m_tokens.size());
    if (m_contents.add(content, number) != number)
        return; // two that normalize to the same text: the first is found
    m_tokens.push_back(token);
    m_tokens.back().content.clear();
}

void AddedMatcher::split(std::string_view text, std::vector<Part>& parts) const
{
    parts.clear();
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size() && !m_tokens.empty();) {
        std::size_t length = 0, number = 0;
        if (m_begins[static_cast<unsigned char>(text[at])])
            m_contents.at(text, at, [&](std::size_t bytes, std::uint32_t value) { length = bytes, number = value; });
        if (length == 0) {
            ++at;
            continue;
        }
        const AddedToken& token = m_tokens[number];
        std::size_t begin = at, end = at + length;
        at = end;
        if (token.singleWord && insideWord(text, begin, end))
            continue;
        if (token.lstrip)
            begin = std::max(withoutBlanksAtEnd(text, begin), done);
        if (token.rstrip)
            end = pastBlanks(text, end);
        if (begin >= end)
            continue; // all of it was taken as blanks of the one before
        if (done < begin)
            parts.push_back({done, begin, std::nullopt});
        parts.push_back({begin, end, token.id});
        done = end;
    }
    if (done < text.size())
        parts.push_back({done, text.size(), std::nullopt});
}

} // namespace wb
