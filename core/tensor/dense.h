// Dense linear algebra in double precision, by OpenBLAS and LAPACK: the one place that calls them. Single-threaded, so that
// results do not depend on the number of cores; callers run several in parallel. Matrices are row-major and contiguous. A program without the
// library ends with a message when it comes here. Decompositions and solves look at the thread's ProgressScope meanwhile and end with
// Cancelled; products do not (of three sides of 4096: 2.4 s).
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <span>
#include <vector>

namespace wb::dense {

// Lower triangle of out (cols, cols) += xᵀx, x (rows, cols).
void addGram(std::span<const double> x, std::size_t rows, std::size_t cols, std::span<double> out);
// Lower triangle of out (rows, rows) += xxᵀ.
void addOuterGram(std::span<const double> x, std::size_t rows, std::size_t cols, std::span<double> out);
// out (xCols, yCols) += xᵀy, x (rows, xCols), y (rows, yCols).
void addCross(std::span<const double> x, std::span<const double> y, std::size_t rows, std::size_t xCols, std::size_t yCols, std::span<double> out);
// out (rows, cols) = a·b, a (rows, inner), b (inner, cols).
void multiply(std::span<const double> a, std::span<const double> b, std::size_t rows, std::size_t inner, std::size_t cols, std::span<double> out);

// Gram matrix over the smaller side n of a matrix (rows, cols): the lower triangle of (n, n). Cancelled.
[[nodiscard]] Result<std::vector<double>> smallerGram(std::span<const double> matrix, std::size_t rows, std::size_t cols);

// Eigenvalues of a symmetric matrix (n, n), ascending; its lower triangle is read and the matrix is used up. With `vectors` row i of it
// becomes the eigenvector of value i. Cancelled; only the divide and conquer that finds the vectors is not interrupted (1.8 s for n = 4096).
[[nodiscard]] Result<std::vector<double>> symmetricEigen(std::vector<double>& matrix, std::size_t n, bool vectors);

// Cholesky factor of a symmetric positive definite matrix (n, n), in place: its lower triangle becomes L, matrix = L·Lᵀ, and the rest is left.
// False when a pivot is not positive; the matrix is used up then.
[[nodiscard]] bool cholesky(std::span<double> matrix, std::size_t n);
// x (n, cols) becomes L⁻¹x, or L⁻ᵀx; L is the lower triangle of `factor` (n, n). Cancelled.
enum class Side { Lower, LowerTransposed };
[[nodiscard]] Result<void> solve(std::span<const double> factor, Side side, std::size_t n, std::size_t cols, std::span<double> x);

// Singular values of a matrix (rows, cols), descending, from the matrix itself, which is used up: small ones keep their digits where a Gram
// matrix would lose them. Cancelled.
[[nodiscard]] Result<std::vector<double>> singularValues(std::vector<double>& matrix, std::size_t rows, std::size_t cols);
// Thin singular value decomposition of a matrix (rows, cols), which is used up; n = min(rows, cols). Values descend; row i of `left` (n, rows)
// and of `right` (n, cols) is the singular vector of value i. Cancelled; its divide and conquer is not interrupted (5 s for n = 4096).
struct Svd {
    std::vector<double> values, left, right;
};
[[nodiscard]] Result<Svd> svd(std::vector<double>& matrix, std::size_t rows, std::size_t cols);
// Orthonormal columns of the same span, in place: x (rows, cols), cols ≤ rows (Householder).
void orthonormalise(std::span<double> x, std::size_t rows, std::size_t cols);

// Columns that are multiplied between two looks at the progress, when each takes `products` multiplications: about a quarter of a second.
[[nodiscard]] std::size_t columnsAtOnce(std::size_t products);

} // namespace wb::dense
