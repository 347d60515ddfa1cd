// What an edit must know of a tensor before its elements can be changed one by one: where its band of values begins and
// ends, the mean and standard deviation, how small an element must be to be pruned.
//
// Quantiles are torch.quantile's on the float32 tensor as long as torch takes it (16,000,000 elements): rank and
// interpolation in float32. Beyond that, and for F64 and integers, rank and interpolation are in double. NaN is left out.
#pragma once

#include "core/base/result.h"
#include "core/recipe/edit.h"
#include "core/tensor/tensorsource.h"

#include <limits>

namespace wb {

struct EditFacts {
    double low = -std::numeric_limits<double>::infinity(); // of the band, on its measure
    double high = std::numeric_limits<double>::infinity();
    double mean = 0, std = 0; // of the edited elements that are finite; n − 1 in the denominator
    double pruneUpTo = -1;    // magnitude
};

[[nodiscard]] bool needsFacts(const Edit& edit);
// `source` is the tensor as the edits before this one left it; it is read, at most four times. What was found is kept by
// fingerprint for the life of the process. Safe from any thread.
[[nodiscard]] Result<EditFacts> factsOf(const Edit& edit, const Region& region, const TensorSource& source, std::size_t tensor);

} // namespace wb
