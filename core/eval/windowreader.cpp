#include "core/eval/windowreader.h"

namespace wb {

Result<void> WindowReader::read(const TextWindow& window, const std::function<void(std::size_t, std::size_t, std::span<const float>)>& each)
{
    KvCache cache(m_model.config());
    ForwardOptions options{m_options.precision, {}};
    options.step = m_options.step;
    const std::size_t width = m_model.config().width, lead = m_options.bos ? 1 : 0;
    m_window.assign(lead, m_options.bos.value_or(0));
    m_window.insert(m_window.end(), m_tokens.begin() + static_cast<std::ptrdiff_t>(window.begin), m_tokens.begin() + static_cast<std::ptrdiff_t>(window.end));
    const auto step = [&](std::size_t first, std::span<float> hidden) {
        // Row r of this step foretells token begin + first + r + 1 − lead of the text.
        const std::size_t rows = hidden.size() / width, next = window.begin + first + 1 - lead;
        const std::size_t low = std::max(window.from, next), high = std::min(window.end, next + rows);
        if (low < high)
            each(low, high - low, hidden.subspan((low - next) * width, (high - low) * width));
    };
    return forwardInSteps(m_model, cache, m_window, options, m_space, m_progress, step, m_options.boundary);
}

} // namespace wb
