#include "core/model/roundedrows.h"

#include "core/base/parallel.h"
#include "core/model/roundingkernels.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace wb {
namespace {

constexpr std::size_t columnStep = 64;  // columns are kept in such steps: few shapes of products are made
constexpr std::size_t taskRows = 16;    // rounded in one task
constexpr std::size_t segmentRows = 256; // looked at

// Mean squares of a segment's columns.
std::vector<float> squaresOf(const kernels::StoredRows& stored)
{
    const std::size_t some = std::min(stored.rows, segmentRows);
    std::vector<float> row(stored.cols), out(stored.cols);
    for (std::size_t i = 0; i < some; ++i) {
        kernels::widen(stored.part(stored.rows * i / some, 1), row.data());
        for (std::size_t c = 0; c < stored.cols; ++c)
            out[c] += row[c] * row[c] / static_cast<float>(some);
    }
    return out;
}

} // namespace

std::vector<float> columnWeights(const Linear& matrix)
{
    std::vector<float> out(matrix.cols);
    for (const SegmentPtr& segment : matrix.segments) {
        std::call_once(segment->looked, [&] { segment->columnSquares = squaresOf(segment->stored); });
        for (std::size_t c = 0; c < matrix.cols; ++c)
            out[c] += segment->columnSquares[c] * static_cast<float>(segment->stored.rows) / static_cast<float>(matrix.rows);
    }
    return out;
}

RoundedRows::RoundedRows(const Linear& matrix, const float* x, std::size_t count, std::size_t xStride, std::size_t blockCount)
    : m_cols(matrix.cols), m_kept(0), m_high(count * m_cols), m_runs((count + blockCount - 1) / blockCount)
{
    const auto wanted = static_cast<std::size_t>(matrix.restShare * static_cast<double>(m_cols));
    m_kept = std::min(m_cols, (wanted + columnStep - 1) / columnStep * columnStep);
    m_rest.resize(count * m_kept);
    if (m_kept != 0 && m_kept != m_cols) {
        const std::vector<float> weights = columnWeights(matrix);
        parallelFor(m_runs.size(), [&](std::size_t block) {
            const std::size_t first = block * blockCount, rows = std::min(blockCount, count - first);
            chooseRuns(block, weights, {x + first * xStride, (rows - 1) * xStride + m_cols}, rows, xStride);
        });
    }
    parallelFor((count + taskRows - 1) / taskRows, [&](std::size_t task) {
        for (std::size_t row = task * taskRows; row < std::min(count, (task + 1) * taskRows); ++row)
            round(x + row * xStride, row, row / blockCount);
    });
}

void RoundedRows::chooseRuns(std::size_t block, std::span<const float> weights, std::span<const float> x, std::size_t rows, std::size_t xStride)
{
    std::vector<float> squares(m_cols);
    for (std::size_t i = 0; i < rows; ++i)
        kernels::addSquares(squares.data(), x.data() + i * xStride, m_cols);
    std::vector<float> loss((m_cols + run - 1) / run);
    for (std::size_t c = 0; c < m_cols; ++c)
        loss[c / run] += squares[c] * weights[c];
    std::vector<std::uint32_t> order(loss.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto worse = [&](std::uint32_t a, std::uint32_t b) { return loss[a] > loss[b] || (loss[a] == loss[b] && a < b); };
    const std::size_t chosen = std::min(order.size(), m_kept / run);
    std::ranges::nth_element(order, order.begin() + static_cast<std::ptrdiff_t>(chosen - 1), worse);
    order.resize(chosen);
    std::ranges::sort(order);
    for (std::uint32_t& first : order)
        first *= run;
    m_runs[block] = std::move(order);
}

void RoundedRows::round(const float* x, std::size_t row, std::size_t block)
{
    std::uint16_t* high = m_high.data() + row * m_cols;
    kernels::roundToBf16({x, m_cols}, high);
    std::uint16_t* rest = m_rest.data() + row * m_kept;
    if (m_kept == m_cols)
        return kernels::restOfBf16({x, m_cols}, high, rest);
    for (const std::uint32_t first : m_runs[block]) {
        const std::size_t width = std::min(run, m_cols - first); // behind the last column stand zeros
        kernels::restOfBf16({x + first, width}, high + first, rest);
        rest += run;
    }
}

} // namespace wb
