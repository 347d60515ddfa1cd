#include "core/analysis/intrinsicdimension.h"

#include "core/tensor/dense.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace wb {
namespace {

constexpr double coincide = 1e-8;

// Centred and divided by the mean length of a row.
std::vector<double> scaled(std::span<const double> points, std::size_t rows, std::size_t cols)
{
    std::vector<double> out(points.begin(), points.end()), mean(cols);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < cols; ++c)
            mean[c] += out[r * cols + c] / static_cast<double>(rows);
    double length = 0;
    for (std::size_t r = 0; r < rows; ++r) {
        double squares = 0;
        for (std::size_t c = 0; c < cols; ++c) {
            double& value = out[r * cols + c];
            value -= mean[c];
            squares += value * value;
        }
        length += std::sqrt(squares) / static_cast<double>(rows);
    }
    if (length > 0)
        for (double& value : out)
            value /= length;
    return out;
}

// Products of all pairs of points, (rows, rows): the lower triangle.
std::vector<double> products(const std::vector<double>& points, std::size_t rows, std::size_t cols)
{
    std::vector<double> turned(points.size()), out(rows * rows);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < cols; ++c)
            turned[c * rows + r] = points[r * cols + c];
    dense::addGram(turned, cols, rows, out);
    return out;
}

double squaredDistance(const double* a, const double* b, std::size_t cols)
{
    double total = 0;
    for (std::size_t c = 0; c < cols; ++c)
        total += (a[c] - b[c]) * (a[c] - b[c]);
    return total;
}

// Ratio of the second to the first neighbour's distance of each point; 0 where the first coincides. Candidates by the products,
// then their distances anew from the differences: near ones would drown in rounding.
std::vector<double> neighbourRatios(const std::vector<double>& points, std::size_t rows, std::size_t cols)
{
    constexpr std::size_t kept = 8;
    const std::vector<double> product = products(points, rows, cols);
    std::vector<double> ratios(rows);
    for (std::size_t r = 0; r < rows; ++r) {
        std::vector<std::pair<double, std::size_t>> nearest;
        for (std::size_t other = 0; other < rows; ++other) {
            if (other == r)
                continue;
            const double both = other < r ? product[r * rows + other] : product[other * rows + r];
            const double distance = product[other * rows + other] - 2 * both; // and the same ‖r‖² for all
            if (nearest.size() == kept && distance >= nearest.back().first)
                continue;
            nearest.insert(std::ranges::lower_bound(nearest, std::pair(distance, other)), {distance, other});
            if (nearest.size() > kept)
                nearest.pop_back();
        }
        double first = std::numeric_limits<double>::infinity(), second = first;
        for (const auto& [unused, other] : nearest) {
            const double distance = squaredDistance(points.data() + r * cols, points.data() + other * cols, cols);
            second = std::min(second, std::max(first, distance));
            first = std::min(first, distance);
        }
        ratios[r] = std::sqrt(first) < coincide ? 0 : std::sqrt(second / first);
    }
    return ratios;
}

} // namespace

IntrinsicDimension twoNearestNeighbours(std::span<const double> points, std::size_t rows, std::size_t cols)
{
    IntrinsicDimension out{std::numeric_limits<double>::quiet_NaN()};
    if (rows < 3)
        return out;
    std::vector<double> ratios = neighbourRatios(scaled(points, rows, cols), rows, cols);
    out.dropped = std::erase_if(ratios, [](double ratio) { return !(ratio > 1 + coincide) || !std::isfinite(ratio); });
    std::ranges::sort(ratios);
    const auto kept = static_cast<double>(ratios.size()), dropped = static_cast<double>(out.dropped);
    if (ratios.empty())
        return out;
    out.used = std::min(ratios.size() / 5, ratios.size() - 1);
    double top = 0, bottom = 0;
    for (std::size_t k = 0; k < out.used; ++k) {
        const double share = (dropped + static_cast<double>(k + 1)) / (kept + dropped), logRatio = std::log(ratios[k]);
        top += logRatio * -std::log(1 - share);
        bottom += logRatio * logRatio;
    }
    if (bottom > 0)
        out.dimension = top / bottom;
    return out;
}

} // namespace wb
