// The elements of largest magnitude of a tensor whose type has a value table.
#pragma once

#include "core/analysis/statistics.h"

namespace wb {

// Largest magnitude first, equal ones by index; infinities and NaN are left out. The table says what magnitude is wanted
// and the maxima of its pieces where it can be, so that only a few pieces are read again.
[[nodiscard]] Result<std::vector<Outlier>> findOutliers(const TensorSource& source, std::size_t tensor,
                                                        std::size_t wanted, StatisticsCache& cache, Progress& progress);

// Keeps the `wanted` largest of what it is given in ascending order of index.
class LargestElements {
public:
    explicit LargestElements(std::size_t wanted) : m_wanted(wanted) {}
    void add(std::uint64_t index, double value);
    void merge(const LargestElements& later);
    // Below this magnitude nothing is kept any more.
    [[nodiscard]] double threshold() const { return m_threshold; }
    [[nodiscard]] const std::vector<Outlier>& elements() const { return m_elements; }

private:
    std::size_t m_wanted;
    double m_threshold = -1; // magnitudes must be above it once `wanted` are held
    std::vector<Outlier> m_elements; // largest first
};

} // namespace wb
