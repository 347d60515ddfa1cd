// Order statistics and moments of some elements of a tensor, exact and in constant memory. NaN is left out.
#pragma once

#include "core/analysis/statisticscache.h"
#include "core/base/result.h"
#include "core/recipe/elementset.h"
#include "core/tensor/tensorsource.h"

#include <cmath>
#include <memory>

namespace wb {

// Which of the region's elements: their measure lies in [low, high].
struct MeasureRange {
    Measure of = Measure::Value;
    double low, high;
    [[nodiscard]] bool holds(double value) const
    {
        const double measure = of == Measure::Magnitude ? std::abs(value) : value;
        return low <= measure && measure <= high; // false for NaN
    }
};

struct OrderStatistic {
    double value = 0;
    std::uint64_t upTo = 0; // elements that are smaller or equal
};

struct MeanAndStd {
    std::uint64_t count = 0; // of finite elements
    double mean = 0, std = 0; // n − 1 in the denominator; NaN for fewer than two
};

class Distribution {
public:
    virtual ~Distribution() = default;
    [[nodiscard]] virtual Result<std::uint64_t> count(const MeasureRange& range) const = 0;
    // The element of the given rank, counted from 0, in ascending order of `by`.
    [[nodiscard]] virtual Result<OrderStatistic> atRank(const MeasureRange& range, Measure by, std::uint64_t rank) const = 0;
    [[nodiscard]] virtual Result<MeanAndStd> moments(const MeasureRange& range) const = 0;
};

// Types with a value table are counted once, through the cache when the region is the whole tensor; wider ones are read
// at every question. `source` and `region` must outlive the result.
[[nodiscard]] Result<std::unique_ptr<const Distribution>> distributionOf(const TensorSource& source, std::size_t tensor,
                                                                         const Region& region, StatisticsCache& cache);

} // namespace wb
