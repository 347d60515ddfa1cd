// Elements of a tensor's 2-D view for a picture or a grid: every one, or one of each few rows and columns, as the
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
    std::uint64_t rowStep = 1, colStep = 1; // 1 = every one
    bool largest = false;                   // of each step the largest magnitude is taken, otherwise the first
    std::size_t rows = 0, cols = 0;         // taken
    std::vector<double> values;             // row-major

    [[nodiscard]] bool isComplete() const { return rowStep == 1 && colStep == 1; }
};

// What stands for the elements of a step: the first of them, for which only those are read; or a NaN or infinity where
// there is one, for which all are.
enum class Standing : std::uint8_t { First, NonFinite };

// At most maxRows × maxCols elements of the window, evenly spaced. OpaqueDtype for tensors that are not read
// as numbers. Progress counts bytes.
[[nodiscard]] Result<ElementBlock> readElements(const TensorSource& source, std::size_t tensor,
                                                const MatrixWindow& window, std::size_t maxRows,
                                                std::size_t maxCols, Progress& progress,
                                                Standing standing = Standing::First);

// b − a of a tensor of a and the one of b that it is paired with (pairing.h), of each step the difference of largest
// magnitude, NaN before all: a single changed element is never between two pixels. All elements of the window are read.
// TensorNotFound without a pair; BadArgument for unlike shapes.
[[nodiscard]] Result<ElementBlock> readDifference(const TensorSource& a, std::size_t tensorA, const TensorSource& b,
                                                  const MatrixWindow& window, std::size_t maxRows, std::size_t maxCols,
                                                  Progress& progress);

} // namespace wb
