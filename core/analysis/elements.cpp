#include "core/analysis/elements.h"

#include "core/analysis/pairing.h"
#include "core/base/parallel.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>

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

// The geometry: the window clipped to the matrix, the steps, and room for the values.
ElementBlock blockOf(const Matrix& matrix, const MatrixWindow& window, std::size_t maxRows, std::size_t maxCols)
{
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
    return block;
}

// Fills every cell of a block from all of its elements: prefer(cell, value) says whether the value stands for the cell
// from now on. Rows of cells are independent, so threads do not change the result.
template <typename ReadRow, typename Prefer>
Result<void> fillWhole(ElementBlock& block, std::uint64_t bytesPerElement, Progress& progress, ReadRow readRow, Prefer prefer)
{
    const std::uint64_t lastRow = block.window.firstRow + block.window.rows;
    progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, block.window.rows * block.window.cols * bytesPerElement);
    return forChunks(
        block.rows, [] { return std::vector<double>(); },
        [&](std::vector<double>& row, std::size_t r) -> Result<void> {
            row.resize(block.window.cols);
            double* cells = block.values.data() + r * block.cols;
            const std::uint64_t first = block.window.firstRow + r * block.rowStep;
            for (std::uint64_t at = first; at < std::min(first + block.rowStep, lastRow); ++at) {
                if (auto done = readRow(at, row); !done) return done;
                for (std::uint64_t col = 0; col < block.window.cols; ++col) {
                    double& cell = cells[col / block.colStep];
                    if ((at == first && col % block.colStep == 0) || prefer(cell, row[col])) cell = row[col];
                }
                if (!progress.advance(block.window.cols * bytesPerElement)) return cancelledError();
            }
            return {};
        },
        [](std::vector<double>&) {});
}

} // namespace

Result<ElementBlock> readElements(const TensorSource& source, std::size_t tensor, const MatrixWindow& window,
                                  std::size_t maxRows, std::size_t maxCols, Progress& progress, Standing standing)
{
    const TensorInfo& info = source.tensors()[tensor];
    const Matrix matrix = matrixOf(info);
    ElementBlock block = blockOf(matrix, window, maxRows, maxCols);
    if (standing == Standing::NonFinite && !block.isComplete()) {
        const auto read = [&](std::uint64_t row, std::span<double> out) {
            return readValues(source, tensor, row * matrix.cols + block.window.firstCol, out);
        };
        const auto prefer = [](double cell, double value) { return std::isfinite(cell) && !std::isfinite(value); };
        if (auto done = fillWhole(block, unitBytes(info.dtype), progress, read, prefer); !done) return failure(done);
        return block;
    }
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

Result<ElementBlock> readDifference(const TensorSource& a, std::size_t tensorA, const TensorSource& b, const MatrixWindow& window,
                                    std::size_t maxRows, std::size_t maxCols, Progress& progress)
{
    const Pairing pairing(a, b);
    const TensorInfo& info = a.tensors()[tensorA];
    const auto tensorB = pairing.other(tensorA);
    if (!tensorB) return fail(ErrorCode::TensorNotFound, info.name, info.name);
    if (b.tensors()[*tensorB].shape != info.shape) return fail(ErrorCode::BadArgument, info.name, "the two sides have other shapes");
    if (info.dtype == DType::Opaque || b.tensors()[*tensorB].dtype == DType::Opaque)
        return fail(ErrorCode::OpaqueDtype, info.name, info.name, info.storedType);
    const Reading readingA = pairing.readingOfA(tensorA), readingB = pairing.readingOfB(*tensorB);
    const bool plain = readingA == Reading() && readingB == Reading();
    const FloatView viewA(a, tensorA, readingA), viewB(b, *tensorB, readingB);
    const Matrix matrix = matrixOf(info);
    ElementBlock block = blockOf(matrix, window, maxRows, maxCols);
    block.largest = true;
    const auto read = [&](std::uint64_t row, std::span<double> out) -> Result<void> {
        thread_local std::vector<double> left;
        left.resize(out.size());
        const std::uint64_t first = row * matrix.cols + block.window.firstCol;
        if (auto done = plain ? readValues(a, tensorA, first, left) : readValues(viewA, 0, first, left); !done) return done;
        if (auto done = plain ? readValues(b, *tensorB, first, out) : readValues(viewB, 0, first, out); !done) return done;
        for (std::size_t i = 0; i < out.size(); ++i) {
            const bool same = out[i] == left[i] || (std::isnan(out[i]) && std::isnan(left[i])); // two infinities too
            out[i] = same ? 0 : out[i] - left[i];
        }
        return {};
    };
    const auto prefer = [](double cell, double value) {
        return !std::isnan(cell) && (std::isnan(value) || std::abs(value) > std::abs(cell));
    };
    if (auto done = fillWhole(block, 2 * unitBytes(info.dtype), progress, read, prefer); !done) return failure(done);
    return block;
}

} // namespace wb
