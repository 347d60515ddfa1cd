// What `wb svf split` and `wb spectrum --vectors` write.
#include "app/cli/cli.h"

#include "core/base/parallel.h"
#include "core/checkpoint/arrayfile.h"
#include "core/tensor/dense.h"

#include <algorithm>
#include <cmath>

namespace wb::cli {
namespace {

struct Split {
    dense::Svd svd;
    double error = 0;
};

Result<Split> splitOf(const TensorSource& source, const ChosenMatrix& chosen)
{
    const TensorInfo& info = source.tensors()[chosen.tensor];
    const auto [rows, cols] = chosen.part.shapeIn(info);
    const std::size_t n = std::min(rows, cols);
    auto read = readMatrix(source, chosen.tensor, chosen.part);
    if (!read && read.error().code == ErrorCode::BadArgument)
        return fail(ErrorCode::EditNotPossible, info.name, "svf", info.name, reasonOf(read.error()).english());
    if (!read)
        return failure(read);
    const std::vector<double>& matrix = *read;
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
std::uint64_t bytesFor(const Matrix& shape)
{
    const std::uint64_t n = std::min(shape.rows, shape.cols);
    return (3 * shape.rows * shape.cols + 3 * n * (shape.rows + shape.cols) + 4 * n * n) * sizeof(double);
}

} // namespace

Result<WrittenVectors> writeSingularVectors(const Opened& opened, const std::vector<ChosenMatrix>& matrices, const VectorsOptions& options, const Globals& globals)
{
    const TensorSource& source = *opened.source;
    const DType type = options.wide ? DType::F64 : DType::F32;
    std::vector<ArrayFile::Array> arrays;
    WrittenVectors out;
    std::uint64_t bytes = 0;
    for (const ChosenMatrix& chosen : matrices) {
        const TensorInfo& info = source.tensors()[chosen.tensor];
        const Matrix shape = chosen.part.shapeIn(info);
        const std::string name = chosen.name(source);
        const std::uint64_t n = std::min(shape.rows, shape.cols), kept = options.rank == 0 ? n : std::min<std::uint64_t>(n, options.rank);
        arrays.insert(arrays.end(), {{name + ".U", {shape.rows, kept}, type}, {name + ".S", {kept}, type}, {name + ".V", {shape.cols, kept}, type}});
        out.components.push_back(kept);
        bytes += chosen.part.bytesIn(info);
        if (const std::uint64_t needed = std::min<std::uint64_t>(threadCount(), matrices.size()) * bytesFor(shape); globals.memory != 0 && needed > globals.memory)
            return fail(ErrorCode::MemoryLimit, info.name, std::to_string(needed), std::to_string(globals.memory));
    }
    auto file = ArrayFile::create(options.out, std::move(arrays), {{"format", "weightbench.svd/1"}, {"model", opened.checkpoint->name()}, {"model_fingerprint", layoutFingerprint(source)}});
    if (!file)
        return failure(file);
    out.errors.resize(matrices.size());
    Result<void> done;
    {
        ShownProgress shown(globals);
        Progress& progress = shown;
        progress.begin(ProgressStage::Computing, ProgressUnit::Bytes, bytes);
        done = forChunks(
            matrices.size(), [] { return 0; },
            [&](int&, std::size_t i) -> Result<void> {
                const TensorInfo& info = source.tensors()[matrices[i].tensor];
                const Matrix shape = matrices[i].part.shapeIn(info);
                auto split = splitOf(source, matrices[i]);
                if (!split)
                    return failure(split);
                out.errors[i] = split->error;
                const std::size_t kept = out.components[i];
                split->svd.values.resize(kept);
                for (const auto& [part, values] :
                     {std::pair<std::size_t, std::vector<double>>{0, columnsOf(split->svd.left, kept, shape.rows)}, {1, split->svd.values}, {2, columnsOf(split->svd.right, kept, shape.cols)}})
                    if (auto written = file->write(3 * i + part, 0, std::span<const double>(values)); !written)
                        return written;
                return progress.advance(matrices[i].part.bytesIn(info)) ? Result<void>() : cancelledError();
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
