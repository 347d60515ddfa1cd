// Reads the windows of a text with one model and hands on the hidden states that foretell its counted tokens.
#pragma once

#include "core/eval/perplexity.h"

namespace wb {

class WindowReader {
public:
    // All are kept by reference.
    WindowReader(const Model& model, std::span<const std::uint32_t> tokens, const PerplexityOptions& options, Progress& progress)
        : m_model(model), m_tokens(tokens), m_options(options), m_progress(progress)
    {
    }

    // Calls `each` for pieces of the window in order: its first counted token, how many, and the hidden states (count, width)
    // before each of them.
    [[nodiscard]] Result<void> read(const TextWindow& window,
                                    const std::function<void(std::size_t from, std::size_t count, std::span<const float> hidden)>& each);

private:
    const Model& m_model;
    std::span<const std::uint32_t> m_tokens;
    const PerplexityOptions& m_options;
    Progress& m_progress;
    Workspace m_space;
    std::vector<std::uint32_t> m_window;
};

} // namespace wb
