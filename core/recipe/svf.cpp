#include "core/recipe/svf.h"

#include "core/analysis/decomposition.h"
#include "core/base/onceper.h"
#include "core/base/parallel.h"
#include "core/tensor/decode.h"
#include "core/tensor/dense.h"

#include <algorithm>
#include <limits>

namespace wb {
namespace {

constexpr std::size_t blockRows = 256; // fixed, so that sums do not depend on how much is asked for

OncePer<StoredBytes>& store()
{
    static OncePer<StoredBytes> instance(std::size_t{256} << 20, threadCount() + 1);
    return instance;
}

// V diag(m − 1) Vᵀ (n, n); nothing when every multiplier is 1.
Result<std::vector<double>> changeOf(const Decomposition& parts, std::span<const double> multipliers)
{
    const std::size_t n = parts.values.size();
    std::vector<double> vectors, scaled;
    for (std::size_t i = 0; i < n; ++i) {
        if (multipliers[i] == 1)
            continue;
        for (std::size_t j = 0; j < n; ++j) {
            vectors.push_back(parts.vectors[i * n + j]);
            scaled.push_back(parts.vectors[i * n + j] * (multipliers[i] - 1));
        }
    }
    if (vectors.empty())
        return std::vector<double>();
    std::vector<double> change(n * n);
    const std::size_t each = dense::columnsAtOnce(n * n) * n;
    for (std::size_t at = 0; at < vectors.size(); at += each) {
        if (ProgressScope::cancelled())
            return cancelledError();
        const std::size_t some = std::min(each, vectors.size() - at);
        dense::addCross(std::span(vectors).subspan(at, some), std::span(scaled).subspan(at, some), some / n, n, n, change);
    }
    return change;
}

// out = values + change, stored. values and change hold the elements from `first` on.
void encodeSum(DType dtype, std::span<const double> values, std::span<const double> change, std::span<std::byte> out)
{
    const std::uint32_t unit = unitBytes(dtype);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (change[i] != 0)
            encode(dtype, values[i] + change[i], out.data() + i * unit);
}

Result<void> recomposePart(DType dtype, const Decomposition& parts, std::span<const double> change, std::span<std::byte> stored)
{
    const std::size_t rows = parts.rows, cols = parts.cols, unit = unitBytes(dtype);
    if (!parts.rightSide()) {
        std::vector<double> values(rows * cols), product(values.size());
        decode(dtype, stored, values);
        dense::multiply(change, values, rows, rows, cols, product);
        encodeSum(dtype, values, product, stored);
        return {};
    }
    std::vector<double> values(blockRows * cols), product(values.size());
    for (std::size_t row = 0; row < rows; row += blockRows) {
        if (ProgressScope::cancelled())
            return cancelledError();
        const std::size_t count = std::min(blockRows, rows - row);
        const auto bytes = stored.subspan(row * cols * unit, count * cols * unit);
        const std::span<double> block(values.data(), count * cols), changed(product.data(), count * cols);
        decode(dtype, bytes, block);
        dense::multiply(block, change, count, cols, cols, changed);
        encodeSum(dtype, block, changed, bytes);
    }
    return {};
}

// Those that the edit names, which fits the tensor.
std::vector<MatrixPart> matricesOf(const Edit& edit, const TensorInfo& info, std::span<const FusedPart> fused)
{
    std::vector<MatrixPart> out;
    if (const FusedPart* part = partWithRole(fused, edit.elements.part))
        return {MatrixPart(*part)};
    for (const std::uint32_t expert : edit.elements.experts)
        out.emplace_back(expert);
    for (std::uint64_t part = 0; edit.elements.experts.empty() && part < partsOf(info); ++part)
        out.emplace_back(part);
    return out;
}

// The matrix's own bytes are brought together, written anew and put back.
Result<void> recomposeIn(const TensorInfo& info, const MatrixPart& part, const Decomposition& parts, std::span<const double> change, std::span<std::byte> stored)
{
    const std::size_t unit = unitBytes(info.dtype);
    const auto runs = part.runsIn(info);
    const auto bytesOf = [&](const FusedPart::Range& run) { return stored.subspan(run.first * unit, (run.end - run.first) * unit); };
    if (runs.size() == 1)
        return recomposePart(info.dtype, parts, change, bytesOf(runs[0]));
    StoredBytes own;
    own.reserve(part.bytesIn(info));
    for (const auto& run : runs)
        own.insert(own.end(), bytesOf(run).begin(), bytesOf(run).end());
    if (auto done = recomposePart(info.dtype, parts, change, own); !done)
        return done;
    auto at = own.begin();
    for (const auto& run : runs) {
        const auto end = at + static_cast<std::ptrdiff_t>((run.end - run.first) * unit);
        std::copy(at, end, bytesOf(run).begin());
        at = end;
    }
    return {};
}

Result<std::shared_ptr<const StoredBytes>> make(const TensorSource& source, std::size_t tensor, const Edit& edit, std::span<const FusedPart> fused)
{
    const TensorInfo& info = source.tensors()[tensor];
    const auto refused = [&](const Sentence& why) { return fail(ErrorCode::EditNotPossible, info.name, said(CORE_TEXT("reasons", "svf")), info.name, why); };
    auto stored = std::make_shared<StoredBytes>(info.bytes);
    if (auto done = source.read(tensor, {0, info.units()}, *stored); !done)
        return failure(done);
    for (const MatrixPart& part : matricesOf(edit, info, fused)) {
        auto decomposed = decomposition(source, tensor, part);
        if (!decomposed)
            return failure(decomposed);
        auto gains = multipliers(std::get<Svf>(edit.operation), edit.strength, info.name, (*decomposed)->values);
        if (!gains)
            return refused(reasonOf(gains.error()));
        const auto change = changeOf(**decomposed, *gains);
        if (!change)
            return failure(change);
        if (change->empty())
            continue;
        if (auto done = recomposeIn(info, part, **decomposed, *change, *stored); !done)
            return failure(done);
    }
    return std::shared_ptr<const StoredBytes>(std::move(stored));
}

} // namespace

Sentence obstacleOfSvf(const Edit& edit, const TensorInfo& tensor, std::span<const FusedPart> fused)
{
    if (isQuantised(tensor.dtype))
        return said(CORE_TEXT("reasons", "its type %1 stores blocks of values with common factors; other singular values would quantise the tensor anew"), tensor.storedType);
    if (!isFloat(tensor.dtype))
        return said(CORE_TEXT("reasons", "its type %1 holds whole numbers, which other singular values would not leave whole"), tensor.storedType);
    if ((tensor.shape.size() != 2 && tensor.shape.size() != 3) || tensor.elements == 0)
        return said(CORE_TEXT("reasons", "its shape is %1: only matrices and stacks of matrices have singular values"), shapeText(tensor.shape));
    const Elements& some = edit.elements;
    if (some.rows || some.cols || !some.heads.empty() || some.band)
        return said(CORE_TEXT("reasons", "singular values belong to a whole matrix: of the elements only experts of a stack, or a part that is stored fused, can be chosen"));
    if (!some.part.empty() && partWithRole(fused, some.part) == nullptr)
        return noPartSentence(fused, some.part);
    const Matrix shape = matricesOf(edit, tensor, fused)[0].shapeIn(tensor);
    const std::uint64_t components = std::min(shape.rows, shape.cols);
    if (components > largestDecomposed)
        return said(CORE_TEXT("reasons", "its smaller side is %1, and %2 is the largest that is decomposed"), components, largestDecomposed);
    return obstacleOfGains(std::get<Svf>(edit.operation), tensor.name, components);
}

void limitRecomposed(std::size_t bytes) { store().setLimit(bytes); }

Result<std::shared_ptr<const StoredBytes>> recomposed(const TensorSource& source, std::size_t tensor, const Edit& edit, std::span<const FusedPart> fused)
{
    std::string key = source.fingerprint(tensor) + " " + source.tensors()[tensor].name + " " + canonical(edit); // experts go by the name
    if (const FusedPart* part = partWithRole(fused, edit.elements.part))
        key += " " + MatrixPart(*part).key();
    return store().get(key, [&] { return make(source, tensor, edit, fused); }, [](const StoredBytes& made) { return made.size(); });
}

} // namespace wb
