// Two descendants of one base, as before a merge: which tensors each of them changed, and where both changed the same
// element to different values.
#pragma once

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/tensor/tensorsource.h"

#include <string>
#include <vector>

namespace wb {

// A tensor of the base that at least one side changed. Values are compared, NaN equal to NaN.
struct ThreeWayTensor {
    std::string name; // of the base
    std::uint64_t elements = 0;
    std::uint64_t changedInA = 0, changedInB = 0, changedInBoth = 0;
    std::uint64_t conflicts = 0;           // changed in both, and not to the same value
    double relativeA = 0, relativeB = 0;   // ‖A − base‖ / ‖base‖ over finite values
    double cosine = 0;                     // between A − base and B − base; NaN when one of them is zero
};

struct ThreeWayReport {
    std::vector<ThreeWayTensor> changed; // by the larger relative change, largest first
    std::vector<std::string> notInBoth;  // of the base: missing, or of another shape or an opaque type, on either side
    [[nodiscard]] Json toJson() const;
};

// Tensors are paired as in diffSources. Progress counts bytes of the base.
[[nodiscard]] Result<ThreeWayReport> compareWithBase(const TensorSource& base, const TensorSource& a, const TensorSource& b,
                                                     Progress& progress);

} // namespace wb
