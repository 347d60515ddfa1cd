#include "core/eval/sequential.h"

#include "core/eval/significance.h"

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

// For each d ≤ most: the least k with 2 P(Binomial(d, ½) ≥ k) ≤ level; d + 1 when there is none. One more step moves k by 0 or
// 1, so tail and point probability are carried along.
std::vector<std::uint64_t> boundaryOf(std::uint64_t most, double level)
{
    std::vector<std::uint64_t> out(most + 1);
    std::uint64_t k = 1;
    double tail = 0, point = 0; // P(X ≥ k) and P(X = k) of d coins
    out[0] = 1;
    for (std::uint64_t d = 1; d <= most; ++d) {
        // P_d(X ≥ k) = P_{d−1}(X ≥ k) + ½ P_{d−1}(X = k − 1); P_{d−1}(X = k − 1) = P_{d−1}(X = k)·k/(d − k), or 2^{1−d} for k = d.
        const double before = k == d ? std::exp2(1 - static_cast<double>(d)) : point * static_cast<double>(k) / static_cast<double>(d - k);
        tail += before / 2;
        point = (point + before) / 2;
        while (k <= d && 2 * tail > level) {
            tail -= point;
            ++k;
            point = k > d ? 0 : point * static_cast<double>(d - k + 1) / static_cast<double>(k);
        }
        if (k > d)
            tail = point = 0;
        out[d] = k;
    }
    return out;
}

// Chance that a walk whose steps go up with probability `share` crosses within `steps`.
double crossing(const std::vector<std::uint64_t>& boundary, double share, std::uint64_t steps)
{
    std::vector<double> at(steps + 1, 0.0); // by number of ups
    at[0] = 1;
    double crossed = 0;
    std::uint64_t low = 0, high = 0; // where the walk can be
    for (std::uint64_t d = 1; d <= steps; ++d) {
        for (std::uint64_t up = high + 1; up > low; --up)
            at[up] = at[up] * (1 - share) + at[up - 1] * share;
        at[low] *= 1 - share;
        ++high;
        for (; high >= boundary[d] && high >= low; --high) {
            crossed += at[high];
            at[high] = 0;
        }
        for (; low <= high && d - low >= boundary[d]; ++low) {
            crossed += at[low];
            at[low] = 0;
        }
        if (low > high)
            return crossed;
    }
    return crossed;
}

} // namespace

SequentialDesign::SequentialDesign(std::uint64_t most, double alpha) : m_most(most)
{
    double good = 0, bad = alpha; // levels; at alpha itself there are too many alarms, or just enough with one look
    if (crossing(boundaryOf(most, alpha), 0.5, most) <= alpha)
        good = alpha;
    for (int step = 0; step < 50 && good != alpha; ++step) {
        const double middle = (good + bad) / 2;
        (crossing(boundaryOf(most, middle), 0.5, most) <= alpha ? good : bad) = middle;
    }
    m_level = good == alpha ? alpha : good * (1 - 4e-9); // clear of the p that would be one too many
    m_boundary = boundaryOf(most, m_level);
    m_alarms = crossing(m_boundary, 0.5, most);
}

bool SequentialDesign::crossed(std::uint64_t onlyA, std::uint64_t onlyB) const
{
    const std::uint64_t d = std::min(onlyA + onlyB, m_most);
    return d != 0 && std::max(onlyA, onlyB) >= m_boundary[d];
}

bool SequentialDesign::hopeless(std::uint64_t onlyA, std::uint64_t onlyB, std::uint64_t left) const
{
    const std::uint64_t lead = std::max(onlyA, onlyB);
    for (std::uint64_t more = 0; more <= left && onlyA + onlyB + more <= m_most; ++more)
        if (lead + more >= m_boundary[onlyA + onlyB + more] && onlyA + onlyB + more != 0)
            return false;
    return true;
}

double SequentialDesign::p(double smallest) const
{
    return smallest >= 1 ? 1 : std::min(1.0, crossing(boundaryOf(m_most, smallest * (1 + 1e-9)), 0.5, m_most));
}

double SequentialDesign::power(double share, std::uint64_t discordant) const { return crossing(m_boundary, share, std::min(discordant, m_most)); }

} // namespace wb
