#include "core/model/roundedrows.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace wb {
namespace {

constexpr std::size_t columnStep = 64;  // columns are kept in such steps: few shapes of products are made
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
    : m_cols(matrix.cols), m_kept(0), m_high(count * m_cols), m_columns((count + blockCount - 1) / blockCount)
{
    const auto wanted = static_cast<std::size_t>(matrix.restShare * static_cast<double>(m_cols));
    m_kept = std::min(m_cols, (wanted + columnStep - 1) / columnStep * columnStep);
    m_rest.resize(count * m_kept);
    if (m_kept != 0) {
        const std::vector<float> weights = columnWeights(matrix);
        parallelFor(m_columns.size(), [&](std::size_t block) {
            const std::size_t first = block * blockCount, rows = std::min(blockCount, count - first);
            chooseColumns(block, weights, {x + first * xStride, (rows - 1) * xStride + m_cols}, rows, xStride);
        });
    }
    parallelFor(count, [&](std::size_t row) { round(x + row * xStride, row, row / blockCount); });
}

void RoundedRows::chooseColumns(std::size_t block, std::span<const float> weights, std::span<const float> x, std::size_t rows, std::size_t xStride)
{
    std::vector<float> loss(m_cols);
    for (std::size_t i = 0; i < rows; ++i) {
        const float* row = x.data() + i * xStride;
        for (std::size_t c = 0; c < m_cols; ++c)
            loss[c] += row[c] * row[c] * weights[c];
    }
    std::vector<std::uint32_t>& columns = m_columns[block];
    columns.resize(m_cols);
    std::iota(columns.begin(), columns.end(), 0U);
    const auto worse = [&](std::uint32_t a, std::uint32_t b) { return loss[a] > loss[b] || (loss[a] == loss[b] && a < b); };
    if (m_kept < m_cols)
        std::ranges::nth_element(columns, columns.begin() + static_cast<std::ptrdiff_t>(m_kept), worse);
    columns.resize(m_kept);
    std::ranges::sort(columns);
}

void RoundedRows::round(const float* x, std::size_t row, std::size_t block)
{
    std::uint16_t* high = m_high.data() + row * m_cols;
    kernels::roundToBf16({x, m_cols}, high);
    if (m_kept == 0)
        return;
    thread_local std::vector<float> rest;
    rest.resize(std::max(rest.size(), m_kept));
    const std::vector<std::uint32_t>& columns = m_columns[block];
    for (std::size_t k = 0; k < m_kept; ++k)
        rest[k] = x[columns[k]] - std::bit_cast<float>(static_cast<std::uint32_t>(high[columns[k]]) << 16U);
    kernels::roundToBf16({rest.data(), m_kept}, m_rest.data() + row * m_kept);
}

} // namespace wb
