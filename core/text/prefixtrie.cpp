#include "core/text/prefixtrie.h"

namespace wb {

void PrefixTrie::insert(Edge edge)
{
    if (m_edges.size() < 2 * (m_values.size() + 1)) {
        std::vector<Edge> old(m_edges.empty() ? 256 : 2 * m_edges.size());
        std::swap(old, m_edges);
        for (const Edge& each : old)
            if (each.node != none)
                insert(each);
    }
    std::size_t i = slot(edge.key);
    while (m_edges[i].node != none)
        i = (i + 1) & (m_edges.size() - 1);
    m_edges[i] = edge;
}

std::uint32_t PrefixTrie::add(std::string_view text, std::uint32_t value)
{
    if (m_values.empty()) {
        m_values.push_back(none);
        m_edges.resize(256);
    }
    std::uint32_t node = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        std::uint32_t child = next(node, byte);
        if (child == none) {
            child = static_cast<std::uint32_t>(m_values.size());
            m_values.push_back(none);
            insert({(std::uint64_t{node} << 8) | byte, child});
        }
        node = child;
    }
    if (m_values[node] == none)
        m_values[node] = value;
    return m_values[node];
}

} // namespace wb
