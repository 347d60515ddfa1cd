#include "core/analysis/embedding.h"

#include "core/base/parallel.h"
#include "core/model/roles.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr std::uint64_t chunkElements = 1U << 18;

// Calls each(chunk, row, values) for every row, chunk by chunk.
template <typename Each>
Result<void> forRows(const TensorSource& source, std::size_t tensor, Progress& progress, std::uint64_t rowsPerChunk, Each each)
{
    const Matrix matrix = matrixOf(source.tensors()[tensor]);
    const std::uint64_t chunks = (matrix.rows + rowsPerChunk - 1) / rowsPerChunk;
    return forChunks(
        chunks, [] { return std::vector<double>(); },
        [&](std::vector<double>& values, std::size_t chunk) -> Result<void> {
            const std::uint64_t begin = chunk * rowsPerChunk, end = std::min(matrix.rows, begin + rowsPerChunk);
            values.resize((end - begin) * matrix.cols);
            if (auto done = readValues(source, tensor, begin * matrix.cols, values); !done)
                return done;
            for (std::uint64_t row = begin; row < end; ++row)
                each(chunk, row, std::span<const double>(values).subspan((row - begin) * matrix.cols, matrix.cols));
            return progress.advance(end - begin) ? Result<void>() : Result<void>(cancelledError());
        },
        [](std::vector<double>&) {});
}

std::uint64_t rowsOfChunk(const TensorInfo& info)
{
    return std::max<std::uint64_t>(1, chunkElements / std::max<std::uint64_t>(1, matrixOf(info).cols));
}

Result<void> checkReadable(const TensorSource& source, std::size_t tensor)
{
    const TensorInfo& info = source.tensors()[tensor];
    if (info.dtype == DType::Opaque)
        return fail(ErrorCode::OpaqueDtype, info.name, info.name, info.storedType);
    return {};
}

double dot(std::span<const double> a, std::span<const double> b)
{
    // Four sums: the order is fixed and the additions need not wait for each other.
    double sums[4] = {};
    std::size_t i = 0;
    for (; i + 4 <= a.size(); i += 4)
        for (std::size_t k = 0; k < 4; ++k)
            sums[k] += a[i + k] * b[i + k];
    for (; i < a.size(); ++i)
        sums[0] += a[i] * b[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

bool nearer(const Neighbour& a, const Neighbour& b) { return a.cosine > b.cosine || (a.cosine == b.cosine && a.row < b.row); }

} // namespace

std::optional<std::size_t> findEmbedding(const TensorSource& source)
{
    const auto roles = rolesOf(source.tensors());
    const auto isEmbedding = [&](std::size_t i) {
        const std::string_view name = source.tensors()[i].name;
        // GPT-2 and GPT-NeoX have no roles: what follows from a role does not hold for their blocks.
        const bool named = name == "wte.weight" || name.ends_with(".wte.weight") || name.ends_with(".embed_in.weight");
        return (roles[i].role == "embed_tokens" && !roles[i].companion) || named;
    };
    for (std::size_t i = 0; i < roles.size(); ++i)
        if (isEmbedding(i) && source.tensors()[i].shape.size() == 2)
            return i;
    return std::nullopt;
}

Result<std::vector<double>> rowNorms(const TensorSource& source, std::size_t tensor, Progress& progress)
{
    if (auto done = checkReadable(source, tensor); !done)
        return failure(done);
    const TensorInfo& info = source.tensors()[tensor];
    std::vector<double> norms(matrixOf(info).rows);
    progress.begin(ProgressStage::Reading, ProgressUnit::Items, norms.size());
    auto done = forRows(source, tensor, progress, rowsOfChunk(info),
                        [&](std::size_t, std::uint64_t row, std::span<const double> values) { norms[row] = std::sqrt(dot(values, values)); });
    if (!done)
        return failure(done);
    return norms;
}

Result<std::vector<Neighbour>> nearestRows(const TensorSource& source, std::size_t tensor, std::uint64_t row, std::size_t count,
                                           Progress& progress)
{
    if (auto done = checkReadable(source, tensor); !done)
        return failure(done);
    const TensorInfo& info = source.tensors()[tensor];
    const Matrix matrix = matrixOf(info);
    std::vector<double> subject(matrix.cols);
    if (auto done = readValues(source, tensor, row * matrix.cols, subject); !done)
        return failure(done);
    const double length = std::sqrt(dot(subject, subject));
    std::vector<Neighbour> all;
    if (!std::isfinite(length) || length == 0)
        return all;
    const std::uint64_t rowsPerChunk = rowsOfChunk(info);
    std::vector<std::vector<Neighbour>> best((matrix.rows + rowsPerChunk - 1) / rowsPerChunk); // a heap each, the furthest first
    progress.begin(ProgressStage::Comparing, ProgressUnit::Items, matrix.rows);
    auto done = forRows(source, tensor, progress, rowsPerChunk, [&](std::size_t chunk, std::uint64_t other, std::span<const double> values) {
        const Neighbour candidate{other, dot(subject, values) / (length * std::sqrt(dot(values, values)))};
        if (other == row || !std::isfinite(candidate.cosine) || count == 0)
            return;
        std::vector<Neighbour>& heap = best[chunk];
        if (heap.size() == count) {
            if (!nearer(candidate, heap.front()))
                return;
            std::ranges::pop_heap(heap, nearer);
            heap.pop_back();
        }
        heap.push_back(candidate);
        std::ranges::push_heap(heap, nearer);
    });
    if (!done)
        return failure(done);
    for (const auto& heap : best)
        all.insert(all.end(), heap.begin(), heap.end());
    std::ranges::sort(all, nearer);
    all.resize(std::min(all.size(), count));
    return all;
}

} // namespace wb
