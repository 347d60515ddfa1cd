// Factors of matrices that are stored in 8 bits (F8_E4M3, F8_E5M2: OCP 8-bit Floating Point, 1.0; and their FNUZ kinds): published checkpoints keep them in a tensor
// beside the matrix, "<name>_scale_inv" (DeepSeek-V3, in blocks) or "<name>_scale" (compressed-tensors, FBGEMM). Both multiply. A matrix
// without any is what its codes say.
#pragma once

#include "core/tensor/tensorsource.h"

#include <optional>

namespace wb {

// The tensor that holds them; nothing for other types, and when there is none.
[[nodiscard]] std::optional<std::size_t> float8FactorsOf(const TensorSource& source, std::size_t tensor);

// Which factor belongs to an element: that of row / rowsEach and col / colsEach, `perRow` of them in a row of blocks.
struct Float8Grid {
    std::size_t factors = 0; // the tensor
    std::uint64_t rowsEach = 1, colsEach = 1, perRow = 1;
};
// By the shapes, and by what the config says of blocks where the shapes leave it open: 128 × 128 where it says nothing. Nothing without factors.
// BadArgument when their shape does not fit.
[[nodiscard]] Result<std::optional<Float8Grid>> float8GridOf(const TensorSource& source, std::size_t tensor);

// values ← values times their factors, in single precision as the engine does it; elements first … of the tensor in row-major order.
[[nodiscard]] Result<void> multiplyByFactors(const TensorSource& source, std::size_t tensor, std::uint64_t first, std::span<double> values);

} // namespace wb
