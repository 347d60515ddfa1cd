// Elements of a tensor's 2-D view for a picture or a grid: every one, or every n-th row and column, as the
// reader says.
#pragma once

#include "core/base/progress.h"
#include "core/tensor/tensorsource.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wb {

// A part of the 2-D view (matrixOf), in elements.
struct MatrixWindow {
    std::uint64_t firstRow = 0, rows = 0;
    std::uint64_t firstCol = 0, cols = 0;
    bool operator==(const MatrixWindow&) const = default;
};

struct ElementBlock {
    MatrixWindow window;
    std::uint64_t rowStep = 1, colStep = 1; // 1 = every one; the first of each step is taken
    std::size_t rows = 0, cols = 0;         // taken
    std::vector<double> values;             // row-major

    [[nodiscard]] bool isComplete() const { return rowStep == 1 && colStep == 1; }
};

// At most maxRows × maxCols elements of the window, evenly spaced. OpaqueDtype for tensors that are not read
// as numbers. Progress counts bytes.
[[nodiscard]] Result<ElementBlock> readElements(const TensorSource& source, std::size_t tensor,
                                                const MatrixWindow& window, std::size_t maxRows,
                                                std::size_t maxCols, Progress& progress);

} // namespace wb
