// Hidden states that enter some layers of a model on texts that are read again and again, so that a model which differs from it
// only in later layers starts there: the second score of an edit costs the layers from the edit on. One thread at a time.
#pragma once

#include "core/base/hash.h"
#include "core/model/forward.h"

#include <map>
#include <utility>

namespace wb {

class BoundaryStates {
public:
    // Of `base` in one precision: the states that enter `layers` (1 … number of layers, which is what the final norm reads),
    // as many as `maxBytes` hold; the texts read first are those that are kept.
    BoundaryStates(ModelPtr base, Precision precision, std::vector<std::size_t> layers, std::uint64_t maxBytes);
    // As many evenly spaced layers as `tokens` tokens allow in `maxBytes`; the last ones first.
    [[nodiscard]] static std::vector<std::size_t> layersFor(const ModelConfig& config, std::size_t tokens, std::uint64_t maxBytes);

    [[nodiscard]] const ModelPtr& base() const { return m_base; }
    [[nodiscard]] Precision precision() const { return m_precision; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    // Where `model` starts on texts that are kept; the base at the last layer that is.
    [[nodiscard]] std::size_t startOf(const Model& model) const;

    // --- for forwardInSteps() ---
    struct Start {
        std::size_t layer = 0;         // 0: nothing is known
        std::span<const float> states; // (tokens, width)
    };
    // Of the tokens after `before`, in a text of `length` tokens in the end.
    [[nodiscard]] Start find(const Model& model, std::span<const std::uint32_t> before, std::span<const std::uint32_t> tokens, std::uint64_t length) const;
    // Keeps what a pass of the base over these tokens computes.
    void watch(const Model& model, std::span<const std::uint32_t> before, std::span<const std::uint32_t> tokens, std::uint64_t length, ForwardOptions& options);

private:
    struct Key {
        Hash128 text; // of all tokens up to the last, of where the step begins and of the length in the end, on which rotations may depend
        std::size_t layer = 0;
        auto operator<=>(const Key& other) const
        {
            return std::pair(std::pair(text.high, text.low), layer) <=> std::pair(std::pair(other.text.high, other.text.low), other.layer);
        }
    };
    void keep(const Hash128& text, std::size_t layer, std::span<const float> states);

    ModelPtr m_base;
    Precision m_precision;
    std::vector<std::size_t> m_layers; // ascending
    std::uint64_t m_maxBytes = 0, m_bytes = 0;
    std::map<Key, std::vector<float>> m_states;
};

} // namespace wb
