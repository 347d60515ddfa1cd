#include "core/model/cache.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace wb {
namespace {

constexpr std::size_t growth = 256;     // rows
constexpr std::size_t longestStep = 512; // tokens that forward() appends at once

std::uint64_t roundedUp(std::uint64_t rows) { return (rows + growth - 1) / growth * growth; }

// Rows that a layer with a window ever has.
std::uint64_t windowRows(std::uint64_t window) { return roundedUp(2 * (window + longestStep)); }

} // namespace

KvCache::KvCache(const ModelConfig& config)
{
    for (const LayerConfig& layer : config.layers)
        m_layers.push_back({std::size_t{layer.attention.kvHeads} * layer.attention.headDim, layer.attention.window});
    for (const RopeConfig& rope : config.ropes)
        if (rope.kind != RopeConfig::Kind::Fixed)
            m_ropes.push_back({rope.kind, rope.originalLength});
}

std::uint64_t KvCache::rotationOf(std::uint64_t finalLength) const
{
    std::uint64_t rotation = 0;
    for (const Rope& rope : m_ropes)
        if (finalLength > rope.originalLength)
            rotation = std::max<std::uint64_t>(rotation, rope.kind == RopeConfig::Kind::Long ? 1 : finalLength);
    return rotation;
}

bool KvCache::isOutgrown(std::uint64_t finalLength) const
{
    const bool changesOnce = std::ranges::any_of(m_ropes, [](const Rope& rope) { return rope.kind == RopeConfig::Kind::Long; });
    return changesOnce && std::ranges::any_of(m_turned, [rotation = rotationOf(finalLength)](const Turned& rows) { return rows.rotation != rotation; });
}

std::size_t KvCache::keepPrefix(std::span<const std::uint32_t> tokens, std::uint64_t finalLength)
{
    const auto [mine, theirs] = std::ranges::mismatch(m_tokens, tokens);
    auto keep = static_cast<std::size_t>(mine - m_tokens.begin());
    const auto other = std::ranges::find_if(m_turned, [rotation = rotationOf(finalLength != 0 ? finalLength : tokens.size())](const Turned& rows) { return rows.rotation != rotation; });
    if (other != m_turned.end())
        keep = std::min(keep, other == m_turned.begin() ? 0 : std::prev(other)->end);
    for (const Layer& layer : m_layers) // the next token sees window − 1 tokens before it
        if (layer.first > (keep >= layer.window ? keep - layer.window + 1 : 0) || keep < layer.first)
            keep = 0;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        Layer& layer = m_layers[i];
        if (keep == 0)
            layer.first = 0;
        layer.count = i < m_firstLayer ? 0 : keep - layer.first;
    }
    m_tokens.resize(keep);
    while (!m_turned.empty() && m_turned.back().end > keep) {
        const std::size_t before = m_turned.size() > 1 ? m_turned[m_turned.size() - 2].end : 0;
        if (before < keep)
            m_turned.back().end = keep;
        else
            m_turned.pop_back();
    }
    if (keep == 0)
        m_firstLayer = 0;
    return keep;
}

// A window keeps its rows in one piece: when the place is used up, the last of them move to its front. Twice the window
// is kept, so that a row is moved about once.
void KvCache::makeRoom(Layer& layer, std::size_t more)
{
    const std::size_t have = layer.keys.size() / layer.rowSize;
    if (layer.count + more <= have)
        return;
    if (layer.window != 0 && layer.count >= layer.window) {
        const std::size_t keep = layer.window, drop = layer.count - keep;
        const std::size_t limit = windowRows(layer.window);
        if (layer.count + more > limit && keep + more <= std::max(have, limit)) {
            std::memmove(layer.keys.data(), layer.keys.data() + drop * layer.rowSize, keep * layer.rowSize * sizeof(float));
            std::memmove(layer.values.data(), layer.values.data() + drop * layer.rowSize, keep * layer.rowSize * sizeof(float));
            layer.first += drop;
            layer.count = keep;
        }
    }
    if (layer.count + more > have) {
        std::size_t rows = roundedUp(std::max(layer.count + more, std::min<std::size_t>(have + have / 2, have + 4096)));
        if (layer.window != 0)
            rows = std::min<std::size_t>(rows, std::max<std::size_t>(windowRows(layer.window), layer.count + more));
        for (std::vector<float>* memory : {&layer.keys, &layer.values}) {
            memory->reserve(rows * layer.rowSize); // exactly: a vector's own growth would double it
            memory->resize(rows * layer.rowSize);
        }
    }
}

KvCache::Place KvCache::append(std::size_t index, std::size_t count)
{
    Layer& layer = m_layers[index];
    makeRoom(layer, count);
    const std::size_t at = layer.count * layer.rowSize;
    layer.count += count;
    return {layer.keys.data() + at, layer.values.data() + at};
}

KvCache::Rows KvCache::rows(std::size_t index) const
{
    const Layer& layer = m_layers[index];
    return {layer.keys.data(), layer.values.data(), layer.first, layer.count};
}

void KvCache::commit(std::span<const std::uint32_t> tokens, std::size_t firstLayer, std::uint64_t finalLength)
{
    assert(m_tokens.empty() || firstLayer == m_firstLayer);
    m_firstLayer = firstLayer;
    m_tokens.insert(m_tokens.end(), tokens.begin(), tokens.end());
    const std::uint64_t rotation = rotationOf(finalLength);
    if (m_turned.empty() || m_turned.back().rotation != rotation)
        m_turned.push_back({0, rotation});
    m_turned.back().end = m_tokens.size();
}

std::uint64_t KvCache::bytes() const
{
    std::uint64_t bytes = 0;
    for (const Layer& layer : m_layers)
        bytes += (layer.keys.capacity() + layer.values.capacity()) * sizeof(float);
    return bytes;
}

std::uint64_t KvCache::bytesFor(const ModelConfig& config, std::uint64_t length)
{
    std::uint64_t bytes = 0;
    for (const LayerConfig& layer : config.layers) {
        const std::uint64_t all = roundedUp(length + std::min<std::uint64_t>(length / 2, 4096)) + growth;
        const std::uint64_t rows = layer.attention.window != 0 ? std::min(windowRows(layer.attention.window), all) : all;
        bytes += rows * layer.attention.kvHeads * layer.attention.headDim * 2 * sizeof(float);
    }
    return bytes;
}

} // namespace wb
