#include "core/analysis/elements.h"

#include "core/tensor/decode.h"

#include <algorithm>

namespace wb {
namespace {

// Columns further apart than this are read one by one instead of with everything between them.
constexpr std::uint64_t farApart = 2048;

std::uint64_t stepFor(std::uint64_t count, std::size_t most)
{
    return most == 0 ? count : std::max<std::uint64_t>(1, (count + most - 1) / most);
}

Result<void> readRow(const TensorSource& source, std::size_t tensor, std::uint64_t first, std::uint64_t count,
                     std::uint64_t step, std::vector<double>& row, std::span<double> out)
{
    if (step > farApart) {
        for (std::size_t i = 0; i < out.size(); ++i)
            if (Result<void> done = readValues(source, tensor, first + i * step, out.subspan(i, 1)); !done)
                return done;
        return {};
    }
    row.resize(count);
    if (Result<void> done = readValues(source, tensor, first, row); !done) return done;
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = row[i * step];
    return {};
}

} // namespace

Result<ElementBlock> readElements(const TensorSource& source, std::size_t tensor, const MatrixWindow& window,
                                  std::size_t maxRows, std::size_t maxCols, Progress& progress)
{
    const TensorInfo& info = source.tensors()[tensor];
    const Matrix matrix = matrixOf(info);
    ElementBlock block;
    block.window.firstRow = std::min(window.firstRow, matrix.rows);
    block.window.firstCol = std::min(window.firstCol, matrix.cols);
    block.window.rows = std::min(window.rows, matrix.rows - block.window.firstRow);
    block.window.cols = std::min(window.cols, matrix.cols - block.window.firstCol);
    if (block.window.rows == 0 || block.window.cols == 0) return block;
    block.rowStep = stepFor(block.window.rows, maxRows);
    block.colStep = stepFor(block.window.cols, maxCols);
    block.rows = (block.window.rows + block.rowStep - 1) / block.rowStep;
    block.cols = (block.window.cols + block.colStep - 1) / block.colStep;
    block.values.resize(block.rows * block.cols);

    const std::uint64_t rowBytes = block.window.cols * unitBytes(info.dtype);
    progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, block.rows * rowBytes);
    std::vector<double> row;
    for (std::size_t r = 0; r < block.rows; ++r) {
        const std::uint64_t first =
            (block.window.firstRow + r * block.rowStep) * matrix.cols + block.window.firstCol;
        const std::span<double> out(block.values.data() + r * block.cols, block.cols);
        if (const auto done = readRow(source, tensor, first, block.window.cols, block.colStep, row, out);
            !done)
            return failure(done);
        if (!progress.advance(rowBytes)) return cancelledError();
    }
    return block;
}

} // namespace wb
