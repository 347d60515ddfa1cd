#include "core/analysis/sumsofproducts.h"

#include "core/analysis/digitsums.h"
#include "core/tensor/dense.h"

#include <algorithm>

namespace wb::sums {
namespace {

bool onTiles(std::size_t depth) { return kernels::hasTiles() && depth <= DigitVectors::deepest; }

} // namespace

void addGram(std::span<const double> x, std::size_t rows, std::size_t cols, std::span<double> out)
{
    if (!onTiles(rows))
        return dense::addGram(x, rows, cols, out);
    DigitVectors columns;
    columns.hold(x, rows, cols, cols, 1);
    addProducts(columns, columns, DigitBlocks::Lower, out);
}

void addOuterGram(std::span<const double> x, std::size_t rows, std::size_t cols, std::span<double> out)
{
    if (!onTiles(cols))
        return dense::addOuterGram(x, rows, cols, out);
    DigitVectors each;
    each.hold(x, cols, rows, 1, cols);
    addProducts(each, each, DigitBlocks::Lower, out);
}

void addCross(std::span<const double> x, std::span<const double> y, std::size_t rows, std::size_t xCols, std::size_t yCols, std::span<double> out)
{
    if (!onTiles(rows))
        return dense::addCross(x, y, rows, xCols, yCols, out);
    DigitVectors first, second;
    first.hold(x, rows, xCols, xCols, 1);
    second.hold(y, rows, yCols, yCols, 1);
    addProducts(first, second, DigitBlocks::All, out);
}

void multiply(std::span<const double> a, std::span<const double> b, std::size_t rows, std::size_t inner, std::size_t cols, std::span<double> out)
{
    if (!onTiles(inner))
        return dense::multiply(a, b, rows, inner, cols, out);
    DigitVectors first, second;
    first.hold(a, inner, rows, 1, inner);
    second.hold(b, inner, cols, cols, 1);
    std::ranges::fill(out, 0.0);
    addProducts(first, second, DigitBlocks::All, out);
}

} // namespace wb::sums
