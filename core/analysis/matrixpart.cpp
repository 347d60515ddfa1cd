#include "core/analysis/matrixpart.h"

#include "core/tensor/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wb {

std::uint64_t FusedPart::size() const
{
    std::uint64_t total = 0;
    for (const Range& range : ranges)
        total += range.end - range.first;
    return total;
}

Matrix MatrixPart::shapeIn(const TensorInfo& info) const
{
    const std::uint64_t cols = info.shape.back(), rows = info.shape[info.shape.size() - 2];
    if (!m_fused)
        return {rows, cols};
    return m_fused->columns ? Matrix{rows, m_fused->size()} : Matrix{m_fused->size(), cols};
}

std::uint64_t MatrixPart::bytesIn(const TensorInfo& info) const
{
    const Matrix shape = shapeIn(info);
    return shape.rows * shape.cols / unitElements(info.dtype) * unitBytes(info.dtype);
}

std::vector<FusedPart::Range> MatrixPart::runsIn(const TensorInfo& info) const
{
    const std::uint64_t cols = info.shape.back(), rows = info.shape[info.shape.size() - 2];
    if (!m_fused)
        return {{m_stacked * rows * cols, (m_stacked + 1) * rows * cols}};
    std::vector<FusedPart::Range> runs;
    if (!m_fused->columns)
        for (const FusedPart::Range& range : m_fused->ranges)
            runs.push_back({range.first * cols, range.end * cols});
    for (std::uint64_t row = 0; m_fused->columns && row < rows; ++row)
        for (const FusedPart::Range& range : m_fused->ranges)
            runs.push_back({row * cols + range.first, row * cols + range.end});
    return runs;
}

std::string MatrixPart::key() const
{
    if (!m_fused)
        return std::to_string(m_stacked);
    std::string text = m_fused->columns ? "cols" : "rows";
    for (const FusedPart::Range& range : m_fused->ranges)
        text += fmt::format(" {}:{}", range.first, range.end);
    return text;
}

std::uint64_t partsOf(const TensorInfo& info) { return info.shape.size() == 3 ? info.shape[0] : 1; }

Result<std::vector<double>> readMatrix(const TensorSource& source, std::size_t tensor, const MatrixPart& part)
{
    const TensorInfo& info = source.tensors()[tensor];
    const Matrix shape = part.shapeIn(info);
    std::vector<double> matrix(shape.rows * shape.cols);
    std::uint64_t at = 0;
    for (const FusedPart::Range& run : part.runsIn(info)) {
        const std::uint64_t count = run.end - run.first;
        if (auto done = readValues(source, tensor, run.first, std::span(matrix).subspan(at, count)); !done)
            return failure(done);
        at += count;
    }
    if (!std::ranges::all_of(matrix, [](double value) { return std::isfinite(value); }))
        return fail(ErrorCode::BadArgument, info.name, said(CORE_TEXT("reasons", "it holds values that are not finite and has no singular values")));
    return matrix;
}

} // namespace wb
