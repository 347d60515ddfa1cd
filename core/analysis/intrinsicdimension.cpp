#include "core/analysis/intrinsicdimension.h"

#include "core/analysis/sumsofproducts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
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
    std::vector<double> out(rows * rows);
    sums::addOuterGram(points, rows, cols, out);
    return out;
}

// Eight running sums, which the compiler keeps in vectors.
double squaredDistance(const double* a, const double* b, std::size_t cols)
{
    constexpr std::size_t lanes = 8;
    std::array<double, lanes> sums{};
    std::size_t c = 0;
    for (; c + lanes <= cols; c += lanes)
        for (std::size_t i = 0; i < lanes; ++i)
            sums[i] += (a[c + i] - b[c + i]) * (a[c + i] - b[c + i]);
    for (; c < cols; ++c)
        sums[c % lanes] += (a[c] - b[c]) * (a[c] - b[c]);
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

// The nearest few of a point, by the products.
class Nearest {
public:
    static constexpr std::size_t kept = 8;

    void offer(double distance, std::uint32_t other)
    {
        if (distance >= m_distances[kept - 1])
            return;
        std::size_t at = kept - 1;
        for (; at > 0 && m_distances[at - 1] > distance; --at) {
            m_distances[at] = m_distances[at - 1];
            m_others[at] = m_others[at - 1];
        }
        m_distances[at] = distance;
        m_others[at] = other;
        m_count = std::min(m_count + 1, kept);
    }
    [[nodiscard]] double farthest() const { return m_distances[kept - 1]; }
    [[nodiscard]] std::span<const std::uint32_t> others() const { return {m_others.data(), m_count}; }

private:
    std::array<double, kept> m_distances = filled();
    std::array<std::uint32_t, kept> m_others{};
    std::size_t m_count = 0;

    static std::array<double, kept> filled()
    {
        std::array<double, kept> out;
        out.fill(std::numeric_limits<double>::infinity());
        return out;
    }
};

// Of each point, reading the triangle of the products once, in order.
std::vector<Nearest> nearestOf(const std::vector<double>& product, std::size_t rows)
{
    std::vector<Nearest> nearest(rows);
    std::vector<double> lengths(rows);
    for (std::size_t r = 0; r < rows; ++r)
        lengths[r] = product[r * rows + r];
    for (std::size_t r = 1; r < rows; ++r) {
        const double* row = product.data() + r * rows;
        for (std::size_t other = 0; other < r; ++other) {
            const double distance = lengths[r] + lengths[other] - 2 * row[other];
            if (distance < nearest[r].farthest())
                nearest[r].offer(distance, static_cast<std::uint32_t>(other));
            if (distance < nearest[other].farthest())
                nearest[other].offer(distance, static_cast<std::uint32_t>(r));
        }
    }
    return nearest;
}

// Ratio of the second to the first neighbour's distance of each point; 0 where the first coincides. Candidates by the products,
// then their distances anew from the differences: near ones would drown in rounding.
std::vector<double> neighbourRatios(const std::vector<double>& points, std::size_t rows, std::size_t cols)
{
    const std::vector<Nearest> nearest = nearestOf(products(points, rows, cols), rows);
    std::vector<double> ratios(rows);
    for (std::size_t r = 0; r < rows; ++r) {
        double first = std::numeric_limits<double>::infinity(), second = first;
        for (const std::uint32_t other : nearest[r].others()) {
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
