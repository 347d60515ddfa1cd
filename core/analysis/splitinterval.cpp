#include "core/analysis/splitinterval.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace wb {
namespace {

constexpr std::size_t stretches = 32;
constexpr double t31 = 2.0395134463964077, z975 = 1.959963984540054; // 97.5 % quantiles

double meanOf(std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()); }

double squaresAbout(std::span<const double> values, double mean)
{
    return std::accumulate(values.begin(), values.end(), 0.0, [&](double sum, double value) { return sum + (value - mean) * (value - mean); });
}

} // namespace

double halfWidth95(std::span<const double> values, std::uint64_t tokens)
{
    const auto count = static_cast<double>(values.size()), length = static_cast<double>(tokens);
    if (values.size() < 2)
        return std::numeric_limits<double>::quiet_NaN();
    const double mean = meanOf(values);
    if (values.size() < 4 * stretches)
        return z975 * std::sqrt(squaresAbout(values, mean) / (count - 1) / length);
    const std::size_t each = values.size() / stretches;
    double inside = 0, apart = 0;
    for (std::size_t k = 0; k < stretches; ++k) {
        const auto part = values.subspan(k * each, k + 1 == stretches ? values.size() - k * each : each);
        const double own = meanOf(part);
        inside += squaresAbout(part, own);
        apart += (own - mean) * (own - mean);
    }
    const double within = inside / (count - stretches), between = apart / (stretches - 1) - within / static_cast<double>(each);
    return t31 * std::sqrt(std::max(0.0, between) / stretches + within / length);
}

} // namespace wb
