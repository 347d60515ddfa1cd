// All elements of a matrix summed up in cells, at halving resolutions: an element map is drawn from it at any zoom without
// reading the tensor again.
#pragma once

#include "core/analysis/elements.h"

#include <memory>
#include <vector>

namespace wb {

class ElementPyramid {
public:
    static constexpr std::size_t maxCells = std::size_t{8} << 20; // of the finest level

    // Reads every element once. The cells of the finest level have the shape of a picture's cells when the whole matrix is
    // fitted into maxRows × maxCols; they are elements where the matrix has no more than `most`.
    [[nodiscard]] static Result<std::shared_ptr<const ElementPyramid>> build(const ElementReader& elements, std::size_t maxRows,
                                                                             std::size_t maxCols, Progress& progress,
                                                                             std::size_t most = maxCells);

    // The window in at most about maxRows × maxCols cells, or in the finest there are. Exact: what readElements() gives for
    // the same cells, rounded to F32, the mean up to the rounding of sums.
    [[nodiscard]] ElementBlock view(const MatrixWindow& window, std::size_t maxRows, std::size_t maxCols, Standing standing) const;
    // Whether view() has cells as small as readElements() would give.
    [[nodiscard]] bool isSharp(const MatrixWindow& window, std::size_t maxRows, std::size_t maxCols) const;
    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] const Matrix& matrix() const { return m_matrix; }

private:
    // Row-major cells of rowStep × colStep elements, which begin at multiples of the steps.
    struct Level {
        std::uint64_t rowStep = 1, colStep = 1;
        std::size_t rows = 0, cols = 0;
        std::vector<float> largest, means;
    };
    explicit ElementPyramid(const Matrix& matrix) : m_matrix(matrix) {}
    Result<void> readFinest(const ElementReader& elements, Progress& progress);
    void addCoarser();
    void combine(const Level& level, ElementBlock& block, std::size_t row) const;
    [[nodiscard]] const Level& levelFor(std::uint64_t rowStep, std::uint64_t colStep) const;

    Matrix m_matrix;
    std::vector<Level> m_levels; // finest first
};

} // namespace wb
