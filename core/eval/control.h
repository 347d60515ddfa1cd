// Whether an edit does more than any change of its size would: a random edit of equal norm on the same tensors.
#pragma once

#include "core/base/progress.h"
#include "core/recipe/recipe.h"
#include "core/tensor/tensorsource.h"

namespace wb {

struct Control {
    RecipePtr recipe;        // seeded noise, one edit a tensor
    double editNorm = 0;     // ‖edited − base‖ (Frobenius) over all tensors, as stored
    double controlNorm = 0;  // of the control, as stored
};

// `edited` has the layout of `base`: with a recipe, or another checkpoint. The noise's standard deviation is ‖Δ‖/√n of each tensor,
// corrected for what rounding to the stored type takes away. EditNotPossible where a tensor takes no noise, NotFinite where the
// difference is no number, BadArgument when nothing differs. Reads the tensors that may differ; progress in tensors.
[[nodiscard]] Result<Control> controlOf(const SourcePtr& base, const SourcePtr& edited, std::uint64_t seed, Progress& progress);

// ‖b − a‖ of a tensor, in double. Both of one shape.
[[nodiscard]] Result<double> differenceNorm(const TensorSource& a, std::size_t tensorA, const TensorSource& b, std::size_t tensorB);

} // namespace wb
