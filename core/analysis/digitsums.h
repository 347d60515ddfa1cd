// Sums of products in double precision on tiles (AMX), half as fast again as on vectors: values as whole numbers of 48 bits, cut into six
// digits of eight bits with a sign, whose products are summed exactly. After Ozaki, Ogita, Oishi and Rump, "Error-free transformations of matrix
// multiplication by using fast routines of matrix multiplication", Numerical Algorithms 59 (2012).
#pragma once

#include "core/model/tilekernels.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace wb {

// `count` vectors of `depth` values, each rounded to 2⁻⁴⁸ of about twice its largest value: of vectors whose values are alike that is what summing
// in double precision loses too. Values that are not finite give sums without meaning.
class DigitVectors {
public:
    static constexpr std::size_t deepest = 16384; // values of a vector: sums of more would not fit 32 bits
    static constexpr std::size_t side = 16, stepDepth = 64, digits = 6; // a tile: vectors by values of one digit

    // Value k of vector i: values[k · down + i · across]. On all threads.
    void hold(std::span<const double> values, std::size_t depth, std::size_t count, std::size_t down, std::size_t across);

    // Value k of vector i: values[k · shift.size() + i] − shift[i]; `sums` grow by the sum of each. On all threads.
    void hold(std::span<const float> values, std::span<const double> shift, std::size_t depth, std::span<double> sums);

    // What it holds of so many values; nothing where there are no tiles.
    [[nodiscard]] static std::uint64_t bytes(std::uint64_t depth, std::uint64_t count);

    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::size_t steps() const { return m_steps; }
    // Six tiles, a digit each, the highest first: 16 vectors by 64 values, and the same in the form of the second factor.
    [[nodiscard]] const std::int8_t* first(std::size_t block, std::size_t step) const { return at(m_first, block, step); }
    [[nodiscard]] const std::int8_t* second(std::size_t block, std::size_t step) const { return at(m_second, block, step); }
    [[nodiscard]] const double* units() const { return m_units.data(); } // of each vector, what 1 in its highest digit stands for; zeros up to a whole block

private:
    [[nodiscard]] const std::int8_t* at(const kernels::Lines& tiles, std::size_t block, std::size_t step) const;
    void make(std::size_t depth, std::size_t count);
    template <typename Values> std::array<double, side> fill(const Values& values, std::size_t depth, std::size_t block);

    std::size_t m_count = 0, m_steps = 0;
    std::vector<double> m_units;
    kernels::Lines m_first, m_second;
};

enum class DigitBlocks { All, Lower }; // of a symmetric result: blocks above the diagonal are left alone, those on it are whole

// out(i, j) += a's vector i · b's vector j, (a.count(), b.count()), row-major; both as deep. On all threads; the same bits on any number of them.
// Only where kernels::hasTiles().
void addProducts(const DigitVectors& a, const DigitVectors& b, DigitBlocks blocks, std::span<double> out);

} // namespace wb
