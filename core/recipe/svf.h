// A matrix written anew with other singular values: W' = W + W·(V diag(m − 1) Vᵀ), m the multipliers (gains.h), on the smaller side; in double,
// rounded once to the stored type. Where every multiplier is 1 no bit changes. Matrices of a stack are taken one by one, all of them or those of
// the edit's experts; of several that are stored as one the edit can name a part, whose rows (or columns) alone are then written.
#pragma once

#include "core/base/result.h"
#include "core/recipe/edit.h"
#include "core/tensor/tensorsource.h"

#include <memory>
#include <vector>

namespace wb {

// Why the edit, whose operation is an Svf, cannot be made on this tensor, as the end of a sentence; empty when it can.
// `fused`: the parts of this tensor (fusedparts.h), here and below.
[[nodiscard]] Sentence obstacleOfSvf(const Edit& edit, const TensorInfo& tensor, std::span<const FusedPart> fused);

using StoredBytes = std::vector<std::byte>;
// All stored bytes of the tensor after the edit; `source` is it as the edits before left it. Kept for the life of the process, up to 256 MB
// of those used last, beside their decompositions. Single-threaded: the same bits on any number of threads. Safe from any thread.
[[nodiscard]] Result<std::shared_ptr<const StoredBytes>> recomposed(const TensorSource& source, std::size_t tensor, const Edit& edit, std::span<const FusedPart> fused);
// Other than 256 MB.
void limitRecomposed(std::size_t bytes);

} // namespace wb
