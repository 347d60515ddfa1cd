#include "core/analysis/elements.h"

#include "core/analysis/pairing.h"
#include "core/base/parallel.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>

namespace wb {
namespace {

// Columns further apart than this are read one by one instead of with everything between them.
constexpr std::uint64_t farApart = 2048;

Result<void> readRow(const ElementReader& elements, std::uint64_t first, const ElementBlock& block, std::vector<double>& row,
                     std::span<double> out)
{
    if (block.colStep > farApart) {
        for (std::size_t i = 0; i < out.size(); ++i)
            if (Result<void> done = elements.read(first + i * block.colStep, out.subspan(i, 1)); !done)
                return done;
        return {};
    }
    row.resize(block.window.cols);
    if (Result<void> done = elements.read(first, row); !done) return done;
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = row[i * block.colStep];
    return {};
}

Result<void> sample(const ElementReader& elements, ElementBlock& block, Progress& progress)
{
    const std::uint64_t rowBytes = block.window.cols * elements.bytesPerElement;
    progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, block.rows * rowBytes);
    std::vector<double> row;
    for (std::size_t r = 0; r < block.rows; ++r) {
        const std::uint64_t first = (block.window.firstRow + r * block.rowStep) * elements.matrix.cols + block.window.firstCol;
        if (auto done = readRow(elements, first, block, row, std::span(block.values.data() + r * block.cols, block.cols)); !done)
            return done;
        if (!progress.advance(rowBytes)) return cancelledError();
    }
    return {};
}

// Orders by magnitude, infinities and then NaN behind all numbers.
std::uint64_t magnitude(double value) { return std::bit_cast<std::uint64_t>(value) & ~(std::uint64_t{1} << 63); }

// One row of elements into the row of cells that holds it, which an earlier row has begun.
void addRow(const ElementBlock& block, std::span<const double> row, std::span<double> cells)
{
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
        const std::size_t begin = cell * block.colStep;
        const auto elements = row.subspan(begin, std::min<std::size_t>(block.colStep, row.size() - begin));
        double value = cells[cell];
        if (block.standing == Standing::Mean)
            for (const double element : elements)
                value += element;
        else
            for (const double element : elements)
                value = magnitude(element) > magnitude(value) ? element : value;
        cells[cell] = value;
    }
}

// Every cell from all of its elements. Rows of cells are independent, so threads do not change the result.
Result<void> summarize(const ElementReader& elements, ElementBlock& block, Progress& progress)
{
    const MatrixWindow& window = block.window;
    progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, window.rows * window.cols * elements.bytesPerElement);
    return forChunks(
        block.rows, [] { return std::vector<double>(); },
        [&](std::vector<double>& row, std::size_t r) -> Result<void> {
            row.resize(window.cols);
            const std::span cells(block.values.data() + r * block.cols, block.cols);
            const std::uint64_t first = window.firstRow + r * block.rowStep;
            const std::uint64_t end = std::min(first + block.rowStep, window.firstRow + window.rows);
            for (std::uint64_t at = first; at < end; ++at) {
                if (auto done = elements.read(at * elements.matrix.cols + window.firstCol, row); !done) return done;
                addRow(block, row, cells);
                if (!progress.advance(window.cols * elements.bytesPerElement)) return cancelledError();
            }
            if (block.standing == Standing::Mean)
                for (std::size_t cell = 0; cell < cells.size(); ++cell)
                    cells[cell] /= static_cast<double>((end - first) * std::min(block.colStep, window.cols - cell * block.colStep));
            return {};
        },
        [](std::vector<double>&) {});
}

// For as long as `source` lives.
Result<ElementReader> readerOf(const TensorSource& source, std::size_t tensor)
{
    const TensorInfo& info = source.tensors()[tensor];
    if (info.dtype == DType::Opaque) return fail(ErrorCode::OpaqueDtype, info.name, info.name, info.storedType);
    const auto read = [&source, tensor](std::uint64_t first, std::span<double> out) { return readValues(source, tensor, first, out); };
    return ElementReader{matrixOf(info), unitBytes(info.dtype), read};
}

MatrixWindow clipped(const Matrix& matrix, MatrixWindow window)
{
    window.firstRow = std::min(window.firstRow, matrix.rows);
    window.firstCol = std::min(window.firstCol, matrix.cols);
    window.rows = std::min(window.rows, matrix.rows - window.firstRow);
    window.cols = std::min(window.cols, matrix.cols - window.firstCol);
    return window;
}

} // namespace

std::uint64_t stepFor(std::uint64_t count, std::size_t most)
{
    return most == 0 ? std::max<std::uint64_t>(1, count) : std::max<std::uint64_t>(1, (count + most - 1) / most);
}

ElementBlock cellsOf(const Matrix& matrix, const MatrixWindow& window, std::uint64_t rowStep, std::uint64_t colStep)
{
    ElementBlock block;
    block.rowStep = rowStep;
    block.colStep = colStep;
    block.window = clipped(matrix, window);
    if (block.window.rows == 0 || block.window.cols == 0) return block;
    const auto extend = [](std::uint64_t& first, std::uint64_t& count, std::uint64_t step, std::uint64_t all) {
        const std::uint64_t end = std::min(all, (first + count + step - 1) / step * step);
        first = first / step * step;
        count = end - first;
    };
    extend(block.window.firstRow, block.window.rows, rowStep, matrix.rows);
    extend(block.window.firstCol, block.window.cols, colStep, matrix.cols);
    block.rows = (block.window.rows + rowStep - 1) / rowStep;
    block.cols = (block.window.cols + colStep - 1) / colStep;
    block.values.resize(block.rows * block.cols);
    return block;
}

Result<ElementReader> elementsOf(SourcePtr source, std::size_t tensor)
{
    auto elements = readerOf(*source, tensor);
    if (elements)
        elements->read = [source = std::move(source), read = std::move(elements->read)](std::uint64_t first, std::span<double> out) {
            return read(first, out);
        };
    return elements;
}

Result<ElementReader> differenceOf(SourcePtr a, std::size_t tensorA, SourcePtr b)
{
    const Pairing pairing(*a, *b);
    const TensorInfo& info = a->tensors()[tensorA];
    const auto tensorB = pairing.other(tensorA);
    if (!tensorB) return fail(ErrorCode::TensorNotFound, info.name, info.name);
    const TensorInfo& other = b->tensors()[*tensorB];
    if (other.shape != info.shape) return fail(ErrorCode::BadArgument, info.name, said(CORE_TEXT("reasons", "the two sides have other shapes")));
    if (info.dtype == DType::Opaque || other.dtype == DType::Opaque)
        return fail(ErrorCode::OpaqueDtype, info.name, info.name, info.storedType);
    ElementReader elements{matrixOf(info), std::uint64_t{unitBytes(info.dtype)} + unitBytes(other.dtype), {}};
    const StoredConversion readingA = pairing.readingOfA(tensorA), readingB = pairing.readingOfB(*tensorB);
    const bool plain = readingA == StoredConversion() && readingB == StoredConversion();
    const auto viewA = plain ? nullptr : std::make_shared<const FloatView>(*a, tensorA, readingA);
    const auto viewB = plain ? nullptr : std::make_shared<const FloatView>(*b, *tensorB, readingB);
    elements.read = [a, b, tensorA, right = *tensorB, viewA, viewB](std::uint64_t first, std::span<double> out) -> Result<void> {
        thread_local std::vector<double> before;
        before.resize(out.size());
        if (auto done = viewA ? readValues(*viewA, 0, first, before) : readValues(*a, tensorA, first, before); !done) return done;
        if (auto done = viewB ? readValues(*viewB, 0, first, out) : readValues(*b, right, first, out); !done) return done;
        for (std::size_t i = 0; i < out.size(); ++i) {
            const bool same = out[i] == before[i] || (std::isnan(out[i]) && std::isnan(before[i])); // two infinities too
            out[i] = same ? 0 : out[i] - before[i];
        }
        return {};
    };
    return elements;
}

Result<ElementBlock> readElements(const ElementReader& elements, const MatrixWindow& window, std::size_t maxRows, std::size_t maxCols,
                                  Standing standing, Progress& progress)
{
    const MatrixWindow seen = clipped(elements.matrix, window);
    ElementBlock block = cellsOf(elements.matrix, seen, stepFor(seen.rows, maxRows), stepFor(seen.cols, maxCols));
    block.standing = block.isComplete() ? Standing::First : standing;
    auto done = block.standing == Standing::First ? sample(elements, block, progress) : summarize(elements, block, progress);
    return done ? Result<ElementBlock>(std::move(block)) : failure(done);
}

Result<ElementBlock> readElements(const TensorSource& source, std::size_t tensor, const MatrixWindow& window, std::size_t maxRows,
                                  std::size_t maxCols, Progress& progress)
{
    const auto elements = readerOf(source, tensor);
    return elements ? readElements(*elements, window, maxRows, maxCols, Standing::First, progress) : failure(elements);
}

} // namespace wb
