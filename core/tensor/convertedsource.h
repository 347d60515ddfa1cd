// A source with all float and quantised tensors in one stored type: values are rounded to nearest even, as torch's `to`
// does; wider types hold narrower ones exactly. Integers, truth values and opaque tensors stay as they are, and so do matrices in 8-bit floats
// with the factors beside them: rounded factors would change every value of a matrix.
#pragma once

#include "core/tensor/tensorsource.h"

namespace wb {

// Vectors of a GGUF stay F32: ggml computes norms and biases in that type only.
enum class Vectors : std::uint8_t { Convert, Keep };

// `dtype` is F64, F32, F16 or BF16.
[[nodiscard]] SourcePtr converted(SourcePtr base, DType dtype, Vectors vectors = Vectors::Convert);

} // namespace wb
