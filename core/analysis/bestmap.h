// The best linear map from one cloud of states to another and what it explains, from sums over the tokens: the heart of the linearity of
// layers.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <vector>

namespace wb {

// Sums about the means, full matrices (width, width): XᵀX, YᵀY, XᵀY.
struct CentredSums {
    std::vector<double> gramX, gramY, cross;
};

struct BestMap {
    double whole = 0;           // ‖XA‖² of the A with the smallest ‖XA − Y‖²
    double contribution = 0;    // the same for Y − X
    std::size_t rank = 0;       // directions of X that are used
    double condition = 0;       // largest over smallest singular value of X
    double anisotropy = 0;      // share of the variance of X in one direction; NaN without any
    std::vector<double> values; // A (width, width), XA ≈ Y; empty unless asked for
};

// With `cut` the directions of X whose spread is rounding are left out; without it every positive one is used. Cancelled, as the thread's
// ProgressScope says.
[[nodiscard]] Result<BestMap> bestMap(const CentredSums& sums, std::size_t width, bool cut, bool wantMap);

[[nodiscard]] double trace(const std::vector<double>& matrix, std::size_t width);

} // namespace wb
