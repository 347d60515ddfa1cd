#include "core/model/boundary.h"

#include <algorithm>
#include <cassert>

namespace wb {
namespace {

Hash128 textHash(std::span<const std::uint32_t> before, std::span<const std::uint32_t> tokens, std::uint64_t length)
{
    std::vector<std::uint32_t> all{static_cast<std::uint32_t>(before.size()), static_cast<std::uint32_t>(length), static_cast<std::uint32_t>(length >> 32U)};
    all.insert(all.end(), before.begin(), before.end());
    all.insert(all.end(), tokens.begin(), tokens.end());
    return xxh3Of(std::as_bytes(std::span(all)));
}

} // namespace

BoundaryStates::BoundaryStates(ModelPtr base, Precision precision, std::vector<std::size_t> layers, std::uint64_t maxBytes)
    : m_base(std::move(base)), m_precision(precision), m_layers(std::move(layers)), m_maxBytes(maxBytes)
{
    std::ranges::sort(m_layers);
}

std::vector<std::size_t> BoundaryStates::layersFor(const ModelConfig& config, std::size_t tokens, std::uint64_t maxBytes)
{
    const std::uint64_t each = std::uint64_t{tokens} * config.width * sizeof(float);
    const std::size_t count = config.layers.size();
    const std::size_t fit = each == 0 ? count : std::min<std::uint64_t>(count, maxBytes / each);
    std::vector<std::size_t> layers;
    for (std::size_t i = 0; i < fit; ++i)
        layers.push_back(count - i * count / fit);
    return layers;
}

std::size_t BoundaryStates::startOf(const Model& model) const
{
    const std::size_t differs = model.firstDifference(*m_base).value_or(model.config().layers.size());
    const auto above = std::ranges::upper_bound(m_layers, differs);
    return above == m_layers.begin() ? 0 : *std::prev(above);
}

BoundaryStates::Start BoundaryStates::find(const Model& model, std::span<const std::uint32_t> before, std::span<const std::uint32_t> tokens,
                                           std::uint64_t length) const
{
    const std::size_t layer = startOf(model);
    if (layer == 0)
        return {};
    const auto found = m_states.find({textHash(before, tokens, length), layer});
    return found == m_states.end() ? Start{} : Start{layer, found->second};
}

void BoundaryStates::watch(const Model& model, std::span<const std::uint32_t> before, std::span<const std::uint32_t> tokens, std::uint64_t length,
                           ForwardOptions& options)
{
    assert(options.precision == m_precision);
    if (&model != m_base.get())
        return;
    options.observer = [this, text = textHash(before, tokens, length), also = std::move(options.observer)](std::size_t layer, Site site, std::span<float> values,
                                                                                                          std::size_t width) {
        if (also) // first: it may change them
            also(layer, site, values, width);
        if (site == Site::Block && std::ranges::binary_search(m_layers, layer + 1))
            keep(text, layer + 1, values);
    };
}

void BoundaryStates::keep(const Hash128& text, std::size_t layer, std::span<const float> states)
{
    if (m_bytes + states.size_bytes() > m_maxBytes)
        return;
    const auto [place, isNew] = m_states.try_emplace({text, layer});
    if (!isNew)
        return;
    place->second.assign(states.begin(), states.end());
    m_bytes += states.size_bytes();
}

} // namespace wb
