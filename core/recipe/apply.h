// What an edit does to stored bits: what torch's CPU does for the same operation on a tensor of that type.
//   scale   BF16, F16, F32: the factor as float, the product in float, rounded to nearest even in the
//                stored type; F64 in double
//   add     the value rounded to the stored type first, then as above
//   clamp, set   bounds and value rounded to the stored type first; -0 is not below +0
//   zero    +0
//   integers     computed in double, rounded half to even, saturated; what the double arithmetic leaves equal keeps its
//                bits, beyond 2^53 too; Bool: set and zero only
//   NaN          keeps its bits under scale, add and clamp. torch keeps it NaN, but its vector path writes another code
//                (0xFFFF for BF16) than its scalar one (0x7FC0), inside one tensor even, so there is no code to agree with
// Opaque tensors and what is left out above are EditNotPossible, with the reason, before anything is staged.
#pragma once

#include "core/base/result.h"
#include "core/recipe/edit.h"

#include <functional>
#include <span>

namespace wb {

[[nodiscard]] Result<void> checkEditable(const Operation& operation, const TensorInfo& tensor);

// Types with a value table: the edit of every code.
[[nodiscard]] CodeMap codeMapFor(const Operation& operation, DType dtype);
// Wider types: one stored value to the next, rounding included.
[[nodiscard]] double applyToValue(const Operation& operation, DType dtype, double value);
// Wider types: stored elements in place.
void applyToBytes(const Operation& operation, DType dtype, std::span<std::byte> stored);

} // namespace wb
