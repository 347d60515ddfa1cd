// Keys and values of the tokens that one sequence has behind it. Remembers which tokens these were, so that taking up a
// prefix is checked and not trusted. One thread at a time.
#pragma once

#include "core/model/config.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wb {

class KvCache {
public:
    explicit KvCache(const ModelConfig& config);

    [[nodiscard]] std::span<const std::uint32_t> tokens() const { return m_tokens; }
    [[nodiscard]] std::size_t length() const { return m_tokens.size(); }
    // Forgets all tokens after the longest prefix that `tokens` shares; returns how many stay. A layer with a window may have
    // lost what a shorter prefix needs: then nothing stays. Nor do rows stay that were turned otherwise than those of a sequence
    // that has `finalLength` tokens in the end; 0: as many as `tokens`.
    std::size_t keepPrefix(std::span<const std::uint32_t> tokens, std::uint64_t finalLength = 0);
    // Whether all rows have to be read anew before one of a sequence of so many tokens comes behind them: where frequencies change
    // once, at a certain length, the model was not trained on a mixture.
    [[nodiscard]] bool isOutgrown(std::uint64_t finalLength) const;
    [[nodiscard]] std::uint64_t bytes() const;
    // What a sequence of `length` tokens will take at most.
    [[nodiscard]] static std::uint64_t bytesFor(const ModelConfig& config, std::uint64_t length);

    // --- for forward() ---
    // One layer's keys and values, (positions, kvHeads·headDim) in single precision, of positions first … first + count − 1.
    struct Rows {
        const float* keys = nullptr;
        const float* values = nullptr;
        std::size_t first = 0, count = 0;
    };
    // Makes place for `count` more tokens and returns where the layer's new keys and values go.
    struct Place {
        float* keys = nullptr;
        float* values = nullptr;
    };
    [[nodiscard]] Place append(std::size_t layer, std::size_t count);
    [[nodiscard]] Rows rows(std::size_t layer) const;
    // All layers from `firstLayer` on have appended these, turned as those of a sequence of `finalLength` tokens are.
    void commit(std::span<const std::uint32_t> tokens, std::size_t firstLayer, std::uint64_t finalLength);
    [[nodiscard]] std::size_t firstLayer() const { return m_firstLayer; } // those before it hold nothing

private:
    struct Layer {
        std::size_t rowSize = 0; // floats
        std::size_t window = 0;  // 0: all positions are kept
        std::size_t first = 0;   // position of the first row kept
        std::size_t count = 0;
        std::vector<float> keys, values;
    };
    // Rows up to `end` that were turned alike.
    struct Turned {
        std::size_t end = 0;
        std::uint64_t rotation = 0;
    };
    struct Rope {
        RopeConfig::Kind kind = RopeConfig::Kind::Fixed;
        std::uint64_t originalLength = 0;
    };
    void makeRoom(Layer& layer, std::size_t more);
    [[nodiscard]] std::uint64_t rotationOf(std::uint64_t finalLength) const; // equal: turned alike

    std::vector<Layer> m_layers;
    std::vector<Rope> m_ropes; // those whose frequencies depend on the length
    std::vector<Turned> m_turned;
    std::vector<std::uint32_t> m_tokens;
    std::size_t m_firstLayer = 0;
};

} // namespace wb
