#include "core/analysis/histogram.h"

#include <algorithm>
#include <functional>

namespace wb {

Histogram Histogram::over(double low, double high, std::size_t bins)
{
    if (low == high) {
        low -= 0.5;
        high += 0.5;
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
        const double half = edges.back() / 2 - edges.front() / 2;
        const double position = (value / 2 - edges.front() / 2) / half * static_cast<double>(counts.size());
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
