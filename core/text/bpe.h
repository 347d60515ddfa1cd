// Byte pair encoding: the two neighbours whose merge was learnt first become one, again and again.
#pragma once

#include "core/text/parts.h"

#include <array>

namespace wb {

// Ranks of pairs of ids and what they become. Open addressing in one block.
class MergeTable {
public:
    struct Merge {
        std::uint32_t rank = none;
        TokenId result = 0;
    };
    static constexpr std::uint32_t none = ~0U;

    explicit MergeTable(std::size_t expected = 0);
    // A pair that is named twice has its last rank, as in the reference.
    void add(TokenId left, TokenId right, Merge merge);
    [[nodiscard]] Merge find(TokenId left, TokenId right) const
    {
        const std::uint64_t key = (std::uint64_t{left} << 32) | right;
        for (std::size_t slot = place(key);; slot = (slot + 1) & m_mask)
            if (m_slots[slot].key == key || m_slots[slot].merge.rank == none)
                return m_slots[slot].merge;
    }

private:
    struct Slot {
        std::uint64_t key = ~0ULL;
        Merge merge;
    };
    [[nodiscard]] std::size_t place(std::uint64_t key) const
    {
        return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ULL) >> 32) & m_mask;
    }
    std::vector<Slot> m_slots;
    std::size_t m_mask = 0;
    std::size_t m_count = 0;
};

struct BpeOptions {
    std::optional<TokenId> unknown;
    std::string prefix, suffix;  // continuing_subword_prefix, end_of_word_suffix
    bool fuseUnknown = false;    // neighbouring unknowns are one
    bool byteFallback = false;   // unknown characters as <0xXX>
    bool ignoreMerges = false;   // a word that is a piece is that piece
};

class Bpe final : public TextModel {
public:
    // `vocabulary` must outlive it.
    Bpe(const Vocabulary& vocabulary, MergeTable merges, BpeOptions options);
    bool tokenize(const TextView& word, Encoding& out) const override;

private:
    struct Symbol {
        TokenId id = 0;
        std::uint32_t begin = 0, end = 0; // bytes of the word
    };
    using Symbols = std::vector<Symbol>;
    void charactersOf(std::string_view word, Symbols& symbols) const;
    void mergeShort(Symbols& symbols) const;
    void mergeLong(Symbols& symbols) const;

    const Vocabulary& m_vocabulary;
    MergeTable m_merges;
    BpeOptions m_options;
    std::array<std::optional<TokenId>, 256> m_byte;     // piece of each byte's character in the byte-level alphabet
    bool m_wholeAlphabet = false; // all of m_byte: a byte-level word needs not be spelled out
    std::array<std::optional<TokenId>, 256> m_fallback; // <0xXX>
    std::array<std::optional<TokenId>, 128> m_ascii;    // pieces of one ASCII character
};

} // namespace wb
