// How many directions a cloud of points really has, from the distances to the two nearest neighbours (TwoNN: Facco et al. 2017,
// Scientific Reports 7:12140), with the details of LLM-Microscope's code.
#pragma once

#include <cstddef>
#include <span>

namespace wb {

struct IntrinsicDimension {
    double dimension = 0;    // NaN with fewer than three usable points
    std::size_t dropped = 0; // points that coincide with a neighbour
    std::size_t used = 0;    // points of the fit
};

// points (rows, cols). Exact neighbours: rows² distances, and as many doubles in memory. One thread; callers run several.
[[nodiscard]] IntrinsicDimension twoNearestNeighbours(std::span<const double> points, std::size_t rows, std::size_t cols);

} // namespace wb
