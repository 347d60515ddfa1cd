// A source with all float tensors in one stored type: values are rounded to nearest even, as torch's `to` does; wider types
// hold narrower ones exactly. Integers, truth values and opaque tensors stay as they are.
#pragma once

#include "core/tensor/tensorsource.h"

namespace wb {

// `dtype` is F64, F32, F16 or BF16.
[[nodiscard]] SourcePtr converted(SourcePtr base, DType dtype);

} // namespace wb
