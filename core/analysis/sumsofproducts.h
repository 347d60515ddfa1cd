// Large products of core/tensor/dense where a value may be rounded to 2⁻⁴⁸ of about twice the largest of its row or column (digitsums.h): on tiles where
// this CPU has them, by OpenBLAS otherwise. Single-threaded within a body of parallelFor, on all threads elsewhere.
#pragma once

#include <cstddef>
#include <span>

namespace wb::sums {

// Lower triangle of out (cols, cols) += xᵀx, x (rows, cols); above the diagonal something may be written.
void addGram(std::span<const double> x, std::size_t rows, std::size_t cols, std::span<double> out);
// Lower triangle of out (rows, rows) += xxᵀ, as above.
void addOuterGram(std::span<const double> x, std::size_t rows, std::size_t cols, std::span<double> out);
// out (xCols, yCols) += xᵀy, x (rows, xCols), y (rows, yCols).
void addCross(std::span<const double> x, std::span<const double> y, std::size_t rows, std::size_t xCols, std::size_t yCols, std::span<double> out);
// out (rows, cols) = a·b, a (rows, inner), b (inner, cols).
void multiply(std::span<const double> a, std::span<const double> b, std::size_t rows, std::size_t inner, std::size_t cols, std::span<double> out);

} // namespace wb::sums
