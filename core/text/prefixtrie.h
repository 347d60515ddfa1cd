// Which of many byte strings begin at a place of a text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace wb {

class PrefixTrie {
public:
    static constexpr std::uint32_t none = ~0U;

    // The value that `text` has now: `value`, or what it had before.
    std::uint32_t add(std::string_view text, std::uint32_t value);
    [[nodiscard]] bool empty() const { return m_values.empty(); }

    // Calls found(length, value) for each, the shortest first.
    template <typename Found>
    void at(std::string_view text, std::size_t begin, Found found) const
    {
        std::uint32_t node = 0;
        for (std::size_t i = begin; i < text.size() && !m_values.empty(); ++i) {
            node = next(node, static_cast<unsigned char>(text[i]));
            if (node == none)
                return;
            if (m_values[node] != none)
                found(i + 1 - begin, m_values[node]);
        }
    }

private:
    // Edges of all nodes in one open-addressing table.
    struct Edge {
        std::uint64_t key = ~0ULL; // node and byte
        std::uint32_t node = none;
    };
    [[nodiscard]] std::size_t slot(std::uint64_t key) const
    {
        return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ULL) >> 32) & (m_edges.size() - 1);
    }
    [[nodiscard]] std::uint32_t next(std::uint32_t node, unsigned char byte) const
    {
        const std::uint64_t key = (std::uint64_t{node} << 8) | byte;
        for (std::size_t i = slot(key);; i = (i + 1) & (m_edges.size() - 1))
            if (m_edges[i].key == key || m_edges[i].node == none)
                return m_edges[i].node;
    }
    void insert(Edge edge);

    std::vector<Edge> m_edges;
    std::vector<std::uint32_t> m_values; // by node; the first is the root
};

} // namespace wb
