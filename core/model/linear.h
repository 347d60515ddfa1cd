// A matrix of the model (out, in) as the engine holds it: stored rows of one or more tensors put together, each part in its
// stored type, so that staged edits replace a part and nothing is converted.
#pragma once

#include "core/model/kernels.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace wb {

// What products are computed in. F32: stored weights widened exactly, all arithmetic in single precision. Stored: large
// products with activations rounded to BF16 where the weights are BF16; accumulation in single precision. What rounding takes
// away is multiplied too for the columns in which it would show in the logits (roundedrows.h). Quantised weights have more bits
// than BF16 keeps: large products are those of F32, those of a few rows take activations in fixed point (fixedkernels.h). On CPUs with
// tiles (tilekernels.h) large products, and those of a few rows by BF16, take factors as sums of 3 numbers in BF16, of 2 in Stored.
enum class Precision : std::uint8_t { F32, Stored };
[[nodiscard]] const char* precisionName(Precision precision); // "f32", "stored"

// Rows of one stored tensor in memory. Shared between models whose fingerprints of them are equal.
struct Segment {
    kernels::StoredRows stored;
    std::string key; // equal only for equal bytes
    std::shared_ptr<std::byte> memory;
    std::vector<float> factors = {}; // that stored.factors points to
    mutable std::once_flag looked = {};               // columnWeights()
    mutable std::vector<float> columnSquares = {};
};
using SegmentPtr = std::shared_ptr<const Segment>;

struct Linear {
    std::vector<SegmentPtr> segments;
    std::vector<float> bias; // (rows), or empty
    std::size_t rows = 0, cols = 0;
    double restShare = 0; // of the columns: those whose rounding Stored makes good

    // One stored row in single precision. out (cols)
    void row(std::size_t index, float* out) const;
};

// How rows of x are multiplied. RowByRow gives a row of x the same bits in any company; Blocks is faster for many rows.
enum class Product : std::uint8_t { RowByRow, Blocks };

// out[i·outStride + r] = matrix row r · x row i + bias[r]; x (count, cols) with rows xStride apart. The same bits on any
// number of threads.
void multiply(const Linear& matrix, const float* x, std::size_t count, std::size_t xStride, float* out, std::size_t outStride,
              Precision precision, Product product);

// c (m, n) = a (m, k) · b or bᵀ, single precision, in the calling thread. Leading dimensions in elements.
void matrixProduct(bool transposeB, std::size_t m, std::size_t n, std::size_t k, const float* a, std::size_t lda, const float* b,
                   std::size_t ldb, float* c, std::size_t ldc);

} // namespace wb
