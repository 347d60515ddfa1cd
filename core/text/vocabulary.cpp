#include "core/text/vocabulary.h"

#include <xxhash.h>

namespace wb {
namespace {

std::uint32_t hashOf(std::string_view piece) { return static_cast<std::uint32_t>(XXH3_64bits(piece.data(), piece.size())); }

} // namespace

Vocabulary::Added Vocabulary::add(std::string_view piece, TokenId id)
{
    if (id > maxId || m_text.size() + piece.size() >= unused)
        return Added::IdTooLarge;
    if (id < m_places.size() && m_places[id].length != unused)
        return Added::IdTwice;
    if (find(piece))
        return Added::PieceTwice;
    put(piece, id);
    m_longest = std::max(m_longest, piece.size());
    if (++m_count * 2 > m_slots.size())
        grow();
    const std::uint32_t hash = hashOf(piece);
    std::size_t slot = hash & (m_slots.size() - 1);
    while (m_slots[slot].id != unused)
        slot = (slot + 1) & (m_slots.size() - 1);
    m_slots[slot] = {hash, id};
    return Added::Yes;
}

void Vocabulary::addAgain(std::string_view piece, TokenId id)
{
    put(piece, id);
    if (const auto slot = slotOf(piece))
        m_slots[*slot].id = id;
}

void Vocabulary::put(std::string_view piece, TokenId id)
{
    if (id >= m_places.size())
        m_places.resize(id + std::size_t{1});
    m_places[id] = {static_cast<std::uint32_t>(m_text.size()), static_cast<std::uint32_t>(piece.size())};
    m_text += piece;
}

void Vocabulary::grow()
{
    std::vector<Slot> old(std::max<std::size_t>(64, m_slots.size() * 2));
    std::swap(old, m_slots);
    for (const Slot& entry : old) {
        if (entry.id == unused)
            continue;
        std::size_t slot = entry.hash & (m_slots.size() - 1);
        while (m_slots[slot].id != unused)
            slot = (slot + 1) & (m_slots.size() - 1);
        m_slots[slot] = entry;
    }
}

std::optional<std::size_t> Vocabulary::slotOf(std::string_view piece) const
{
    if (m_slots.empty() || piece.size() > m_longest)
        return std::nullopt;
    const std::uint32_t hash = hashOf(piece);
    for (std::size_t slot = hash & (m_slots.size() - 1); m_slots[slot].id != unused; slot = (slot + 1) & (m_slots.size() - 1))
        if (m_slots[slot].hash == hash && at(m_slots[slot].id) == piece)
            return slot;
    return std::nullopt;
}

std::optional<TokenId> Vocabulary::find(std::string_view piece) const
{
    const auto slot = slotOf(piece);
    return slot ? std::optional(m_slots[*slot].id) : std::nullopt;
}

std::optional<std::string_view> Vocabulary::piece(TokenId id) const
{
    if (id >= m_places.size() || m_places[id].length == unused)
        return std::nullopt;
    return at(id);
}

} // namespace wb
