// Statistics of types without a value table (F32, F64 and integers of 32 and 64 bits), exact in constant memory.
//
// The first pass takes counts, range, mean and the counts of the upper 16 bits of the order-preserving code; the second
// one takes the central moments, fills the histogram and counts the next 16 bits inside the buckets that hold a wanted
// order statistic. 64-bit types need two more passes for the last bits of their quantiles.
#pragma once

#include "core/analysis/statistics.h"

namespace wb {

[[nodiscard]] Result<Statistics> wideStatistics(const TensorSource& source, std::size_t tensor,
                                                const StatisticsOptions& options, Progress& progress);

// Cached by fingerprint; one pass.
[[nodiscard]] Result<std::shared_ptr<const BucketTable>> bucketTable(const TensorSource& source, std::size_t tensor,
                                                                     StatisticsCache& cache, Progress& progress);

// What statistics of either kind are made of.
struct Moments {
    std::uint64_t count = 0; // of finite values
    long double mean = 0, absSum = 0, squares = 0;
    long double second = 0, third = 0, fourth = 0; // sums of powers of (value − mean)
};
void fillMoments(const Moments& moments, Statistics& statistics);
// Moments, range, quantiles and histogram.
void fillFrom(const SortedValues& values, const StatisticsOptions& options, Statistics& statistics);

// Where numpy's default quantile lies: between two ranks of the ascending values, `t` of the way. total > 0.
struct QuantileRank {
    std::uint64_t below, above;
    double t;
};
[[nodiscard]] QuantileRank quantileRank(std::uint64_t total, double q);
[[nodiscard]] double interpolated(double below, double above, double t);

} // namespace wb
