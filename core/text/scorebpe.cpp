#include "core/text/scorebpe.h"

#include "core/text/unicode.h"

#include <fmt/format.h>

#include <algorithm>

namespace wb {

ScoreBpe::ScoreBpe(const Vocabulary& vocabulary, std::vector<double> scores, std::optional<TokenId> unknown, bool bytes)
    : m_vocabulary(vocabulary), m_scores(std::move(scores)), m_unknown(unknown), m_asBytes(bytes)
{
    for (unsigned b = 0; b < 256; ++b)
        m_bytes[b] = vocabulary.find(fmt::format("<0x{:02X}>", b));
}

bool ScoreBpe::tokenize(const TextView& word, Encoding& out) const
{
    constexpr std::uint32_t none = ~0U;
    struct Symbol {
        std::uint32_t begin, end, previous, next; // end == begin: merged into the one before
    };
    struct Pair {
        double score;
        std::uint32_t left, right, end;
        bool operator<(const Pair& other) const { return score < other.score || (score == other.score && left > other.left); }
    };
    const std::string_view text = word.text;
    std::vector<Symbol> symbols;
    for (std::uint32_t begin = 0; begin < text.size();) {
        const auto number = static_cast<std::uint32_t>(symbols.size());
        const std::uint32_t end = begin + unicode::characterAt(text, begin).bytes;
        symbols.push_back({begin, end, number == 0 ? none : number - 1, end < text.size() ? number + 1 : none});
        begin = end;
    }
    std::vector<Pair> heap;
    const auto consider = [&](std::uint32_t left, std::uint32_t right) {
        if (left == none || right == none)
            return;
        const std::uint32_t begin = symbols[left].begin, end = symbols[right].end;
        if (const auto id = m_vocabulary.find(text.substr(begin, end - begin))) {
            heap.push_back({m_scores[*id], left, right, end});
            std::push_heap(heap.begin(), heap.end());
        }
    };
    for (std::uint32_t i = 1; i < symbols.size(); ++i)
        consider(i - 1, i);
    while (!heap.empty()) {
        std::pop_heap(heap.begin(), heap.end());
        const Pair pair = heap.back();
        heap.pop_back();
        Symbol& left = symbols[pair.left];
        Symbol& right = symbols[pair.right];
        if (left.begin == left.end || right.begin == right.end || left.next != pair.right || right.end != pair.end)
            continue; // one of the two has become something else
        left.end = right.end;
        left.next = right.next;
        right.end = right.begin;
        if (left.next != none)
            symbols[left.next].previous = pair.left;
        consider(left.previous, pair.left);
        consider(pair.left, left.next);
    }
    for (const Symbol& symbol : symbols)
        if (symbol.begin < symbol.end && !put(word, symbol.begin, symbol.end, out))
            return false;
    return true;
}

bool ScoreBpe::put(const TextView& word, std::uint32_t begin, std::uint32_t end, Encoding& out) const
{
    const std::string_view text = word.text.substr(begin, end - begin);
    const auto add = [&](TokenId id) {
        out.ids.push_back(id);
        out.ranges.push_back(word.source(begin, end));
    };
    if (const auto id = m_vocabulary.find(text)) {
        add(*id);
        return true;
    }
    if (!m_asBytes) {
        if (!m_unknown)
            return false;
        if (begin != 0 && !out.ids.empty() && out.ids.back() == *m_unknown)
            out.ranges.back().end = word.source(begin, end).end;
        else
            add(*m_unknown);
        return true;
    }
    for (const char c : text) {
        const auto id = m_bytes[static_cast<unsigned char>(c)];
        if (!id && !m_unknown)
            return false;
        add(id ? *id : *m_unknown);
    }
    return true;
}

} // namespace wb
