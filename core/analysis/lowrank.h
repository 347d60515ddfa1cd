// Whether a difference of two matrices is of low rank, as merging a LoRA adapter leaves it: D = B − A is, up to the
// rounding of the stored type, a product of two thin matrices.
//
// First a submatrix of at most 256 × 256 seeded rows and columns is decomposed; its rank is at most that of D, and of
// most differences it is full, so that nothing more is read. Otherwise D is projected on a seeded Gaussian sketch of its
// row space (Halko, Martinsson, Tropp 2011, algorithm 4.1 with oversampling) and the small Gram matrix of the projection
// is decomposed. Memory is bounded by 8 · rank · columns numbers.
#pragma once

#include "core/base/progress.h"
#include "core/tensor/tensorsource.h"

#include <optional>

namespace wb {

struct LowRank {
    std::uint64_t rank = 0;    // smallest that leaves no more than the rounding of the stored type
    double effectiveRank = 0;  // exp of the entropy of σᵢ / Σσ over the first `rank` (Roy and Vetterli 2007)
    double captured = 0;       // share of ‖D‖² in the first `rank` singular values
};

// Tensors of one shape with two axes or more; the last is the columns, all others the rows. `stored` is the
// coarser of the two types that the sides were rounded to. Nothing when the rank is above 64 or a quarter of the smaller side, when a value is not finite,
// or when rounding is most of the difference.
[[nodiscard]] Result<std::optional<LowRank>> lowRankDifference(const TensorSource& a, std::size_t tensorA,
                                                               const TensorSource& b, std::size_t tensorB, DType stored,
                                                               Progress& progress);

} // namespace wb
