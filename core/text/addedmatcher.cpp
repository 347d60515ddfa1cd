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
    if (m_ends.empty())
        m_ends.push_back(none);
    m_begins[static_cast<unsigned char>(content.front())] = true;
    std::uint32_t node = 0;
    for (const char c : content) {
        const auto [place, isNew] = m_next.try_emplace((std::uint64_t{node} << 8) | static_cast<unsigned char>(c),
                                                       static_cast<std::uint32_t>(m_ends.size()));
        if (isNew)
            m_ends.push_back(none);
        node = place->second;
    }
    if (m_ends[node] != none)
        return; // two that normalize to the same text: the first is found
    m_ends[node] = static_cast<std::uint32_t>(m_tokens.size());
    m_tokens.push_back(token);
    m_tokens.back().content.clear();
}

AddedMatcher::Found AddedMatcher::longestAt(std::string_view text, std::size_t at) const
{
    Found found;
    std::uint32_t node = 0;
    for (std::size_t i = at; i < text.size(); ++i) {
        const auto next = m_next.find((std::uint64_t{node} << 8) | static_cast<unsigned char>(text[i]));
        if (next == m_next.end())
            break;
        node = next->second;
        if (m_ends[node] != none)
            found = {i + 1 - at, m_ends[node]};
    }
    return found;
}

void AddedMatcher::split(std::string_view text, std::vector<Part>& parts) const
{
    parts.clear();
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size() && !m_tokens.empty();) {
        const Found found = m_begins[static_cast<unsigned char>(text[at])] ? longestAt(text, at) : Found{};
        if (found.length == 0) {
            ++at;
            continue;
        }
        const AddedToken& token = m_tokens[found.token];
        std::size_t begin = at, end = at + found.length;
        at = end;
        if (token.singleWord && insideWord(text, begin, end))
            continue;
        if (token.lstrip)
            begin = std::max(withoutBlanksAtEnd(text, begin), done);
        if (token.rstrip)
            end = pastBlanks(text, end);
        if (done < begin)
            parts.push_back({done, begin, std::nullopt});
        parts.push_back({begin, end, token.id});
        done = end;
    }
    if (done < text.size())
        parts.push_back({done, text.size(), std::nullopt});
}

} // namespace wb
