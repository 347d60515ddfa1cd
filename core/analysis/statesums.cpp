#include "core/analysis/statesums.h"

#include "core/base/parallel.h"
#include "core/tensor/dense.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace wb {
namespace {

constexpr std::size_t columnsEach = 64; // shifted at a time

bool onTiles(std::uint64_t rows) { return kernels::hasTiles() && rows <= DigitVectors::deepest; }

// ‖y − x‖ and ‖y‖ of a token's states; eight running sums each, which the compiler keeps in vectors.
std::pair<double, double> lengthsOf(const float* x, const float* y, std::size_t width)
{
    constexpr std::size_t lanes = 8;
    std::array<double, lanes> added{}, length{};
    const auto count = [&](std::size_t c, std::size_t lane) {
        const double to = y[c], step = to - x[c];
        added[lane] += step * step;
        length[lane] += to * to;
    };
    std::size_t c = 0;
    for (; c + lanes <= width; c += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            count(c + lane, lane);
    for (; c < width; ++c)
        count(c, c % lanes);
    return {std::sqrt(std::accumulate(added.begin(), added.end(), 0.0)), std::sqrt(std::accumulate(length.begin(), length.end(), 0.0))};
}

// Neighbouring states that one thread takes, so that they stay with it; not fewer than two, as the first is held for the sake of the second.
std::size_t stretchesOf(std::size_t states) { return std::max<std::size_t>(1, std::min<std::size_t>(threadCount(), states / 2)); }

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
        shift(s, states[s], rows, m_shifted[s]);
        dense::addGram(m_shifted[s], rows, m_width, m_states[s].gram);
    });
    parallelFor(m_pairs.size(), [&](std::size_t p) {
        dense::addCross(m_shifted[p], m_shifted[p + 1], rows, m_width, m_width, m_pairs[p].cross);
        addLengths(p, states[p], states[p + 1], rows);
    });
}

void TextSums::addOnTiles(const std::vector<std::span<const float>>& states, std::size_t rows)
{
    const std::size_t stretches = stretchesOf(states.size());
    m_digits.resize(stretches);
    parallelFor(states.size(), [&](std::size_t s) { begin(s, states[s], rows); });
    parallelFor(stretches, [&](std::size_t stretch) {
        const std::size_t first = stretch * states.size() / stretches, end = (stretch + 1) * states.size() / stretches;
        addStretch(states, rows, first, end, m_digits[stretch]);
    });
}

// Sums of the states from `first` on and their pairs with the ones before them. Only two states stand in digits at a time.
void TextSums::addStretch(const std::vector<std::span<const float>>& states, std::size_t rows, std::size_t first, std::size_t end, std::array<DigitVectors, 2>& digits)
{
    if (first > 0) {
        std::vector<double> counted(m_width); // by the stretch before
        digits[(first - 1) % 2].hold(states[first - 1], m_states[first - 1].shift, rows, counted);
    }
    for (std::size_t s = first; s < end; ++s) {
        DigitVectors &mine = digits[s % 2], &before = digits[(s + 1) % 2];
        mine.hold(states[s], m_states[s].shift, rows, m_states[s].sum);
        addProducts(mine, mine, DigitBlocks::Lower, m_states[s].gram);
        if (s > 0) {
            addProducts(before, mine, DigitBlocks::All, m_pairs[s - 1].cross);
            addLengths(s - 1, states[s - 1], states[s], rows);
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

void TextSums::shift(std::size_t state, std::span<const float> values, std::size_t rows, std::vector<double>& out)
{
    StateSums& sums = m_states[state];
    for (std::size_t block = 0; block < m_width; block += columnsEach) {
        const std::size_t some = std::min(columnsEach, m_width - block);
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

void TextSums::addLengths(std::size_t pair, std::span<const float> x, std::span<const float> y, std::size_t rows)
{
    double all = 0, after = 0;
    for (std::size_t r = 0; r < rows; ++r) {
        const auto [added, length] = lengthsOf(x.data() + r * m_width, y.data() + r * m_width, m_width);
        all += added;
        after += length;
    }
    m_pairs[pair].added += all;
    m_pairs[pair].after += after;
}

bool TextSums::finite() const
{
    return std::ranges::all_of(m_states, [](const StateSums& sums) { return std::ranges::all_of(sums.sum, [](double value) { return std::isfinite(value); }); });
}

std::uint64_t TextSums::bytes(std::uint64_t states, std::uint64_t width, std::uint64_t window)
{
    return states * 2 * width * width * sizeof(double) + (onTiles(window) ? stretchesOf(states) * 2 * DigitVectors::bytes(window, width) : states * window * width * sizeof(double));
}

} // namespace wb
