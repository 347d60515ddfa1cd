// Singular values of a matrix with the singular vectors of its smaller side: all that is needed to write the matrix anew with other
// singular values, since W' = W·(V diag(g) Vᵀ) where V are the right vectors, or (U diag(g) Uᵀ)·W.
#pragma once

#include "core/analysis/matrixpart.h"
#include "core/base/result.h"
#include "core/tensor/tensorsource.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wb {

struct Decomposition {
    std::uint64_t rows = 0, cols = 0;
    std::vector<double> values;  // n = min(rows, cols) of them, descending
    std::vector<double> vectors; // (n, n): row i belongs to value i; right vectors when cols ≤ rows, else left ones
    [[nodiscard]] bool rightSide() const { return cols <= rows; }
    [[nodiscard]] std::uint64_t bytes() const { return (values.size() + vectors.size()) * sizeof(double); }
};
using DecompositionPtr = std::shared_ptr<const Decomposition>;

// The largest smaller side that is decomposed: 8192 takes 1 GB and minutes.
inline constexpr std::uint64_t largestDecomposed = 8192;

// Of a matrix in memory (rows, cols), which is used up. By the eigenvectors of its Gram matrix unless `thorough` or the smallest singular
// value is below 1e-4 of the largest; then by divide and conquer on the matrix itself. Single-threaded: the same bits on any number of cores.
// Cancelled, as the thread's ProgressScope says.
[[nodiscard]] Result<Decomposition> decompose(std::vector<double>& matrix, std::size_t rows, std::size_t cols, bool thorough);

// Of one of a tensor's matrices. Kept by fingerprint for the life of the process, up to 256 MB of those used last,
// so that a slider over its gains decomposes once. EditNotPossible for values that are not finite. Safe from any thread; a thread that asks
// for what another one is computing waits for it.
[[nodiscard]] Result<DecompositionPtr> decomposition(const TensorSource& source, std::size_t tensor, const MatrixPart& part);

// Other than 256 MB.
void limitDecompositions(std::size_t bytes);

} // namespace wb
