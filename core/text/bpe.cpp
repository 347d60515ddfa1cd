#include "core/text/bpe.h"

#include "core/text/bytealphabet.h"
#include "core/text/unicode.h"

#include <fmt/format.h>

#include <bit>
#include <queue>

namespace wb {
namespace {

constexpr std::size_t longestShort = 48; // symbols of a word that is merged without a queue

} // namespace

MergeTable::MergeTable(std::size_t expected)
    : m_slots(std::bit_ceil(std::max<std::size_t>(64, expected * 2))), m_mask(m_slots.size() - 1)
{
}

void MergeTable::add(TokenId left, TokenId right, Merge merge)
{
    if (2 * (m_count + 1) > m_slots.size()) {
        MergeTable larger(m_slots.size());
        for (const Slot& slot : m_slots)
            if (slot.merge.rank != none)
                larger.add(static_cast<TokenId>(slot.key >> 32), static_cast<TokenId>(slot.key), slot.merge);
        *this = std::move(larger);
    }
    const std::uint64_t key = (std::uint64_t{left} << 32) | right;
    std::size_t slot = place(key);
    while (m_slots[slot].merge.rank != none && m_slots[slot].key != key)
        slot = (slot + 1) & m_mask;
    m_count += m_slots[slot].merge.rank == none ? 1 : 0;
    m_slots[slot] = {key, merge};
}

Bpe::Bpe(const Vocabulary& vocabulary, MergeTable merges, BpeOptions options)
    : m_vocabulary(vocabulary), m_merges(std::move(merges)), m_options(std::move(options))
{
    for (unsigned b = 0; b < 256; ++b) {
        m_byte[b] = vocabulary.find(alphabetOf(static_cast<std::uint8_t>(b)));
        m_fallback[b] = vocabulary.find(fmt::format("<0x{:02X}>", b));
        if (b < 128)
            m_ascii[b] = vocabulary.find(std::string(1, static_cast<char>(b)));
    }
    m_wholeAlphabet = m_options.prefix.empty() && m_options.suffix.empty() &&
                      std::ranges::all_of(m_byte, [](const auto& id) { return id.has_value(); });
}

bool Bpe::tokenize(const TextView& word, Encoding& out) const
{
    if (word.text.empty())
        return true;
    if (word.bytes && !m_wholeAlphabet) {
        TracedText mapped;
        for (std::size_t i = 0; i < word.text.size(); ++i)
            mapped.append(alphabetOf(static_cast<std::uint8_t>(word.text[i])), word.source(i, i + 1));
        return tokenize(mapped.view(), out);
    }
    if (m_options.ignoreMerges) {
        thread_local std::string mapped;
        mapped.clear();
        if (word.bytes)
            appendAlphabet(mapped, word.text);
        if (const auto whole = m_vocabulary.find(word.bytes ? std::string_view(mapped) : word.text)) {
            out.ids.push_back(*whole);
            out.ranges.push_back(word.source(0, word.text.size()));
            return true;
        }
    }
    thread_local Symbols symbols;
    symbols.clear();
    if (word.bytes)
        for (std::uint32_t i = 0; i < word.text.size(); ++i)
            symbols.push_back({*m_byte[static_cast<unsigned char>(word.text[i])], i, i + 1});
    else
        charactersOf(word.text, symbols);
    if (symbols.size() <= longestShort)
        mergeShort(symbols);
    else
        mergeLong(symbols);
    for (const Symbol& symbol : symbols) {
        out.ids.push_back(symbol.id);
        out.ranges.push_back(word.source(symbol.begin, symbol.end));
    }
    return true;
}

void Bpe::charactersOf(std::string_view word, Symbols& symbols) const
{
    std::optional<Symbol> unknown; // not yet put down
    const auto putUnknown = [&] {
        if (unknown)
            symbols.push_back(*unknown);
        unknown.reset();
    };
    const bool decorated = !m_options.prefix.empty() || !m_options.suffix.empty();
    std::string spelled;
    for (std::uint32_t begin = 0; begin < word.size();) {
        const auto character = unicode::characterAt(word, begin);
        const std::uint32_t end = begin + character.bytes;
        std::string_view text = word.substr(begin, character.bytes);
        if (decorated) {
            spelled = (begin > 0 ? m_options.prefix : "") + std::string(text) + (end == word.size() ? m_options.suffix : "");
            text = spelled;
        }
        const auto id = !decorated && character.code < 128 ? m_ascii[character.code] : m_vocabulary.find(text);
        const bool bytes = !id && m_options.byteFallback && std::ranges::all_of(text, [&](char c) { return m_fallback[static_cast<unsigned char>(c)].has_value(); });
        if (id || bytes)
            putUnknown();
        if (id) {
            symbols.push_back({*id, begin, end});
        } else if (bytes) {
            for (const char c : text)
                symbols.push_back({*m_fallback[static_cast<unsigned char>(c)], begin, end});
        } else if (m_options.unknown) {
            if (unknown && !m_options.fuseUnknown)
                putUnknown();
            unknown = Symbol{*m_options.unknown, unknown ? unknown->begin : begin, end};
        }
        begin = end;
    }
    putUnknown();
}

// The best pair is looked for anew each time: cheaper than a queue for the length of a word.
void Bpe::mergeShort(Symbols& symbols) const
{
    if (symbols.size() < 2)
        return;
    std::array<MergeTable::Merge, longestShort> pairs; // i: of symbols i and i + 1
    const std::size_t first = symbols.size();
    for (std::size_t i = 0; i + 1 < first; ++i)
        pairs[i] = m_merges.find(symbols[i].id, symbols[i + 1].id);
    std::size_t count = first;
    while (count > 1) {
        std::size_t best = 0;
        for (std::size_t i = 1; i + 1 < count; ++i)
            if (pairs[i].rank < pairs[best].rank)
                best = i;
        if (pairs[best].rank == MergeTable::none)
            break;
        symbols[best] = {pairs[best].result, symbols[best].begin, symbols[best + 1].end};
        for (std::size_t i = best + 1; i + 1 < count; ++i) {
            symbols[i] = symbols[i + 1];
            pairs[i] = i + 2 < count ? pairs[i + 1] : MergeTable::Merge{};
        }
        --count;
        if (best > 0)
            pairs[best - 1] = m_merges.find(symbols[best - 1].id, symbols[best].id);
        pairs[best] = best + 1 < count ? m_merges.find(symbols[best].id, symbols[best + 1].id) : MergeTable::Merge{};
    }
    symbols.resize(count);
}

// The same with a queue of pairs, for text that nothing cuts into words.
void Bpe::mergeLong(Symbols& symbols) const
{
    struct Pair {
        std::uint32_t rank, left;
        TokenId result, leftId, rightId;
        bool operator>(const Pair& other) const { return std::pair(rank, left) > std::pair(other.rank, other.left); }
    };
    constexpr std::uint32_t end = ~0U;
    std::vector<std::uint32_t> next(symbols.size()), previous(symbols.size());
    std::vector<Pair> heap;
    const auto consider = [&](std::uint32_t left, std::uint32_t right) {
        const auto merge = m_merges.find(symbols[left].id, symbols[right].id);
        if (merge.rank == MergeTable::none)
            return;
        heap.push_back({merge.rank, left, merge.result, symbols[left].id, symbols[right].id});
        std::ranges::push_heap(heap, std::greater<>());
    };
    for (std::uint32_t i = 0; i < symbols.size(); ++i) {
        next[i] = i + 1 < symbols.size() ? i + 1 : end;
        previous[i] = i > 0 ? i - 1 : end;
        if (i > 0)
            consider(i - 1, i);
    }
    std::vector<bool> gone(symbols.size());
    while (!heap.empty()) {
        std::ranges::pop_heap(heap, std::greater<>());
        const Pair pair = heap.back();
        heap.pop_back();
        const std::uint32_t right = gone[pair.left] ? end : next[pair.left];
        if (right == end || symbols[pair.left].id != pair.leftId || symbols[right].id != pair.rightId)
            continue; // one of the two has become something else
        symbols[pair.left].id = pair.result;
        symbols[pair.left].end = symbols[right].end;
        gone[right] = true;
        next[pair.left] = next[right];
        if (next[right] != end)
            previous[next[right]] = pair.left;
        if (previous[pair.left] != end)
            consider(previous[pair.left], pair.left);
        if (next[pair.left] != end)
            consider(pair.left, next[pair.left]);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < symbols.size(); ++i)
        if (!gone[i])
            symbols[kept++] = symbols[i];
    symbols.resize(kept);
}

} // namespace wb
