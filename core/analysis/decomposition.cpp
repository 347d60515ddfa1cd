#include "core/analysis/decomposition.h"

#include "core/base/onceper.h"
#include "core/base/parallel.h"
#include "core/tensor/dense.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wb {
namespace {

constexpr double gramFloor = 1e-4; // as for the values alone (spectrum.cpp)

// Eigenvectors ascend with their values.
void fillFromGram(Decomposition& out, std::vector<double>&& ascending, const std::vector<double>& vectors)
{
    const std::size_t n = ascending.size();
    out.values.resize(n);
    out.vectors.resize(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        out.values[i] = std::sqrt(std::max(0.0, ascending[n - 1 - i]));
        std::copy_n(vectors.begin() + static_cast<std::ptrdiff_t>((n - 1 - i) * n), n, out.vectors.begin() + static_cast<std::ptrdiff_t>(i * n));
    }
}

OncePer<Decomposition>& store()
{
    static OncePer<Decomposition> instance(std::size_t{256} << 20, 2);
    return instance;
}

Result<DecompositionPtr> make(const TensorSource& source, std::size_t tensor, const MatrixPart& part)
{
    const TensorInfo& info = source.tensors()[tensor];
    auto matrix = readMatrix(source, tensor, part);
    if (!matrix && matrix.error().code == ErrorCode::BadArgument)
        return fail(ErrorCode::EditNotPossible, info.name, said(CORE_TEXT("reasons", "svf")), info.name, reasonOf(matrix.error()));
    if (!matrix)
        return failure(matrix);
    const Matrix shape = part.shapeIn(info);
    auto parts = decompose(*matrix, shape.rows, shape.cols, info.dtype == DType::F64);
    if (!parts)
        return failure(parts);
    return std::make_shared<const Decomposition>(std::move(*parts));
}

} // namespace

Result<Decomposition> decompose(std::vector<double>& matrix, std::size_t rows, std::size_t cols, bool thorough)
{
    Decomposition out{rows, cols, {}, {}};
    if (!thorough) {
        auto gram = dense::smallerGram(matrix, rows, cols);
        if (!gram)
            return failure(gram);
        auto ascending = dense::symmetricEigen(*gram, std::min(rows, cols), true);
        if (!ascending)
            return failure(ascending);
        if (!ascending->empty() && ascending->front() >= gramFloor * gramFloor * ascending->back()) {
            fillFromGram(out, std::move(*ascending), *gram);
            return out;
        }
    }
    auto svd = dense::svd(matrix, rows, cols);
    if (!svd)
        return failure(svd);
    out.values = std::move(svd->values);
    out.vectors = std::move(out.rightSide() ? svd->right : svd->left);
    return out;
}

void limitDecompositions(std::size_t bytes) { store().setLimit(bytes); }

Result<DecompositionPtr> decomposition(const TensorSource& source, std::size_t tensor, const MatrixPart& part)
{
    const std::string key = source.fingerprint(tensor) + " " + part.key();
    return store().get(key, [&] { return make(source, tensor, part); }, [](const Decomposition& made) { return made.bytes(); });
}

} // namespace wb
