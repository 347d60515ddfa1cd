#include "core/analysis/statesums.h"

#include "core/base/parallel.h"
#include "core/tensor/dense.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wb {
namespace {

constexpr std::size_t columnsEach = 64, rowsEach = 64; // of a task

bool onTiles(std::uint64_t rows) { return kernels::hasTiles() && rows <= DigitVectors::deepest; }

// ‖y − x‖ and ‖y‖ of a token's states, which stand shifted; four running sums each, which the compiler keeps in vectors.
std::pair<double, double> lengthsOf(const double* x, const double* y, const std::vector<double>& shiftX, const std::vector<double>& shiftY)
{
    constexpr std::size_t lanes = 4;
    std::array<double, lanes> added{}, length{};
    for (std::size_t c = 0; c < shiftX.size(); ++c) {
        const double to = y[c] + shiftY[c], step = to - (x[c] + shiftX[c]);
        added[c % lanes] += step * step;
        length[c % lanes] += to * to;
    }
    return {std::sqrt(added[0] + added[1] + added[2] + added[3]), std::sqrt(length[0] + length[1] + length[2] + length[3])};
}

} // namespace

void TextSums::add(const std::vector<std::vector<float>>& states, std::size_t skip)
{
    std::vector<std::span<const float>> counted;
    for (const std::vector<float>& state : states)
        counted.push_back(std::span(state).subspan(skip * m_width));
    const std::size_t rows = counted.front().size() / m_width;
    if (onTiles(rows))
        addOnTiles(counted, rows);
    else
        addOnVectors(counted, rows);
}

void TextSums::addOnVectors(const std::vector<std::span<const float>>& states, std::size_t rows)
{
    m_shifted.resize(states.size());
    parallelFor(states.size(), [&](std::size_t s) {
        m_shifted[s].resize(rows * m_width);
        begin(s, states[s], rows);
        shift(s, states[s], rows, 0, m_width, m_shifted[s]);
        dense::addGram(m_shifted[s], rows, m_width, m_states[s].gram);
    });
    parallelFor(m_pairs.size(), [&](std::size_t p) {
        dense::addCross(m_shifted[p], m_shifted[p + 1], rows, m_width, m_width, m_pairs[p].cross);
        addLengths(p, m_shifted[p], m_shifted[p + 1], rows);
    });
}

// One state after the other, its work spread over the threads: only two stand in digits at a time.
void TextSums::addOnTiles(const std::vector<std::span<const float>>& states, std::size_t rows)
{
    m_shifted.resize(2);
    for (std::size_t s = 0; s < states.size(); ++s) {
        std::vector<double>& shifted = m_shifted[s % 2];
        DigitVectors &digits = m_digits[s % 2], &before = m_digits[(s + 1) % 2];
        shifted.resize(rows * m_width);
        begin(s, states[s], rows);
        parallelFor((m_width + columnsEach - 1) / columnsEach,
                    [&](std::size_t task) { shift(s, states[s], rows, task * columnsEach, std::min(m_width, (task + 1) * columnsEach), shifted); });
        digits.hold(shifted, rows, m_width, m_width, 1);
        addProducts(digits, digits, DigitBlocks::Lower, m_states[s].gram);
        if (s > 0) {
            addProducts(before, digits, DigitBlocks::All, m_pairs[s - 1].cross);
            addLengths(s - 1, m_shifted[(s + 1) % 2], shifted, rows);
        }
    }
}

void TextSums::begin(std::size_t state, std::span<const float> values, std::size_t rows)
{
    StateSums& sums = m_states[state];
    if (!sums.shift.empty())
        return;
    sums.shift.assign(m_width, 0);
    sums.sum.assign(m_width, 0);
    sums.gram.assign(m_width * m_width, 0);
    if (state > 0)
        m_pairs[state - 1].cross.assign(m_width * m_width, 0);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < m_width; ++c)
            sums.shift[c] += values[r * m_width + c] / static_cast<double>(rows);
}

void TextSums::shift(std::size_t state, std::span<const float> values, std::size_t rows, std::size_t first, std::size_t last, std::vector<double>& out)
{
    StateSums& sums = m_states[state];
    for (std::size_t block = first; block < last; block += columnsEach) {
        const std::size_t some = std::min(columnsEach, last - block);
        std::array<double, columnsEach> by{}, total{}; // apart from what is written, so that the compiler keeps them in vectors
        std::copy_n(sums.shift.begin() + static_cast<std::ptrdiff_t>(block), some, by.begin());
        for (std::size_t r = 0; r < rows; ++r) {
            const float* from = values.data() + r * m_width + block;
            double* to = out.data() + r * m_width + block;
            for (std::size_t c = 0; c < some; ++c) {
                const double value = from[c] - by[c];
                to[c] = value;
                total[c] += value;
            }
        }
        for (std::size_t c = 0; c < some; ++c)
            sums.sum[block + c] += total[c];
    }
}

void TextSums::addLengths(std::size_t pair, const std::vector<double>& x, const std::vector<double>& y, std::size_t rows)
{
    std::vector<std::pair<double, double>> sums((rows + rowsEach - 1) / rowsEach);
    parallelFor(sums.size(), [&](std::size_t task) {
        for (std::size_t r = task * rowsEach; r < std::min(rows, (task + 1) * rowsEach); ++r) {
            const auto [added, length] = lengthsOf(x.data() + r * m_width, y.data() + r * m_width, m_states[pair].shift, m_states[pair + 1].shift);
            sums[task].first += added;
            sums[task].second += length;
        }
    });
    for (const auto& [added, length] : sums) {
        m_pairs[pair].added += added;
        m_pairs[pair].after += length;
    }
}

bool TextSums::finite() const
{
    return std::ranges::all_of(m_states, [](const StateSums& sums) { return std::ranges::all_of(sums.sum, [](double value) { return std::isfinite(value); }); });
}

std::uint64_t TextSums::bytes(std::uint64_t states, std::uint64_t width, std::uint64_t window)
{
    const bool tiles = onTiles(window);
    return (states * 2 * width * width + (tiles ? 2 : states) * window * width) * sizeof(double) + (tiles ? 2 * DigitVectors::bytes(window, width) : 0);
}

} // namespace wb
