// Products of quantised rows with activations in fixed point of 16 bits: what a few tokens by a large quantised matrix cost is unpacking its
// codes, and integers unpack fastest (VNNI of AVX-512). A block of 32 activations shares a factor, so that each is off by at most 2⁻¹⁶ of the
// largest beside it; codes and sums are exact.
#pragma once

#include "core/model/kernels.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wb::kernels {

// Rows of activations, (count, cols); cols a multiple of 32. 256 of each row stand behind one another before the next 256, so that what a
// kernel needs at once is together. A value is (256·high + low)·factor.
class FixedRows {
public:
    static constexpr std::size_t groupElements = 256, lanes = 16;
    // Four bytes of one 16 stand beside four of the next, so that a lane of a vector stays within its 16: byte b of number n is
    // high[b / 4][4·laneOf(n) + b % 4], its factor and the sum of its values are at laneOf(n). Zeros stand behind the end of a row; a last
    // group of at most 64 is one vector in order, with its factors four times and its sums at every fourth lane.
    struct alignas(64) Group { // begins at a line of the cache: loads across lines cost twice
        std::int8_t high[4][64], low[4][64];
        float factors[lanes], sums[lanes];
    };
    static constexpr std::size_t laneOf(std::size_t number) { return 4 * (number % 4) + number / 4; }

    FixedRows(const float* x, std::size_t count, std::size_t xStride, std::size_t cols);

    // The groups at columns 256·index … of all rows, one after the other.
    [[nodiscard]] const Group* groups(std::size_t index) const { return m_groups.data() + index * m_count; }
    [[nodiscard]] std::size_t count() const { return m_count; }

private:
    std::size_t m_count;
    std::vector<Group> m_groups;
};

// Whether this CPU has the instructions, and the type is a quantised one.
[[nodiscard]] bool multipliesFixed(DType dtype);
// out[i·outStride + r] = weights row r · x row i. A row of x gets the same bits alone and in company.
void dotFixed(const StoredRows& weights, const FixedRows& x, float* out, std::size_t outStride);

} // namespace wb::kernels
