// Which tensors stand apart from the same role in the other layers.
#pragma once

#include "core/model/roles.h"

#include <cstddef>
#include <span>
#include <vector>

namespace wb {

struct Standout {
    std::size_t tensor = 0;
    double value = 0;
    double expected = 0; // median of the other layers of this role
    double ratio = 1;    // value / expected
};

// `values[i]` is one statistic of tensor i; NaN = not known (yet). A tensor stands out when its value is at least
// `factor` times the median over the other layers of its role, or at most 1/factor of it, with at least four layers.
// Furthest first.
[[nodiscard]] std::vector<Standout> findStandouts(std::span<const TensorRole> roles, std::span<const double> values,
                                                  double factor = 4.0);

} // namespace wb
