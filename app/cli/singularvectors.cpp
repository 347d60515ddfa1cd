// What `wb svf split` and `wb spectrum --vectors` write.
#include "app/cli/cli.h"

#include "core/base/parallel.h"
#include "core/checkpoint/arrayfile.h"
#include "core/tensor/decode.h"
#include "core/tensor/dense.h"

#include <algorithm>
#include <cmath>

namespace wb::cli {
namespace {

struct Split {
    dense::Svd svd;
    double error = 0;
};

Result<Split> splitOf(const TensorSource& source, std::size_t tensor)
{
    const TensorInfo& info = source.tensors()[tensor];
    const std::size_t rows = info.shape[0], cols = info.shape[1], n = std::min(rows, cols);
    std::vector<double> matrix(info.elements);
    if (auto done = readValues(source, tensor, 0, matrix); !done)
        return failure(done);
    if (!std::ranges::all_of(matrix, [](double value) { return std::isfinite(value); }))
        return fail(ErrorCode::EditNotPossible, info.name, "svf", info.name, "it holds values that are not finite and has no singular values");
    std::vector<double> copy = matrix;
    auto svd = dense::svd(copy, rows, cols);
    if (!svd)
        return failure(svd);
    Split out{std::move(*svd), 0};
    std::vector<double> scaled = out.svd.right, product(matrix.size());
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < cols; ++j)
            scaled[i * cols + j] *= out.svd.values[i];
    dense::addCross(out.svd.left, scaled, n, rows, cols, product);
    double squares = 0, off = 0;
    for (std::size_t i = 0; i < matrix.size(); ++i) {
        squares += matrix[i] * matrix[i];
        off += (matrix[i] - product[i]) * (matrix[i] - product[i]);
    }
    out.error = squares > 0 ? std::sqrt(off / squares) : 0;
    return out;
}

// The first `kept` rows of (n, size), as columns.
std::vector<double> columnsOf(const std::vector<double>& rowsOf, std::size_t kept, std::size_t size)
{
    std::vector<double> out(kept * size);
    for (std::size_t i = 0; i < kept; ++i)
        for (std::size_t j = 0; j < size; ++j)
            out[j * kept + i] = rowsOf[i * size + j];
    return out;
}

// Matrix and copy, U, V, their product and LAPACK's room.
std::uint64_t bytesFor(const TensorInfo& info)
{
    const std::uint64_t n = std::min(info.shape[0], info.shape[1]);
    return (3 * info.elements + 3 * n * (info.shape[0] + info.shape[1]) + 4 * n * n) * sizeof(double);
}

} // namespace

Result<WrittenVectors> writeSingularVectors(const Opened& opened, const std::vector<std::size_t>& tensors, const VectorsOptions& options, const Globals& globals)
{
    const TensorSource& source = *opened.source;
    const DType type = options.wide ? DType::F64 : DType::F32;
    std::vector<ArrayFile::Array> arrays;
    WrittenVectors out;
    std::uint64_t bytes = 0;
    for (const std::size_t tensor : tensors) {
        const TensorInfo& info = source.tensors()[tensor];
        const std::uint64_t n = std::min(info.shape[0], info.shape[1]), kept = options.rank == 0 ? n : std::min<std::uint64_t>(n, options.rank);
        arrays.insert(arrays.end(), {{info.name + ".U", {info.shape[0], kept}, type}, {info.name + ".S", {kept}, type}, {info.name + ".V", {info.shape[1], kept}, type}});
        out.components.push_back(kept);
        bytes += info.bytes;
        if (const std::uint64_t needed = std::min<std::uint64_t>(threadCount(), tensors.size()) * bytesFor(info); globals.memory != 0 && needed > globals.memory)
            return fail(ErrorCode::MemoryLimit, info.name, std::to_string(needed), std::to_string(globals.memory));
    }
    auto file = ArrayFile::create(options.out, std::move(arrays), {{"format", "weightbench.svd/1"}, {"model", opened.checkpoint->name()}, {"model_fingerprint", layoutFingerprint(source)}});
    if (!file)
        return failure(file);
    out.errors.resize(tensors.size());
    Result<void> done;
    {
        ShownProgress shown(globals);
        Progress& progress = shown;
        progress.begin(ProgressStage::Computing, ProgressUnit::Bytes, bytes);
        done = forChunks(
            tensors.size(), [] { return 0; },
            [&](int&, std::size_t i) -> Result<void> {
                const TensorInfo& info = source.tensors()[tensors[i]];
                auto split = splitOf(source, tensors[i]);
                if (!split)
                    return failure(split);
                out.errors[i] = split->error;
                const std::size_t kept = out.components[i];
                split->svd.values.resize(kept);
                for (const auto& [part, values] :
                     {std::pair<std::size_t, std::vector<double>>{0, columnsOf(split->svd.left, kept, info.shape[0])}, {1, split->svd.values}, {2, columnsOf(split->svd.right, kept, info.shape[1])}})
                    if (auto written = file->write(3 * i + part, 0, std::span<const double>(values)); !written)
                        return written;
                return progress.advance(info.bytes) ? Result<void>() : cancelledError();
            },
            [](int&) {});
    }
    if (!done)
        return failure(done);
    if (auto published = file->publish(); !published)
        return failure(published);
    return out;
}

} // namespace wb::cli
