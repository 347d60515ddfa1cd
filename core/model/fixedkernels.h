// Products of quantised rows with activations in fixed point of 16 bits: what a few tokens by a large quantised matrix cost is unpacking its
// codes, and integers unpack fastest (VNNI of AVX-512). A block of 32 activations shares a factor, so that each is off by at most 2⁻¹⁶ of the
// largest beside it; codes and sums are exact.
#pragma once

#include "core/model/kernels.h"

#include <vector>

namespace wb::kernels {

// Rows of activations, (count, cols); cols a multiple of 32.
class FixedRows {
public:
    FixedRows(const float* x, std::size_t count, std::size_t xStride, std::size_t cols);

    // A value is (256·high + low)·factor. Each row begins at row·stride, a multiple of 256; zeros stand behind its end.
    struct Row {
        const std::int8_t* high = nullptr;
        const std::int8_t* low = nullptr;
        const float* factors = nullptr; // of blocks of 32
        const float* sums = nullptr;    // of the values of each 16
    };
    [[nodiscard]] Row row(std::size_t index) const;
    [[nodiscard]] std::size_t count() const { return m_count; }

private:
    std::size_t m_count, m_stride;
    std::vector<std::int8_t> m_high, m_low;
    std::vector<float> m_factors, m_sums;
};

// Whether this CPU has the instructions, and the type is a quantised one.
[[nodiscard]] bool multipliesFixed(DType dtype);
// out[i·outStride + r] = weights row r · x row i. A row of x gets the same bits alone and in company.
void dotFixed(const StoredRows& weights, const FixedRows& x, float* out, std::size_t outStride);

} // namespace wb::kernels
