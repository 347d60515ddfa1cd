#include "core/analysis/vocabularyreading.h"

#include "core/analysis/decomposition.h"
#include "core/base/parallel.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>

namespace wb {

Result<VocabularyReading> readThroughVocabulary(const TensorSource& source, std::size_t matrix, std::span<const double> direction, std::size_t tokens, Progress& progress)
{
    const TensorInfo& info = source.tensors()[matrix];
    if (info.shape.size() != 2 || info.shape[1] != direction.size() || info.dtype == DType::Opaque)
        return fail(ErrorCode::BadArgument, info.name, said(CORE_TEXT("reasons", "its shape is %1 and the direction has %2 numbers"), shapeText(info.shape), direction.size()));
    const std::size_t rows = info.shape[0], cols = info.shape[1], block = std::max<std::size_t>(1, (1U << 16) / std::max<std::size_t>(cols, 1));
    progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, info.bytes);
    std::vector<double> cosines(rows);
    auto done = forChunks(
        (rows + block - 1) / block, [] { return std::vector<double>(); },
        [&](std::vector<double>& values, std::size_t chunk) -> Result<void> {
            const std::size_t first = chunk * block, count = std::min(block, rows - first);
            values.resize(count * cols);
            if (auto read = readValues(source, matrix, first * cols, values); !read)
                return read;
            for (std::size_t row = 0; row < count; ++row) {
                double product = 0, squares = 0;
                for (std::size_t i = 0; i < cols; ++i) {
                    product += values[row * cols + i] * direction[i];
                    squares += values[row * cols + i] * values[row * cols + i];
                }
                cosines[first + row] = squares > 0 && std::isfinite(squares) ? product / std::sqrt(squares) : 0;
            }
            return progress.advance(info.bytes / rows * count) ? Result<void>() : cancelledError();
        },
        [](std::vector<double>&) {});
    if (!done)
        return failure(done);
    std::vector<std::uint32_t> order(rows);
    for (std::size_t i = 0; i < rows; ++i)
        order[i] = static_cast<std::uint32_t>(i);
    const auto wanted = static_cast<std::ptrdiff_t>(std::min(tokens, rows));
    const auto firstBy = [&](auto before) {
        std::partial_sort(order.begin(), order.begin() + wanted, order.end(), before);
        std::vector<VocabularyReading::Row> out;
        for (std::ptrdiff_t i = 0; i < wanted; ++i)
            out.push_back({order[static_cast<std::size_t>(i)], cosines[order[static_cast<std::size_t>(i)]]});
        return out;
    };
    VocabularyReading out;
    out.along = firstBy([&](std::uint32_t a, std::uint32_t b) { return std::pair(-cosines[a], a) < std::pair(-cosines[b], b); });
    out.against = firstBy([&](std::uint32_t a, std::uint32_t b) { return std::pair(cosines[a], a) < std::pair(cosines[b], b); });
    return out;
}

Result<std::vector<double>> singularVector(const TensorSource& source, std::size_t tensor, const MatrixPart& part, std::size_t component, bool outputs)
{
    auto parts = decomposition(source, tensor, part);
    if (!parts)
        return failure(parts);
    const Decomposition& d = **parts;
    const std::size_t n = d.values.size();
    if (component >= n)
        return fail(ErrorCode::BadArgument, source.tensors()[tensor].name, said(CORE_TEXT("reasons", "there is no component %1 among %2"), component, n));
    const std::span<const double> own(d.vectors.data() + component * n, n);
    if (outputs != d.rightSide())
        return std::vector<double>(own.begin(), own.end());
    // The other side is W v / σ or Wᵀ u / σ.
    auto matrix = readMatrix(source, tensor, part);
    if (!matrix)
        return failure(matrix);
    std::vector<double> out(outputs ? d.rows : d.cols);
    for (std::size_t row = 0; row < d.rows; ++row)
        for (std::size_t col = 0; col < d.cols; ++col)
            outputs ? out[row] += (*matrix)[row * d.cols + col] * own[col] : out[col] += (*matrix)[row * d.cols + col] * own[row];
    double squares = 0;
    for (const double value : out)
        squares += value * value;
    for (double& value : out)
        value = squares > 0 ? value / std::sqrt(squares) : 0;
    return out;
}

} // namespace wb
