// Whether a difference between two scores means anything: always of the same items, paired.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace wb {

struct Interval {
    double low = 0, high = 0;
};

// Wilson's score interval of a share at 95 % (Wilson 1927). total > 0.
[[nodiscard]] Interval wilsonInterval(std::uint64_t successes, std::uint64_t total);

// Of values in ascending order: interpolates linearly around q·(n − 1). Not empty.
[[nodiscard]] double quantileOf(std::span<const double> sorted, double q);

// Two-sided exact test that gains and losses are equally likely (McNemar 1947, binomial form). 1 without either.
[[nodiscard]] double mcnemarExact(std::uint64_t onlyA, std::uint64_t onlyB);

// Mean of paired differences, resampled: 2.5 % and 97.5 % quantiles of `resamples` means (Efron 1979). Seeded; the same on any
// number of threads. Not empty.
[[nodiscard]] Interval pairedBootstrap(std::span<const double> differences, std::uint64_t seed, std::size_t resamples = 4000);

// Items for which a difference like the one seen is found at 5 % with a power of 80 % (Connor 1987, for McNemar's test);
// nothing where no difference was seen.
[[nodiscard]] std::optional<std::uint64_t> itemsNeeded(std::uint64_t onlyA, std::uint64_t onlyB, std::uint64_t total);

// Probability that one of k of n samples passes when c do: 1 − C(n − c, k) / C(n, k), unbiased (Chen et al. 2021, arXiv
// 2107.03374). 1 ≤ k ≤ n.
[[nodiscard]] double passAtK(std::uint64_t samples, std::uint64_t passed, std::uint64_t k);

// Two-sided exact test of paired differences: the share of all 2ⁿ choices of signs whose sum is at least as far from 0 (Fisher's
// randomisation test, 1935). Of differences −1, 0, 1 it is McNemar's. A normal approximation where the sums are more than
// 10⁹ steps of work. 1 without a difference.
[[nodiscard]] double signFlipExact(std::span<const std::int64_t> differences);

// Of one item: how many of its answers were right.
struct Outcome {
    std::uint64_t passed = 0, answers = 1;
    [[nodiscard]] double share() const { return static_cast<double>(passed) / static_cast<double>(answers); }
    [[nodiscard]] bool mostly() const { return 2 * passed > answers; }
    bool operator==(const Outcome&) const = default;
};

// Mean over items of an estimate, and its standard error over items: standard deviation (n − 1) / √n; 0 of one item.
struct Mean {
    double value = 0, standardError = 0;
};
[[nodiscard]] Mean meanOf(std::span<const double> values);
[[nodiscard]] Interval normalInterval(const Mean& mean); // 95 %: ± 1.96 standard errors
// Mean of passAtK over items. 1 ≤ k ≤ answers of each.
[[nodiscard]] Mean meanPassAtK(std::span<const Outcome> outcomes, std::uint64_t k);

// Of two scorings of the same items.
struct PairedCounts {
    std::uint64_t both = 0, onlyA = 0, onlyB = 0, neither = 0;
    [[nodiscard]] std::uint64_t total() const { return both + onlyA + onlyB + neither; }
};
struct PairedComparison {
    PairedCounts counts;
    double p = 1;       // mcnemarExact; signFlipExact where items have several answers
    bool several = false; // so it is: counts are of items with more than half of their answers right
    double delta = 0;   // share right in B less that in A
    Interval ci95;      // of delta, pairedBootstrap
    std::optional<std::uint64_t> needed; // itemsNeeded
    bool enough = false; // there are as many as needed
};
[[nodiscard]] PairedComparison comparePaired(const PairedCounts& counts, std::uint64_t seed);
// Item by item; both of the same length.
[[nodiscard]] PairedComparison comparePaired(std::span<const Outcome> a, std::span<const Outcome> b, std::uint64_t seed);

} // namespace wb
