#include "core/analysis/elementpyramid.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace wb {
namespace {

constexpr std::size_t fewestCells = 1 << 14;      // coarser levels than this gain nothing
constexpr std::uint64_t elementsAtOnce = 1 << 17; // of one read

std::uint64_t rounded(std::uint64_t value, std::uint64_t step) { return (value + step - 1) / step * step; }

// Orders by magnitude, infinities and then NaN behind all numbers.
std::uint32_t magnitude(float value) { return std::bit_cast<std::uint32_t>(value) & 0x7fff'ffffU; }
std::uint64_t magnitude(double value) { return std::bit_cast<std::uint64_t>(value) & ~(std::uint64_t{1} << 63); }

// A number that F32 cannot hold is not an infinity of the tensor.
float narrow(double value)
{
    constexpr double most = std::numeric_limits<float>::max();
    return static_cast<float>(std::isfinite(value) ? std::clamp(value, -most, most) : value);
}

// What one thread keeps for a row of cells.
struct Lane {
    std::vector<double> elements, largest, sums;
};

void addRow(std::span<const double> row, std::uint64_t colStep, Lane& lane)
{
    for (std::size_t cell = 0; cell < lane.sums.size(); ++cell) {
        const std::size_t begin = cell * colStep;
        double largest = lane.largest[cell], sum = 0;
        for (const double element : row.subspan(begin, std::min<std::size_t>(colStep, row.size() - begin))) {
            largest = magnitude(element) > magnitude(largest) ? element : largest;
            sum += element;
        }
        lane.largest[cell] = largest;
        lane.sums[cell] += sum;
    }
}

} // namespace

Result<std::shared_ptr<const ElementPyramid>> ElementPyramid::build(const ElementReader& elements, std::size_t maxRows,
                                                                    std::size_t maxCols, Progress& progress, std::size_t most)
{
    std::shared_ptr<ElementPyramid> pyramid(new ElementPyramid(elements.matrix));
    const Matrix& matrix = elements.matrix;
    Level& finest = pyramid->m_levels.emplace_back();
    const auto cells = [](std::uint64_t count, std::uint64_t step) { return (count + step - 1) / step; };
    while (cells(matrix.rows, finest.rowStep) * cells(matrix.cols, finest.colStep) > most) {
        // The steps of a picture of all are as rows / maxRows to cols / maxCols.
        const double high = static_cast<double>(finest.rowStep * maxRows) * static_cast<double>(matrix.cols);
        const double wide = static_cast<double>(finest.colStep * maxCols) * static_cast<double>(matrix.rows);
        const bool higher = finest.colStep >= matrix.cols || (finest.rowStep < matrix.rows && high <= wide);
        (higher ? finest.rowStep : finest.colStep) *= 2;
    }
    finest.rows = cells(matrix.rows, finest.rowStep);
    finest.cols = cells(matrix.cols, finest.colStep);
    finest.largest.resize(finest.rows * finest.cols);
    finest.means.resize(finest.rows * finest.cols);
    if (auto done = pyramid->readFinest(elements, progress); !done) return failure(done);
    while (pyramid->m_levels.back().largest.size() > fewestCells)
        pyramid->addCoarser();
    return pyramid;
}

// In parts of whole cells, of which each is read by few calls. Parts are independent, so threads do not change the result.
Result<void> ElementPyramid::readFinest(const ElementReader& elements, Progress& progress)
{
    Level& level = m_levels.front();
    progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, m_matrix.rows * m_matrix.cols * elements.bytesPerElement);
    if (level.largest.empty()) return {};
    const std::size_t colsAtOnce = std::clamp<std::size_t>(elementsAtOnce / (level.rowStep * level.colStep), 1, level.cols);
    const std::size_t parts = (level.cols + colsAtOnce - 1) / colsAtOnce;
    const std::size_t rowsAtOnce = parts > 1 ? 1 : std::max<std::size_t>(1, elementsAtOnce / (level.rowStep * m_matrix.cols));
    const std::size_t strips = (level.rows + rowsAtOnce - 1) / rowsAtOnce;
    const auto readRow = [&](Lane& lane, std::size_t row, std::size_t firstCell, std::size_t cells) -> Result<void> {
        const std::uint64_t firstCol = firstCell * level.colStep, width = std::min(cells * level.colStep, m_matrix.cols - firstCol);
        const std::uint64_t first = row * level.rowStep, height = std::min(level.rowStep, m_matrix.rows - first);
        const std::uint64_t together = width == m_matrix.cols ? std::clamp<std::uint64_t>(elementsAtOnce / width, 1, height) : 1;
        lane.largest.assign(cells, 0);
        lane.sums.assign(cells, 0);
        for (std::uint64_t done = 0; done < height; done += together) {
            lane.elements.resize(std::min(together, height - done) * width);
            if (auto read = elements.read((first + done) * m_matrix.cols + firstCol, lane.elements); !read) return read;
            for (std::size_t at = 0; at < lane.elements.size(); at += width)
                addRow(std::span(lane.elements).subspan(at, width), level.colStep, lane);
        }
        for (std::size_t cell = 0; cell < cells; ++cell) {
            const std::uint64_t across = std::min(level.colStep, width - cell * level.colStep);
            level.largest[row * level.cols + firstCell + cell] = narrow(lane.largest[cell]);
            level.means[row * level.cols + firstCell + cell] = narrow(lane.sums[cell] / static_cast<double>(height * across));
        }
        return progress.advance(height * width * elements.bytesPerElement) ? Result<void>() : cancelledError();
    };
    return forChunks(
        strips * parts, [] { return Lane(); },
        [&](Lane& lane, std::size_t chunk) -> Result<void> {
            const std::size_t firstCell = chunk % parts * colsAtOnce, cells = std::min(colsAtOnce, level.cols - firstCell);
            const std::size_t firstRow = chunk / parts * rowsAtOnce;
            for (std::size_t row = firstRow; row < std::min(firstRow + rowsAtOnce, level.rows); ++row)
                if (auto done = readRow(lane, row, firstCell, cells); !done) return done;
            return {};
        },
        [](Lane&) {});
}

void ElementPyramid::addCoarser()
{
    const Level& last = m_levels.back();
    Level next{.rowStep = last.rowStep * (last.rows > 1 ? 2 : 1), .colStep = last.colStep * (last.cols > 1 ? 2 : 1)};
    for (const Standing standing : {Standing::Largest, Standing::Mean}) {
        ElementBlock block = cellsOf(m_matrix, {0, m_matrix.rows, 0, m_matrix.cols}, next.rowStep, next.colStep);
        block.standing = standing;
        for (std::size_t row = 0; row < block.rows; ++row)
            combine(last, block, row);
        next.rows = block.rows;
        next.cols = block.cols;
        std::vector<float>& cells = standing == Standing::Mean ? next.means : next.largest;
        cells.reserve(block.values.size());
        std::ranges::transform(block.values, std::back_inserter(cells), narrow);
    }
    m_levels.push_back(std::move(next));
}

// One row of the block's cells, each of whole cells of the level.
void ElementPyramid::combine(const Level& level, ElementBlock& block, std::size_t row) const
{
    const std::size_t across = block.colStep / level.colStep, firstCol = block.window.firstCol / level.colStep;
    const std::size_t first = (block.window.firstRow + row * block.rowStep) / level.rowStep;
    const std::size_t end = std::min(first + block.rowStep / level.rowStep, level.rows);
    const auto extent = [](std::size_t index, std::uint64_t step, std::uint64_t all) { return static_cast<double>(std::min(step, all - index * step)); };
    for (std::size_t cell = 0; cell < block.cols; ++cell) {
        const std::size_t from = firstCol + cell * across, past = std::min(from + across, level.cols);
        float largest = 0;
        double sum = 0, weight = 0;
        for (std::size_t r = first; r < end; ++r) {
            const double high = extent(r, level.rowStep, m_matrix.rows);
            for (std::size_t c = from; c < past; ++c) {
                if (block.standing == Standing::Largest) {
                    const float value = level.largest[r * level.cols + c];
                    largest = magnitude(value) > magnitude(largest) ? value : largest;
                } else {
                    const double part = high * extent(c, level.colStep, m_matrix.cols);
                    sum += part * static_cast<double>(level.means[r * level.cols + c]);
                    weight += part;
                }
            }
        }
        block.values[row * block.cols + cell] = block.standing == Standing::Largest ? static_cast<double>(largest) : sum / weight;
    }
}

// The coarsest of which a few cells make a wanted one.
const ElementPyramid::Level& ElementPyramid::levelFor(std::uint64_t rowStep, std::uint64_t colStep) const
{
    for (std::size_t i = m_levels.size(); i-- > 1;)
        if (2 * m_levels[i].rowStep <= rowStep && 2 * m_levels[i].colStep <= colStep) return m_levels[i];
    return m_levels.front();
}

ElementBlock ElementPyramid::view(const MatrixWindow& window, std::size_t maxRows, std::size_t maxCols, Standing standing) const
{
    const std::uint64_t rowStep = stepFor(window.rows, maxRows), colStep = stepFor(window.cols, maxCols);
    const Level& level = levelFor(rowStep, colStep);
    ElementBlock block = cellsOf(m_matrix, window, rounded(rowStep, level.rowStep), rounded(colStep, level.colStep));
    block.standing = standing;
    parallelFor(block.rows, [&](std::size_t row) { combine(level, block, row); });
    return block;
}

bool ElementPyramid::isSharp(const MatrixWindow& window, std::size_t maxRows, std::size_t maxCols) const
{
    const std::uint64_t rowStep = stepFor(window.rows, maxRows), colStep = stepFor(window.cols, maxCols);
    const Level& level = levelFor(rowStep, colStep);
    return 2 * rounded(rowStep, level.rowStep) <= 3 * rowStep && 2 * rounded(colStep, level.colStep) <= 3 * colStep;
}

std::size_t ElementPyramid::bytes() const
{
    std::size_t bytes = 0;
    for (const Level& level : m_levels)
        bytes += level.largest.size() * 2 * sizeof(float);
    return bytes;
}

} // namespace wb
