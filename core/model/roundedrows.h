// Rows of activations as BF16 for a product with a stored matrix, and, for the columns in which rounding would show most, what it
// takes away, again as BF16, for a second product over these columns alone. Private to linear.cpp.
#pragma once

#include "core/model/linear.h"

#include <span>
#include <vector>

namespace wb {

class RoundedRows {
public:
    // Columns are kept in runs of so many neighbours, so that what belongs to them is copied in whole vectors.
    static constexpr std::size_t run = 8;

    // x: `count` rows of matrix.cols, xStride apart. Columns are chosen block by block of `blockCount` rows: the runs in which the sum of
    // the mean squares of x, times those of the matrix's columns, is largest.
    RoundedRows(const Linear& matrix, const float* x, std::size_t count, std::size_t xStride, std::size_t blockCount);

    [[nodiscard]] const std::uint16_t* high(std::size_t row) const { return m_high.data() + row * m_cols; }
    [[nodiscard]] const std::uint16_t* rest(std::size_t row) const { return m_rest.data() + row * m_kept; }
    // The chosen runs of a block by their first column, ascending; empty when the rest is kept of all columns.
    [[nodiscard]] std::span<const std::uint32_t> runs(std::size_t block) const { return m_runs[block]; }
    [[nodiscard]] std::size_t kept() const { return m_kept; } // columns of the rest: all, or `run` for each chosen run

private:
    void chooseRuns(std::size_t block, std::span<const float> weights, std::span<const float> x, std::size_t rows, std::size_t xStride);
    void round(const float* x, std::size_t row, std::size_t block);

    std::size_t m_cols, m_kept;
    std::vector<std::uint16_t> m_high, m_rest; // (count, cols), (count, kept)
    std::vector<std::vector<std::uint32_t>> m_runs;
};

// Mean square of each column of a matrix, from some of its rows; found once for each segment.
[[nodiscard]] std::vector<float> columnWeights(const Linear& matrix);

} // namespace wb
