#include "core/analysis/lowrank.h"

#include "core/base/parallel.h"
#include "core/tensor/decode.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace wb {
namespace {

using Numbers = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::uint64_t mostRank = 64, oversampling = 8;
constexpr std::uint64_t blockSide = 256;
constexpr std::uint64_t parts = 8; // of the rows; fixed, so that sums are the same on any number of threads

// Units in the last place: the largest step of the type at this value.
double stepAt(double value, int mantissaBits)
{
    return value == 0 ? 0 : std::ldexp(1.0, std::ilogb(value) - mantissaBits);
}

int mantissaBitsOf(DType dtype)
{
    switch (dtype) {
    case DType::BF16: return 7;
    case DType::F16: return 10;
    case DType::F64: return 52;
    default: return 23;
    }
}

// Ascending distinct places, all of them when there are no more than wanted.
std::vector<std::uint64_t> places(std::uint64_t count, std::mt19937_64& random)
{
    std::vector<std::uint64_t> all(std::min(count, blockSide));
    if (count <= blockSide) {
        std::iota(all.begin(), all.end(), std::uint64_t{0});
        return all;
    }
    for (std::uint64_t& place : all)
        place = random() % count;
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

// Singular values, largest first, of which the squares are the eigenvalues of a Gram matrix.
std::vector<double> singularValues(const Numbers& gram)
{
    const Eigen::SelfAdjointEigenSolver<Numbers> solver(gram, Eigen::EigenvaluesOnly);
    std::vector<double> values(solver.eigenvalues().begin(), solver.eigenvalues().end());
    for (double& value : values)
        value = std::sqrt(std::max(0.0, value));
    std::ranges::reverse(values);
    return values;
}

// Differences of rows, with what rounding both sides to the stored type adds to them on average.
struct Rows {
    Numbers difference;
    double roundingSquares = 0; // Σ step² / 12
    bool finite = true;
};

class Differences {
public:
    Differences(const TensorSource& a, std::size_t tensorA, const TensorSource& b, std::size_t tensorB, DType stored)
        : m_a(a), m_b(b), m_tensorA(tensorA), m_tensorB(tensorB), m_mantissaBits(mantissaBitsOf(stored)),
          m_columns(a.tensors()[tensorA].shape.back()), m_rows(a.tensors()[tensorA].elements / m_columns)
    {
    }

    std::uint64_t rows() const { return m_rows; }
    std::uint64_t columns() const { return m_columns; }

    Result<Rows> read(std::uint64_t first, std::uint64_t count) const
    {
        Rows rows;
        rows.difference.resize(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(m_columns));
        std::vector<double> a(count * m_columns);
        const std::span<double> b(rows.difference.data(), a.size());
        if (auto done = readValues(m_a, m_tensorA, first * m_columns, a); !done)
            return failure(done);
        if (auto done = readValues(m_b, m_tensorB, first * m_columns, b); !done)
            return failure(done);
        for (std::size_t i = 0; i < a.size(); ++i) {
            const double stepA = stepAt(a[i], m_mantissaBits), stepB = stepAt(b[i], m_mantissaBits);
            rows.roundingSquares += (stepA * stepA + stepB * stepB) / 12;
            b[i] -= a[i];
            rows.finite = rows.finite && std::isfinite(b[i]);
        }
        return rows;
    }

private:
    const TensorSource& m_a;
    const TensorSource& m_b;
    std::size_t m_tensorA, m_tensorB;
    int m_mantissaBits;
    std::uint64_t m_columns, m_rows;
};

// How many singular values are needed so that what remains is explained by rounding; nothing when even all do not.
// `slack` widens what rounding is taken to explain: a sketch misses some of the small directions too.
std::optional<std::uint64_t> neededRank(const std::vector<double>& values, double squares, double rounding, double slack)
{
    const double allowed = std::max(slack * rounding, 1e-9 * squares);
    double left = squares;
    for (std::uint64_t rank = 0; rank <= values.size(); ++rank) {
        if (left <= allowed)
            return rank;
        if (rank < values.size())
            left -= values[rank] * values[rank];
    }
    return std::nullopt;
}

// The rank of a submatrix; nothing when it is too high or rounding hides it.
Result<std::optional<std::uint64_t>> blockRank(const Differences& differences, std::uint64_t limit)
{
    std::mt19937_64 random(1);
    const std::vector<std::uint64_t> rows = places(differences.rows(), random), columns = places(differences.columns(), random);
    Numbers block(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(columns.size()));
    double rounding = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto row = differences.read(rows[i], 1);
        if (!row)
            return failure(row);
        if (!row->finite)
            return std::optional<std::uint64_t>();
        rounding += row->roundingSquares * static_cast<double>(columns.size()) / static_cast<double>(differences.columns());
        for (std::size_t j = 0; j < columns.size(); ++j)
            block(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = row->difference(0, static_cast<Eigen::Index>(columns[j]));
    }
    const double squares = block.squaredNorm();
    if (squares == 0)
        return std::optional<std::uint64_t>(0);
    if (squares < 2 * rounding)
        return std::optional<std::uint64_t>();
    const bool wide = block.cols() > block.rows();
    const Numbers gram = wide ? Numbers(block * block.transpose()) : Numbers(block.transpose() * block);
    const auto rank = neededRank(singularValues(gram), squares, rounding, 1.5);
    return rank && *rank <= limit ? rank : std::optional<std::uint64_t>();
}

struct Part {
    Numbers matrix;
    double squares = 0, rounding = 0;
    bool finite = true;
};

// Runs work(first row, rows of D, part) over blocks of rows, each part in order.
template <typename Work>
Result<std::vector<Part>> overRows(const Differences& differences, Eigen::Index height, Eigen::Index width, Progress& progress, Work work)
{
    std::vector<Part> sums(parts);
    const std::uint64_t rowsAPart = (differences.rows() + parts - 1) / parts;
    auto done = forChunks(
        parts, [] { return 0; },
        [&](int, std::size_t part) -> Result<void> {
            sums[part].matrix = Numbers::Zero(height, width);
            const std::uint64_t end = std::min(differences.rows(), (part + 1) * rowsAPart);
            const std::uint64_t step = std::max<std::uint64_t>(1, 65536 / differences.columns());
            for (std::uint64_t first = part * rowsAPart; first < end; first += step) {
                auto rows = differences.read(first, std::min(step, end - first));
                if (!rows)
                    return failure(rows);
                sums[part].squares += rows->difference.squaredNorm();
                sums[part].rounding += rows->roundingSquares;
                sums[part].finite = sums[part].finite && rows->finite;
                work(first, rows->difference, sums[part].matrix);
                if (progress.cancelled())
                    return cancelledError();
            }
            return {};
        },
        [](int) {});
    if (!done)
        return failure(done);
    return sums;
}

Part added(const std::vector<Part>& sums)
{
    Part total = sums.front();
    for (std::size_t i = 1; i < sums.size(); ++i) {
        total.matrix += sums[i].matrix;
        total.squares += sums[i].squares;
        total.rounding += sums[i].rounding;
        total.finite = total.finite && sums[i].finite;
    }
    return total;
}

// Gaussian numbers of this row of the sketch, whichever thread asks for them.
void fillSketch(std::uint64_t row, Eigen::Ref<Eigen::VectorXd> out)
{
    std::mt19937_64 random(row + 1);
    std::normal_distribution<double> normal;
    for (double& value : out)
        value = normal(random);
}

} // namespace

Result<std::optional<LowRank>> lowRankDifference(const TensorSource& a, std::size_t tensorA, const TensorSource& b,
                                                 std::size_t tensorB, DType stored, Progress& progress)
{
    const TensorInfo& info = a.tensors()[tensorA];
    if (info.shape.size() < 2 || info.elements == 0)
        return std::optional<LowRank>();
    const Differences differences(a, tensorA, b, tensorB, stored);
    const std::uint64_t limit = std::min(mostRank, std::min(differences.rows(), differences.columns()) / 4);
    const auto block = blockRank(differences, limit);
    if (!block)
        return failure(block);
    if (!*block)
        return std::optional<LowRank>();
    const auto width = static_cast<Eigen::Index>(std::min(std::max(**block, std::uint64_t{1}) + oversampling, limit + oversampling));
    const auto columns = static_cast<Eigen::Index>(differences.columns());
    const auto sketched = overRows(differences, columns, width, progress, [&](std::uint64_t first, const Numbers& rows, Numbers& sum) {
        Numbers sketch(rows.rows(), width);
        Eigen::VectorXd numbers(width);
        for (Eigen::Index i = 0; i < rows.rows(); ++i) {
            fillSketch(first + static_cast<std::uint64_t>(i), numbers);
            sketch.row(i) = numbers.transpose();
        }
        sum.noalias() += rows.transpose() * sketch;
    });
    if (!sketched)
        return failure(sketched);
    const Part sketch = added(*sketched);
    if (!sketch.finite || sketch.squares < 2 * sketch.rounding)
        return std::optional<LowRank>();
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(sketch.matrix);
    const Eigen::MatrixXd basis = qr.householderQ() * Eigen::MatrixXd::Identity(columns, std::min(columns, width));
    const auto projected = overRows(differences, basis.cols(), basis.cols(), progress, [&](std::uint64_t, const Numbers& rows, Numbers& gram) {
        const Eigen::MatrixXd image = rows * basis;
        gram.noalias() += image.transpose() * image;
    });
    if (!projected)
        return failure(projected);
    std::vector<double> values = singularValues(added(*projected).matrix);
    const auto rank = neededRank(values, sketch.squares, sketch.rounding, 2.5); // 1 + rank / (oversampling − 1) on average
    if (!rank || *rank == 0 || *rank > limit)
        return std::optional<LowRank>();
    values.resize(*rank);
    LowRank found{*rank, 0, 0};
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    double entropy = 0;
    for (const double value : values) {
        found.captured += value * value / sketch.squares;
        entropy -= value > 0 ? value / sum * std::log(value / sum) : 0;
    }
    found.effectiveRank = std::exp(entropy);
    return std::optional(found);
}

} // namespace wb
