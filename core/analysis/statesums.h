// Sums over the tokens of a text from which the linearity of every layer follows, in double precision: Gram matrices of the states between
// layers and cross products of neighbouring ones. They grow window by window; states are not kept.
#pragma once

#include "core/analysis/digitsums.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wb {

// Of one state, shifted by the mean of the first window so that centring loses no digits.
struct StateSums {
    std::vector<double> shift, sum, gram; // (width), (width), lower triangle of (width, width)
};

// Of two neighbouring states x and y: Σ xᵀy of the shifted ones, and lengths.
struct PairSums {
    std::vector<double> cross;   // (width, width)
    double added = 0, after = 0; // Σ ‖y − x‖, Σ ‖y‖
};

class TextSums {
public:
    TextSums(std::size_t states, std::size_t width) : m_width(width), m_states(states), m_pairs(states - 1) {}

    // The states of one window, (tokens, width) each, from token `skip` on. On all threads; the same bits on any number of them.
    void add(const std::vector<std::vector<float>>& states, std::size_t skip);

    [[nodiscard]] bool finite() const;
    [[nodiscard]] const StateSums& state(std::size_t at) const { return m_states[at]; }
    [[nodiscard]] const PairSums& pair(std::size_t at) const { return m_pairs[at]; }
    // What it holds for windows of so many tokens.
    [[nodiscard]] static std::uint64_t bytes(std::uint64_t states, std::uint64_t width, std::uint64_t window);

private:
    void addOnVectors(const std::vector<std::span<const float>>& states, std::size_t rows);
    void addOnTiles(const std::vector<std::span<const float>>& states, std::size_t rows);
    void begin(std::size_t state, std::span<const float> values, std::size_t rows);
    void addStretch(const std::vector<std::span<const float>>& states, std::size_t rows, std::size_t first, std::size_t end, std::array<DigitVectors, 2>& digits);
    void shift(std::size_t state, std::span<const float> values, std::size_t rows, std::vector<double>& out);
    void addLengths(std::size_t pair, std::span<const float> x, std::span<const float> y, std::size_t rows);

    std::size_t m_width;
    std::vector<StateSums> m_states;
    std::vector<PairSums> m_pairs;
    std::vector<std::vector<double>> m_shifted;       // states of the window
    std::vector<std::array<DigitVectors, 2>> m_digits; // on tiles: of each stretch
};

} // namespace wb
