#include "core/analysis/spectrum.h"

#include "core/base/random.h"
#include "core/tensor/decode.h"
#include "core/tensor/dense.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace wb {
namespace {

constexpr std::size_t rankOfLarge = 512, oversampling = 16, powerIterations = 2;
// Eigenvalues of a Gram matrix carry errors of a few ε·λ₁ (n·ε·λ₁ at worst), so that a singular value that is this share of the first keeps
// five to six digits; where there are smaller ones, all are taken from the matrix itself, which takes three times as long.
constexpr double gramFloor = 1e-5;
constexpr double epsilon = std::numeric_limits<double>::epsilon();

struct Sums {
    double sum = 0, squares = 0;
};

// In lanes of fixed width, which the compiler turns into vectors: one after the other takes as long as the rest of a small matrix.
Sums sumsOf(std::span<const double> values)
{
    constexpr std::size_t lanes = 16;
    double sum[lanes] = {}, squares[lanes] = {};
    const std::size_t whole = values.size() / lanes * lanes;
    for (std::size_t at = 0; at < whole; at += lanes)
        for (std::size_t i = 0; i < lanes; ++i) {
            sum[i] += values[at + i];
            squares[i] += values[at + i] * values[at + i];
        }
    for (std::size_t at = whole; at < values.size(); ++at) {
        sum[0] += values[at];
        squares[0] += values[at] * values[at];
    }
    Sums out;
    for (std::size_t i = 0; i < lanes; ++i) {
        out.sum += sum[i];
        out.squares += squares[i];
    }
    return out;
}

// Squares of elements of F64 may be beyond double precision: then the matrix is computed in units of this power of two. 1 otherwise.
double unitOf(std::span<const double> matrix, double squares)
{
    if (squares > 1e-100 && squares < 1e100)
        return 1;
    double largest = 0;
    for (const double value : matrix)
        largest = std::max(largest, std::abs(value));
    return largest > 0 ? std::exp2(std::floor(std::log2(largest))) : 1;
}

void multiplyBy(double unit, Spectrum& out)
{
    for (double& value : out.values)
        value *= unit;
    for (double* figure : {&out.errorBound, &out.frobenius, &out.spectral, &out.nuclear, &out.randomEdge})
        *figure *= unit;
    if (out.powerLaw)
        out.powerLaw->minimum *= unit * unit;
}

Result<void> fillExact(Spectrum& out, std::vector<double>& matrix, std::size_t rows, std::size_t cols)
{
    const std::size_t n = std::min(rows, cols);
    auto gram = dense::smallerGram(matrix, rows, cols);
    if (!gram)
        return failure(gram);
    auto eigen = dense::symmetricEigen(*gram, n, false);
    if (!eigen)
        return failure(eigen);
    std::vector<double>& values = *eigen;
    std::ranges::reverse(values);
    if (!values.empty() && values.back() >= gramFloor * gramFloor * values.front()) {
        for (double& value : values)
            value = std::sqrt(value);
        out.values = std::move(values);
        out.errorBound = out.values.empty() || out.values.front() == 0 ? 0 : static_cast<double>(n) * epsilon * out.values.front() * out.values.front() / out.values.back();
        return {};
    }
    auto found = dense::singularValues(matrix, rows, cols);
    if (!found)
        return failure(found);
    out.values = std::move(*found);
    out.errorBound = out.values.empty() ? 0 : static_cast<double>(n) * epsilon * out.values.front();
    return {};
}

// ‖A − QB‖F by the elements.
double restOf(const std::vector<double>& matrix, const std::vector<double>& range, const std::vector<double>& projected, std::size_t rows, std::size_t cols, std::size_t wide)
{
    constexpr std::size_t block = 64; // rows
    std::vector<double> some, product;
    double squares = 0;
    for (std::size_t first = 0; first < rows; first += block) {
        const std::size_t count = std::min(block, rows - first);
        some.assign(range.begin() + static_cast<std::ptrdiff_t>(first * wide), range.begin() + static_cast<std::ptrdiff_t>((first + count) * wide));
        product.assign(count * cols, 0);
        dense::multiply(some, projected, count, wide, cols, product);
        for (std::size_t i = 0; i < product.size(); ++i)
            squares += (matrix[first * cols + i] - product[i]) * (matrix[first * cols + i] - product[i]);
    }
    return std::sqrt(squares);
}

// Randomised range finder with power iterations (Halko, Martinsson & Tropp 2011, algorithm 4.4). |σᵢ(A) − σᵢ(QᵀA)| ≤ ‖A − QQᵀA‖F,
// which is known from the norms; where these are too near to each other for a difference of squares, from the elements. Rounding comes on top.
Result<void> fillRandomised(Spectrum& out, const std::vector<double>& matrix, std::size_t rows, std::size_t cols, std::size_t rank, std::uint64_t seed)
{
    const std::size_t wide = std::min({rank + oversampling, rows, cols});
    std::vector<double> directions(cols * wide), range(rows * wide);
    for (std::size_t i = 0; i < directions.size(); ++i)
        directions[i] = 2 * uniform(seed, 0, i) - 1;
    dense::multiply(matrix, directions, rows, cols, wide, range);
    for (std::size_t i = 0; i < powerIterations; ++i) {
        if (ProgressScope::cancelled())
            return cancelledError();
        dense::orthonormalise(range, rows, wide);
        std::ranges::fill(directions, 0);
        dense::addCross(matrix, range, rows, cols, wide, directions);
        dense::orthonormalise(directions, cols, wide);
        dense::multiply(matrix, directions, rows, cols, wide, range);
    }
    dense::orthonormalise(range, rows, wide);
    std::vector<double> projected(wide * cols);
    dense::addCross(range, matrix, rows, wide, cols, projected);
    double kept = 0;
    for (const double value : projected)
        kept += value * value;
    constexpr double near = 1e-6; // of the squares
    const double whole = out.frobenius * out.frobenius, left = whole - kept;
    const double rest = left > near * whole ? std::sqrt(left) : restOf(matrix, range, projected, rows, cols, wide);
    auto found = dense::singularValues(projected, wide, cols);
    if (!found)
        return failure(found);
    out.values = std::move(*found);
    out.values.resize(std::min(rank, out.values.size()));
    out.exact = false;
    out.errorBound = rest + static_cast<double>(std::min(rows, cols)) * epsilon * out.frobenius;
    return {};
}

void fillFigures(Spectrum& out, double count, double mean)
{
    if (out.values.empty())
        return;
    out.spectral = out.values.front();
    double total = 0, entropy = 0;
    for (const double value : out.values)
        total += value;
    for (const double value : out.values)
        if (value > 0)
            entropy -= value / total * std::log(value / total);
    out.nuclear = total;
    out.stableRank = out.spectral > 0 ? out.frobenius * out.frobenius / (out.spectral * out.spectral) : 0;
    out.effectiveRank = total > 0 ? std::exp(entropy) : 0;
    const double zero = static_cast<double>(out.values.size()) * epsilon * out.spectral; // not above it: rounding of zero
    out.condition = out.values.back() > zero ? out.spectral / out.values.back() : std::numeric_limits<double>::infinity();
    const double variance = std::max(0.0, out.frobenius * out.frobenius / count - mean * mean);
    out.randomEdge = std::sqrt(variance) * (std::sqrt(static_cast<double>(out.rows)) + std::sqrt(static_cast<double>(out.cols)));
    out.aboveEdge = static_cast<std::size_t>(std::ranges::count_if(out.values, [&](double value) { return value > std::max(out.randomEdge, zero); }));
    if (!out.exact)
        return;
    std::vector<double> eigenvalues;
    for (auto value = out.values.rbegin(); value != out.values.rend(); ++value)
        if (*value > zero)
            eigenvalues.push_back(*value * *value);
    out.powerLaw = fitPowerLaw(eigenvalues);
}

} // namespace

std::optional<PowerLaw> fitPowerLaw(std::span<const double> ascending)
{
    const std::size_t n = ascending.size();
    if (n < fewestForPowerLaw)
        return std::nullopt;
    std::vector<double> logs(n), sums(n + 1); // Σ of the logarithms from i on
    for (std::size_t i = n; i-- > 0;) {
        logs[i] = std::log(ascending[i]);
        sums[i] = sums[i + 1] + logs[i];
    }
    std::optional<PowerLaw> best;
    for (std::size_t i = 0; i + 1 < n; ++i) {
        const auto tail = static_cast<double>(n - i);
        const double spread = sums[i] - tail * logs[i];
        if (spread <= 0 || (i > 0 && ascending[i] == ascending[i - 1]))
            continue;
        const double alpha = 1 + tail / spread;
        double distance = 0;
        for (std::size_t j = i; j < n && !(best && distance >= best->distance); ++j) { // one that is worse already is left
            const double fitted = 1 - std::exp((1 - alpha) * (logs[j] - logs[i])), below = static_cast<double>(j - i) / tail;
            distance = std::max(distance, std::abs(fitted - below));
        }
        if (!best || distance < best->distance)
            best = PowerLaw{alpha, ascending[i], distance, n - i};
    }
    return best;
}

Result<Spectrum> spectrumOf(std::vector<double>& matrix, std::size_t rows, std::size_t cols, const SpectrumOptions& options)
{
    const auto start = std::chrono::steady_clock::now();
    Spectrum out;
    out.rows = rows;
    out.cols = cols;
    auto [sum, squares] = sumsOf(matrix);
    const double unit = unitOf(matrix, squares);
    if (unit != 1) {
        for (double& value : matrix)
            value /= unit;
        const Sums scaled = sumsOf(matrix);
        sum = scaled.sum;
        squares = scaled.squares;
    }
    const auto count = static_cast<double>(matrix.size());
    out.frobenius = std::sqrt(squares);
    const std::size_t smaller = std::min(rows, cols), rank = options.rank != 0 ? options.rank : smaller > options.exactUpTo ? rankOfLarge : 0;
    const bool some = rank != 0 && rank + oversampling < smaller;
    if (auto done = some ? fillRandomised(out, matrix, rows, cols, rank, options.seed) : fillExact(out, matrix, rows, cols); !done)
        return failure(done);
    if (rank != 0 && out.values.size() > rank)
        out.values.resize(rank);
    fillFigures(out, count, sum / std::max(1.0, count));
    if (unit != 1)
        multiplyBy(unit, out);
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return out;
}

// The matrix and its Gram matrix, with LAPACK's room.
std::uint64_t spectrumBytes(const TensorInfo& info)
{
    const std::uint64_t cols = info.shape.back(), rows = info.shape[info.shape.size() - 2], smaller = std::min(rows, cols);
    return (rows * cols + 2 * smaller * smaller) * sizeof(double);
}

bool hasSpectrum(const TensorInfo& info)
{
    return info.dtype != DType::Opaque && (info.shape.size() == 2 || info.shape.size() == 3) && std::ranges::all_of(info.shape, [](std::uint64_t side) { return side > 0; });
}

namespace {

Result<std::vector<double>> matrixOfPart(const TensorSource& source, std::size_t tensor, const MatrixPart& part)
{
    const TensorInfo& info = source.tensors()[tensor];
    if (info.dtype == DType::Opaque) // of any shape
        return fail(ErrorCode::OpaqueDtype, info.name, info.name, info.storedType);
    if (!hasSpectrum(info))
        return fail(ErrorCode::BadArgument, info.name, said(CORE_TEXT("reasons", "only matrices and stacks of matrices have singular values")));
    return readMatrix(source, tensor, part);
}

} // namespace

Result<Spectrum> computeSpectrum(const TensorSource& source, std::size_t tensor, const MatrixPart& part, const SpectrumOptions& options, Progress& progress)
{
    const ProgressScope scope(progress);
    const TensorInfo& info = source.tensors()[tensor];
    auto matrix = matrixOfPart(source, tensor, part);
    if (!matrix)
        return failure(matrix);
    const Matrix shape = part.shapeIn(info);
    auto out = spectrumOf(*matrix, shape.rows, shape.cols, options);
    if (out && partsOf(info) > 1)
        out->part = part.stacked();
    if (!progress.advance(part.bytesIn(info)))
        return cancelledError();
    return out;
}

Result<std::vector<Spectrum>> computeSpectrum(const TensorSource& source, std::size_t tensor, const SpectrumOptions& options, Progress& progress)
{
    std::vector<Spectrum> out;
    const std::uint64_t parts = partsOf(source.tensors()[tensor]);
    for (std::uint64_t part = 0; part < parts; ++part) {
        auto one = computeSpectrum(source, tensor, part, options, progress);
        if (!one)
            return failure(one);
        out.push_back(std::move(*one));
    }
    return out;
}

Result<Spectrum> randomisedControl(const TensorSource& source, std::size_t tensor, const MatrixPart& part, std::uint64_t seed)
{
    auto matrix = matrixOfPart(source, tensor, part);
    if (!matrix)
        return failure(matrix);
    for (std::size_t i = matrix->size(); i > 1; --i) // Fisher-Yates
        std::swap((*matrix)[i - 1], (*matrix)[static_cast<std::size_t>(uniform(seed, part.stacked(), i) * static_cast<double>(i))]);
    const Matrix shape = part.shapeIn(source.tensors()[tensor]);
    return spectrumOf(*matrix, shape.rows, shape.cols);
}

Spectrum spectrumOfValues(std::vector<double> descending, std::size_t rows, std::size_t cols)
{
    Spectrum out;
    out.rows = rows;
    out.cols = cols;
    out.values = std::move(descending);
    out.frobenius = std::sqrt(sumsOf(out.values).squares);
    fillFigures(out, static_cast<double>(rows) * static_cast<double>(cols), 0);
    out.randomEdge = 0;
    out.aboveEdge = 0;
    return out;
}

TrainingHint trainingHint(const Spectrum& spectrum)
{
    constexpr double overTrained = 2, underTrained = 6;
    if (!spectrum.powerLaw)
        return TrainingHint::None;
    return spectrum.powerLaw->alpha < overTrained ? TrainingHint::OverTrained : spectrum.powerLaw->alpha > underTrained ? TrainingHint::UnderTrained : TrainingHint::None;
}

} // namespace wb
