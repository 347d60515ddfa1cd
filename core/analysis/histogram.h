// A histogram with equal bins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wb {

struct Histogram {
    std::vector<double> edges;          // bins + 1; the last bin includes its upper edge
    std::vector<std::uint64_t> counts;  // bins
    std::uint64_t below = 0, above = 0; // finite values outside the range

    // [low, high]; of one value only, half a unit to each side, as numpy does.
    static Histogram over(double low, double high, std::size_t bins);
    void add(double value, std::uint64_t count);
    void merge(const Histogram& other); // same edges
};

} // namespace wb
