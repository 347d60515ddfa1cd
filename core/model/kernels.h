// The inner loops of the engine, in the widest vectors that the CPU has (chosen at run time). Each gives the same bits for
// the same input whatever rows are computed beside it; other CPUs may sum in another order.
#pragma once

#include "core/model/config.h"
#include "core/tensor/dtype.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace wb::kernels {

// What the numbers of a matrix in 8-bit floats are multiplied by: one factor for each `rowsEach` rows and 2^colShift columns.
struct Float8Factors {
    unsigned colShift = 63;        // at least 4, so that a vector has one factor; 63: all columns
    std::size_t rowsEach = 1;
    std::size_t perRow = 1;        // factors of a row
    std::size_t firstRow = 0;      // of these rows in the matrix the factors are of
    const float* values = nullptr;

    [[nodiscard]] const float* ofRow(std::size_t row) const { return values + (firstRow + row) / rowsEach * perRow; }
};

// Rows of a stored matrix (rows, cols): F32, F16, BF16 or a quantised type, or one of 8-bit floats with
// factors, as readable bytes.
struct StoredRows {
    DType dtype = DType::F32;
    const std::byte* bytes = nullptr;
    std::size_t rows = 0, cols = 0;
    Float8Factors factors = {};

    [[nodiscard]] std::size_t rowBytes() const { return cols / unitElements(dtype) * unitBytes(dtype); }
    [[nodiscard]] StoredRows part(std::size_t first, std::size_t count) const
    {
        StoredRows out{dtype, bytes + first * rowBytes(), count, cols, factors};
        out.factors.firstRow += first;
        return out;
    }
};
[[nodiscard]] bool multiplies(DType dtype); // the types above without factors beside them

// out[i·outStride + r] = weights row r · x row i, in single precision. x (count, cols), rows xStride apart.
void dotRows(const StoredRows& weights, const float* x, std::size_t count, std::size_t xStride, float* out, std::size_t outStride);
// The stored values in single precision, exactly. out (rows, cols).
void widen(const StoredRows& weights, float* out);
// … rounded to BF16, nearest even.
void widenToBf16(const StoredRows& weights, std::uint16_t* out);
void roundToBf16(std::span<const float> x, std::uint16_t* out);

[[nodiscard]] float dot(const float* a, const float* b, std::size_t n);
void addScaled(float* out, const float* x, float scale, std::size_t n); // out += scale·x
// The same for `count` rows of n elements, stride apart: out[i] = a · row i, and out += Σ factors[i]·row i in this order.
void dots(const float* a, const float* rows, std::size_t stride, std::size_t count, std::size_t n, float* out);
void addScaledRows(float* out, const float* rows, std::size_t stride, const float* factors, std::size_t count, std::size_t n);
void add(float* out, const float* x, std::size_t n);
void scale(float* x, float factor, std::size_t n);

// x / sqrt(mean(x²) + epsilon) · gain
void rmsNorm(const float* x, const float* gain, float epsilon, std::size_t n, float* out);
// (x − mean) / sqrt(variance + epsilon) · gain + bias
void layerNorm(const float* x, const float* gain, const float* bias, float epsilon, std::size_t n, float* out);
void softmax(float* x, std::size_t n);             // in place; n > 0
void softCap(float* x, float cap, std::size_t n);  // cap·tanh(x / cap)
void activate(Activation activation, float* x, std::size_t n);                  // f(x)
void gate(Activation activation, float* x, const float* up, std::size_t n);     // f(x) ⊙ up
// Turns the first 2·half elements by the angles whose cosines and sines are given.
void rotate(float* x, const float* cosines, const float* sines, std::size_t half, bool neighbours);

// log Σ exp(x); NaN when one is NaN.
[[nodiscard]] double logSumExp(const float* x, std::size_t n);
// Kullback-Leibler divergence Σ p (log p − log q) in nats of the distributions with these logits, whose logSumExp are given.
// Summed as p (δ + e^−δ − 1), δ = log p − log q: no term is negative, so that small divergences do not drown in rounding.
[[nodiscard]] double divergence(const float* p, double pLogSum, const float* q, double qLogSum, std::size_t n);

} // namespace wb::kernels
