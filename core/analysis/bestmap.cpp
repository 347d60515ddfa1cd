#include "core/analysis/bestmap.h"

#include "core/tensor/dense.h"

#include <cmath>
#include <limits>

namespace wb {
namespace {

// Gram matrices square the singular values: below this share of the largest, an eigenvalue is rounding.
constexpr double eigenCutoff = 4 * std::numeric_limits<double>::epsilon();
constexpr double farFromRounding = 16; // times the cutoff: then every direction is used, whatever the last digits

// With every direction in use it is ‖L⁻¹C‖² for G = LLᵀ, a fraction of the work of the directions one by one. `factor`: G, used up.
Result<void> byFactor(std::vector<double>& factor, const CentredSums& sums, std::size_t n, bool wantMap, BestMap& out)
{
    std::vector<double> solved = sums.cross;
    if (auto done = dense::solve(factor, dense::Side::Lower, n, n, solved); !done)
        return done;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            const double whole = solved[i * n + j], own = j < i ? 0 : factor[j * n + i]; // L⁻¹G = Lᵀ
            out.whole += whole * whole;
            out.contribution += (whole - own) * (whole - own);
        }
    out.rank = n;
    if (wantMap) {
        if (auto done = dense::solve(factor, dense::Side::LowerTransposed, n, n, solved); !done)
            return done;
        out.values = std::move(solved);
    }
    return {};
}

// Σ ‖qᵢᵀC‖²/λᵢ over the directions of X.
Result<void> byDirections(const CentredSums& sums, double limit, std::size_t n, bool wantMap, BestMap& out)
{
    std::vector<double> vectors = sums.gramX, projected(n * n);
    const auto eigen = dense::symmetricEigen(vectors, n, true);
    if (!eigen)
        return failure(eigen);
    const std::vector<double>& values = *eigen; // ascending
    dense::multiply(vectors, sums.cross, n, n, n, projected); // row i: qᵢᵀC
    for (std::size_t i = 0; i < n; ++i) {
        double* row = projected.data() + i * n;
        const bool used = values[i] > limit;
        out.rank += used ? 1U : 0U;
        double whole = 0, contribution = 0;
        for (std::size_t j = 0; j < n; ++j) {
            const double block = row[j] - values[i] * vectors[i * n + j]; // qᵢᵀ(C − G)
            whole += row[j] * row[j];
            contribution += block * block;
            row[j] = used ? row[j] / values[i] : 0;
        }
        if (used) {
            out.whole += whole / values[i];
            out.contribution += contribution / values[i];
        }
    }
    if (wantMap) {
        out.values.assign(n * n, 0);
        dense::addCross(vectors, projected, n, n, n, out.values);
    }
    return {};
}

} // namespace

double trace(const std::vector<double>& matrix, std::size_t n)
{
    double total = 0;
    for (std::size_t i = 0; i < n; ++i)
        total += matrix[i * n + i];
    return total;
}

Result<BestMap> bestMap(const CentredSums& sums, std::size_t n, bool cut, bool wantMap)
{
    std::vector<double> matrix = sums.gramX;
    const auto eigen = dense::symmetricEigen(matrix, n, false);
    if (!eigen)
        return failure(eigen);
    const std::vector<double>& values = *eigen; // ascending
    BestMap out;
    const double most = values.back(), rounding = most * eigenCutoff * static_cast<double>(n);
    out.condition = values.front() > 0 ? std::sqrt(most / values.front()) : std::numeric_limits<double>::infinity();
    const double total = trace(sums.gramX, n);
    out.anisotropy = total > 0 ? most / total : std::numeric_limits<double>::quiet_NaN();
    matrix = sums.gramX;
    const bool everyDirection = values.front() > farFromRounding * rounding && dense::cholesky(matrix, n);
    if (auto done = everyDirection ? byFactor(matrix, sums, n, wantMap, out) : byDirections(sums, cut ? rounding : 0, n, wantMap, out); !done)
        return failure(done);
    return out;
}

} // namespace wb
