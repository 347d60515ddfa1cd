#include "core/eval/significance.h"

#include "core/base/parallel.h"
#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace wb {
namespace {

constexpr double z975 = 1.9599639845400545; // normal quantiles
constexpr double z80 = 0.8416212335729143;

} // namespace

Interval wilsonInterval(std::uint64_t successes, std::uint64_t total)
{
    const auto n = static_cast<double>(total), p = static_cast<double>(successes) / n;
    const double square = z975 * z975, centre = (p + square / (2 * n)) / (1 + square / n);
    const double half = z975 / (1 + square / n) * std::sqrt(p * (1 - p) / n + square / (4 * n * n));
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
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
    const auto quantile = [&](double q) { // interpolates linearly
        const double place = q * static_cast<double>(resamples - 1);
        const auto below = static_cast<std::size_t>(place);
        const double above = below + 1 < resamples ? means[below + 1] : means[below];
        return means[below] + (place - static_cast<double>(below)) * (above - means[below]);
    };
    return {quantile(0.025), quantile(0.975)};
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

} // namespace wb
