#include "core/analysis/histogram.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace wb {

Histogram Histogram::over(double low, double high, std::size_t bins)
{
    if (low == high) {
        const double half = std::max(0.5, std::abs(low) * 0x1p-40); // half a unit is nothing beside numbers beyond 2^53
        low = std::max(low - half, -std::numeric_limits<double>::max());
        high = std::min(high + half, std::numeric_limits<double>::max());
    }
    Histogram histogram;
    histogram.counts.resize(bins);
    for (std::size_t i = 0; i <= bins; ++i) {
        const double t = static_cast<double>(i) / static_cast<double>(bins);
        histogram.edges.push_back(low * (1 - t) + high * t); // high − low may overflow
    }
    histogram.edges.front() = low;
    histogram.edges.back() = high;
    return histogram;
}

void Histogram::add(double value, std::uint64_t count)
{
    if (value < edges.front()) {
        below += count;
    } else if (value > edges.back()) {
        above += count;
    } else {
        const double half = edges.back() / 2 - edges.front() / 2; // 0 between neighbouring denormals
        const double position = half > 0 ? (value / 2 - edges.front() / 2) / half * static_cast<double>(counts.size()) : 0;
        counts[std::min(static_cast<std::size_t>(position), counts.size() - 1)] += count;
    }
}

void Histogram::merge(const Histogram& other)
{
    std::ranges::transform(counts, other.counts, counts.begin(), std::plus{});
    below += other.below;
    above += other.above;
}

} // namespace wb
