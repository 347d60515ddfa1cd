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

// Of two scorings of the same items.
struct PairedCounts {
    std::uint64_t both = 0, onlyA = 0, onlyB = 0, neither = 0;
    [[nodiscard]] std::uint64_t total() const { return both + onlyA + onlyB + neither; }
};
struct PairedComparison {
    PairedCounts counts;
    double p = 1;       // mcnemarExact
    double delta = 0;   // share right in B less that in A
    Interval ci95;      // of delta, pairedBootstrap
    std::optional<std::uint64_t> needed; // itemsNeeded
    bool enough = false; // there are as many as needed
};
[[nodiscard]] PairedComparison comparePaired(const PairedCounts& counts, std::uint64_t seed);

} // namespace wb
