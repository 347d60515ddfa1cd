#include "core/eval/significance.h"

#include "core/base/parallel.h"
#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace wb {
namespace {

constexpr double z975 = 1.9599639845400545; // normal quantiles
constexpr double z80 = 0.8416212335729143;
constexpr std::uint64_t mostWork = 1'000'000'000;
constexpr std::uint64_t mostAnswers = 1'000'000; // common multiple of the numbers of answers

// Answers an item had on either side, as parts of one whole.
std::uint64_t commonAnswers(std::span<const Outcome> a, std::span<const Outcome> b)
{
    std::uint64_t common = 1;
    for (const auto side : {a, b})
        for (const Outcome& one : side)
            common = std::min(mostAnswers, std::lcm(common, std::max<std::uint64_t>(1, one.answers)));
    return common;
}

// Items for a mean difference `mean` with the standard deviation `deviation`, as in itemsNeeded.
std::optional<std::uint64_t> itemsForMean(double mean, double deviation)
{
    if (mean == 0)
        return std::nullopt;
    const double ratio = (z975 + z80) * deviation / mean;
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(std::min(ratio * ratio, 1e15))));
}

} // namespace

Interval wilsonInterval(std::uint64_t successes, std::uint64_t total)
{
    const auto n = static_cast<double>(total), p = static_cast<double>(successes) / n;
    const double square = z975 * z975, centre = (p + square / (2 * n)) / (1 + square / n);
    const double half = z975 / (1 + square / n) * std::sqrt(p * (1 - p) / n + square / (4 * n * n));
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

double quantileOf(std::span<const double> sorted, double q)
{
    const double place = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double above = below + 1 < sorted.size() ? sorted[below + 1] : sorted[below];
    return sorted[below] + (place - static_cast<double>(below)) * (above - sorted[below]);
}

double mcnemarExact(std::uint64_t onlyA, std::uint64_t onlyB)
{
    const std::uint64_t n = onlyA + onlyB, least = std::min(onlyA, onlyB);
    if (n == 0)
        return 1;
    const double total = static_cast<double>(n), logHalf = std::log(0.5);
    double sum = 0; // P(X ≤ least), X ~ Binomial(n, 1/2)
    for (std::uint64_t i = 0; i <= least; ++i) {
        const auto k = static_cast<double>(i);
        sum += std::exp(std::lgamma(total + 1) - std::lgamma(k + 1) - std::lgamma(total - k + 1) + total * logHalf);
    }
    return std::min(1.0, 2 * sum);
}

Interval pairedBootstrap(std::span<const double> differences, std::uint64_t seed, std::size_t resamples)
{
    const auto n = static_cast<double>(differences.size());
    std::vector<double> means(resamples);
    parallelFor(resamples, [&](std::size_t sample) {
        double total = 0;
        for (std::size_t i = 0; i < differences.size(); ++i)
            total += differences[std::min(differences.size() - 1, static_cast<std::size_t>(uniform(seed, sample, i) * n))];
        means[sample] = total / n;
    });
    std::ranges::sort(means);
    return {quantileOf(means, 0.025), quantileOf(means, 0.975)};
}

std::optional<std::uint64_t> itemsNeeded(std::uint64_t onlyA, std::uint64_t onlyB, std::uint64_t total)
{
    if (onlyA == onlyB || total == 0)
        return std::nullopt;
    const auto n = static_cast<double>(total);
    const double discordant = static_cast<double>(onlyA + onlyB) / n;
    const double effect = std::abs(static_cast<double>(onlyA) - static_cast<double>(onlyB)) / n;
    const double root = z975 * std::sqrt(discordant) + z80 * std::sqrt(std::max(0.0, discordant - effect * effect));
    return static_cast<std::uint64_t>(std::ceil(root * root / (effect * effect)));
}

double passAtK(std::uint64_t samples, std::uint64_t passed, std::uint64_t k)
{
    if (samples - passed < k)
        return 1;
    double none = 1;
    for (std::uint64_t i = samples - passed + 1; i <= samples; ++i)
        none *= 1 - static_cast<double>(k) / static_cast<double>(i);
    return 1 - none;
}

double signFlipExact(std::span<const std::int64_t> differences)
{
    std::vector<std::uint64_t> sizes;
    std::uint64_t total = 0, up = 0;
    double squares = 0;
    for (const std::int64_t d : differences) {
        const auto size = static_cast<std::uint64_t>(std::abs(d));
        if (size == 0)
            continue;
        sizes.push_back(size);
        total += size;
        up += d > 0 ? size : 0;
        squares += static_cast<double>(size) * static_cast<double>(size);
    }
    if (sizes.empty())
        return 1;
    const std::uint64_t observed = std::max(up, total - up); // of the larger side
    if (static_cast<double>(total) * static_cast<double>(sizes.size()) > static_cast<double>(mostWork))
        return std::erfc((2 * static_cast<double>(observed) - static_cast<double>(total)) / std::sqrt(2 * squares));
    std::vector<double> weight(total + 1, 0.0); // probability that the positive ones add up to this
    weight[0] = 1;
    std::uint64_t reach = 0;
    for (const std::uint64_t size : sizes) {
        reach += size;
        for (std::uint64_t sum = reach + 1; sum-- > 0;)
            weight[sum] = 0.5 * (weight[sum] + (sum >= size ? weight[sum - size] : 0.0));
    }
    const double tail = std::accumulate(weight.begin() + static_cast<std::ptrdiff_t>(observed), weight.end(), 0.0);
    return std::min(1.0, 2 * tail);
}

Interval normalInterval(const Mean& mean) { return {mean.value - z975 * mean.standardError, mean.value + z975 * mean.standardError}; }

Mean meanOf(std::span<const double> values)
{
    const auto n = static_cast<double>(values.size());
    if (values.empty())
        return {};
    Mean out{std::accumulate(values.begin(), values.end(), 0.0) / n, 0};
    double squares = 0;
    for (const double value : values)
        squares += (value - out.value) * (value - out.value);
    out.standardError = values.size() > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
    return out;
}

Mean meanPassAtK(std::span<const Outcome> outcomes, std::uint64_t k)
{
    std::vector<double> each;
    for (const Outcome& one : outcomes)
        each.push_back(passAtK(one.answers, one.passed, k));
    return meanOf(each);
}

PairedComparison comparePaired(const PairedCounts& counts, std::uint64_t seed)
{
    PairedComparison out{counts};
    const auto n = static_cast<double>(counts.total());
    out.p = mcnemarExact(counts.onlyA, counts.onlyB);
    if (counts.total() == 0)
        return out;
    out.delta = (static_cast<double>(counts.onlyB) - static_cast<double>(counts.onlyA)) / n;
    std::vector<double> differences(counts.total(), 0.0);
    std::fill_n(differences.begin(), counts.onlyB, 1.0);
    std::fill_n(differences.begin() + static_cast<std::ptrdiff_t>(counts.onlyB), counts.onlyA, -1.0);
    out.ci95 = pairedBootstrap(differences, seed);
    out.needed = itemsNeeded(counts.onlyA, counts.onlyB, counts.total());
    out.enough = out.needed && *out.needed <= counts.total();
    return out;
}

PairedComparison comparePaired(std::span<const Outcome> a, std::span<const Outcome> b, std::uint64_t seed)
{
    PairedCounts counts;
    bool several = false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const bool left = a[i].mostly(), right = b[i].mostly();
        ++(left && right ? counts.both : left ? counts.onlyA : right ? counts.onlyB : counts.neither);
        several = several || a[i].answers != 1 || b[i].answers != 1;
    }
    if (!several || a.empty())
        return comparePaired(counts, seed);
    const auto common = static_cast<double>(commonAnswers(a, b));
    std::vector<std::int64_t> steps;
    std::vector<double> differences;
    for (std::size_t i = 0; i < a.size(); ++i) {
        differences.push_back(b[i].share() - a[i].share());
        steps.push_back(std::llround(differences.back() * common));
    }
    const Mean mean = meanOf(differences);
    PairedComparison out{counts};
    out.several = true;
    out.p = signFlipExact(steps);
    out.delta = mean.value;
    out.ci95 = pairedBootstrap(differences, seed);
    out.needed = itemsForMean(mean.value, mean.standardError * std::sqrt(static_cast<double>(a.size())));
    out.enough = out.needed && *out.needed <= a.size();
    return out;
}

} // namespace wb
