// Pieces by id and ids by piece. A quarter of a million short strings in one block of memory.
#pragma once

#include "core/text/tokenizer.h"

namespace wb {

class Vocabulary {
public:
    static constexpr TokenId maxId = (1U << 22) - 1; // no vocabulary comes near; bounds what a file can make us reserve

    enum class Added : std::uint8_t { Yes, PieceTwice, IdTwice, IdTooLarge };

    // Copies the piece.
    Added add(std::string_view piece, TokenId id);
    // A spelling that another id has already: from now on it is this one that is found, as in the references. The id is
    // free and not too large.
    void addAgain(std::string_view piece, TokenId id);
    [[nodiscard]] std::optional<TokenId> find(std::string_view piece) const;
    [[nodiscard]] std::optional<std::string_view> piece(TokenId id) const;
    [[nodiscard]] std::size_t size() const { return m_places.size(); } // largest id + 1
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::size_t longest() const { return m_longest; }    // bytes of the longest piece

private:
    struct Place {
        std::uint32_t begin = 0;
        std::uint32_t length = unused;
    };
    static constexpr std::uint32_t unused = ~0U;

    [[nodiscard]] std::string_view at(TokenId id) const
    {
        return std::string_view(m_text).substr(m_places[id].begin, m_places[id].length);
    }
    void put(std::string_view piece, TokenId id);
    [[nodiscard]] std::optional<std::size_t> slotOf(std::string_view piece) const;
    void grow();

    std::string m_text;
    std::vector<Place> m_places; // by id
    struct Slot {
        std::uint32_t hash = 0;
        TokenId id = unused;
    };
    std::vector<Slot> m_slots; // open addressing, a power of two
    std::size_t m_count = 0;
    std::size_t m_longest = 0;
};

} // namespace wb
