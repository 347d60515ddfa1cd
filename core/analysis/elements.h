// Elements of a tensor's 2-D view for a picture or a grid: every one, one of each few rows and columns, or what stands
// for all elements of such a cell.
#pragma once

#include "core/base/progress.h"
#include "core/tensor/tensorsource.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace wb {

// A part of the 2-D view (matrixOf), in elements.
struct MatrixWindow {
    std::uint64_t firstRow = 0, rows = 0;
    std::uint64_t firstCol = 0, cols = 0;
    bool operator==(const MatrixWindow&) const = default;
};

// What stands for the elements of a cell.
enum class Standing : std::uint8_t {
    First,   // a sample: only these are read
    Largest, // of all elements the one of largest magnitude, NaN before infinities before numbers
    Mean     // of all elements; NaN or infinite where one of them is
};

// Cells of rowStep × colStep elements. The cells of one step always begin at its multiples, so that a window that moves
// shows the same cells; the last ones may be cut by the matrix.
struct ElementBlock {
    MatrixWindow window; // what was asked for, extended to whole cells
    std::uint64_t rowStep = 1, colStep = 1;
    Standing standing = Standing::First;
    std::size_t rows = 0, cols = 0; // of cells
    std::vector<double> values;     // row-major

    [[nodiscard]] bool isComplete() const { return rowStep == 1 && colStep == 1; } // a cell is an element
};

// A matrix of numbers that are read when they are wanted: elements [first, first + out.size()) in row-major order. It holds
// what it reads from; reads are safe from any thread.
struct ElementReader {
    Matrix matrix;
    std::uint64_t bytesPerElement = 0; // about: for progress
    std::function<Result<void>(std::uint64_t first, std::span<double> out)> read;
};

// OpaqueDtype for tensors that are not read as numbers.
[[nodiscard]] Result<ElementReader> elementsOf(SourcePtr source, std::size_t tensor);
// b − a of a tensor of a and the one of b that it is paired with (pairing.h); equal infinities and NaN on both sides
// differ by 0. TensorNotFound without a pair; BadArgument for unlike shapes; OpaqueDtype.
[[nodiscard]] Result<ElementReader> differenceOf(SourcePtr a, std::size_t tensorA, SourcePtr b);

// The window in at most about maxRows × maxCols cells (one more where it begins inside a cell). Progress counts bytes.
[[nodiscard]] Result<ElementBlock> readElements(const ElementReader& elements, const MatrixWindow& window, std::size_t maxRows,
                                                std::size_t maxCols, Standing standing, Progress& progress);
// A sample.
[[nodiscard]] Result<ElementBlock> readElements(const TensorSource& source, std::size_t tensor, const MatrixWindow& window,
                                                std::size_t maxRows, std::size_t maxCols, Progress& progress);

// The geometry alone: the window clipped to the matrix, its cells of at least these steps, and room for their values.
[[nodiscard]] ElementBlock cellsOf(const Matrix& matrix, const MatrixWindow& window, std::uint64_t rowStep, std::uint64_t colStep);
// How many elements go into a cell so that `count` of them need no more than `most` cells.
[[nodiscard]] std::uint64_t stepFor(std::uint64_t count, std::size_t most);

} // namespace wb
