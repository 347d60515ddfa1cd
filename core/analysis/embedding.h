// The rows of an embedding matrix as directions: how long each is, and which point the same way.
#pragma once

#include "core/base/progress.h"
#include "core/tensor/tensorsource.h"

#include <vector>

namespace wb {

// The matrix (tokens, width) that turns ids into vectors; nothing when no tensor has that role and shape.
[[nodiscard]] std::optional<std::size_t> findEmbedding(const TensorSource& source);

// Euclidean norm of each row, NaN where the row holds one. Reads the whole tensor. OpaqueDtype, Cancelled.
[[nodiscard]] Result<std::vector<double>> rowNorms(const TensorSource& source, std::size_t tensor, Progress& progress);

struct Neighbour {
    std::uint64_t row = 0;
    double cosine = 0;
};
// The `count` rows nearest to `row` by cosine, the nearest first, equal ones by row; `row` itself is left out, as are
// rows of zeros and rows that are not finite. Empty when `row` is one of these. Reads the whole tensor. Same on any
// number of threads.
[[nodiscard]] Result<std::vector<Neighbour>> nearestRows(const TensorSource& source, std::size_t tensor, std::uint64_t row,
                                                         std::size_t count, Progress& progress);

} // namespace wb
