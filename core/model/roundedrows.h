// Rows of activations as BF16 for a product with a stored matrix, and, for the columns in which rounding would show most, what it
// takes away, again as BF16, for a second product over these columns alone. Private to linear.cpp.
#pragma once

#include "core/model/linear.h"

#include <span>
#include <vector>

namespace wb {

class RoundedRows {
public:
    // x: `count` rows of matrix.cols, xStride apart. Columns are chosen block by block of `blockCount` rows: where the mean square of
    // x times that of the matrix's column is largest.
    RoundedRows(const Linear& matrix, const float* x, std::size_t count, std::size_t xStride, std::size_t blockCount);

    [[nodiscard]] const std::uint16_t* high(std::size_t row) const { return m_high.data() + row * m_cols; }
    [[nodiscard]] const std::uint16_t* rest(std::size_t row) const { return m_rest.data() + row * m_kept; }
    [[nodiscard]] std::span<const std::uint32_t> columns(std::size_t block) const { return m_columns[block]; } // ascending

private:
    void chooseColumns(std::size_t block, std::span<const float> weights, std::span<const float> x, std::size_t rows, std::size_t xStride);
    void round(const float* x, std::size_t row, std::size_t block);

    std::size_t m_cols, m_kept;
    std::vector<std::uint16_t> m_high, m_rest; // (count, cols), (count, kept)
    std::vector<std::vector<std::uint32_t>> m_columns;
};

// Mean square of each column of a matrix, from some of its rows; found once for each segment.
[[nodiscard]] std::vector<float> columnWeights(const Linear& matrix);

} // namespace wb
