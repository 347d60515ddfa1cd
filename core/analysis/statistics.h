// Statistics of one tensor's values. 8- and 16-bit types go through value tables, wider ones through two streaming
// passes; every figure is over all elements, never a sample.
#pragma once

#include "core/analysis/histogram.h"
#include "core/analysis/statisticscache.h"
#include "core/base/json.h"
#include "core/base/progress.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wb {

struct StatisticsOptions {
    std::size_t bins = 64;
    std::optional<std::pair<double, double>> range; // of the histogram; default min … max
    std::vector<double> quantiles = {0.0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1.0};
    std::size_t outliers = 10; // elements of largest magnitude, with their place; 0 saves a pass over the tensor
    // F32 and F64 under an edit that is still moving: map the base's counts instead of reading the tensor again.
    // The result then says exact = false; types with a value table are exact all the same.
    bool quick = false;
};

struct Outlier {
    std::uint64_t index = 0; // row-major
    double value = 0;
};

// Moments, range and quantiles are over the finite values; NaN when there are none. nan and inf count the rest.
struct Statistics {
    std::uint64_t count = 0, nan = 0, inf = 0, zero = 0, denormal = 0;
    double min = 0, max = 0, mean = 0, std = 0; // population standard deviation
    double absMean = 0, absMax = 0, rms = 0, l2 = 0;
    double skew = 0, kurtosis = 0; // excess kurtosis; NaN when std is 0
    std::vector<std::pair<double, double>> quantiles; // (q, value); linear between the order statistics at q·(n−1)
    Histogram histogram;
    std::vector<Outlier> outliers;
    bool exact = true;
};

// Opaque tensors give OpaqueDtype. The cache keeps counts by fingerprint; a derived tensor is computed from the counts
// of its base. Progress counts bytes.
[[nodiscard]] Result<Statistics> computeStatistics(const TensorSource& source, std::size_t tensor,
                                                   const StatisticsOptions& options, StatisticsCache& cache,
                                                   Progress& progress);
// From a table alone: 65,536 steps whatever the tensor's size. Fills everything but outliers.
[[nodiscard]] Statistics statisticsOf(const ValueTable& table, const StatisticsOptions& options = {});

// The keys of `wb stats`, with the coordinates of outliers in a tensor of this shape.
[[nodiscard]] Json toJson(const Statistics& statistics, const TensorInfo& tensor);
// Row-major position as one number per dimension.
[[nodiscard]] std::vector<std::uint64_t> coordinates(std::uint64_t index, const Shape& shape);

// A statistic by the name that `wb stats` gives it: "std", "kurtosis", "abs_max", …
[[nodiscard]] std::optional<double> statisticByName(const Statistics& statistics, std::string_view name);
[[nodiscard]] const std::vector<std::string>& statisticNames();

} // namespace wb
