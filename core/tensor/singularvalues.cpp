#include "core/base/progress.h"
#include "core/tensor/dense.h"
#include "core/tensor/openblas.h"

#include <algorithm>

// Everything here is column-major and tall: (m, n), m ≥ n.
namespace wb::dense {
namespace {

constexpr std::size_t largePanels = 64;  // columns of QR between two looks at the progress
constexpr std::size_t fewestInPanels = 128;
constexpr double worthReducing = 11.0 / 6; // rows per column from which QR comes first (as LAPACK's dgesdd, where flops are even)

struct Tall {
    std::vector<double> values;
    std::size_t rows = 0, cols = 0;
};

double* columnOf(std::vector<double>& matrix, std::size_t rows, std::size_t col, std::size_t row) { return matrix.data() + col * rows + row; }

// R in the upper triangle, reflections below it and in the result.
Result<std::vector<double>> reduceRows(Tall& a)
{
    std::vector<double> reflectors(a.cols), work((a.cols + largePanels) * 64);
    const int stride = static_cast<int>(a.rows), room = static_cast<int>(work.size());
    for (std::size_t at = 0; at < a.cols; at += largePanels) {
        if (ProgressScope::cancelled())
            return cancelledError();
        const std::size_t some = std::min(largePanels, a.cols - at);
        const int height = static_cast<int>(a.rows - at), width = static_cast<int>(some), rest = static_cast<int>(a.cols - at - some);
        double* corner = columnOf(a.values, a.rows, at, at);
        int info = 0;
        openBlas().dgeqrf(&height, &width, corner, &stride, reflectors.data() + at, work.data(), &room, &info);
        if (rest > 0)
            openBlas().dormqr("L", "T", &height, &rest, &width, corner, &stride, reflectors.data() + at, columnOf(a.values, a.rows, at + some, at), &stride, work.data(), &room,
                              &info);
    }
    return reflectors;
}

struct Bidiagonal {
    std::vector<double> diagonal, above, left, right; // (n) each: B, and the reflections whose vectors stand in the matrix
};

// A = Q·B·Pᵀ, panels from the first column on; a panel reads the rest of the matrix twice a column.
Result<Bidiagonal> bidiagonal(Tall& a)
{
    const std::size_t m = a.rows, n = a.cols;
    Bidiagonal out{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n), std::vector<double>(n)};
    const std::size_t panel = m * n > (std::size_t{1} << 24) ? 8 : 32; // of 8192 × 8192 it took 0.2 s from Stop to the end
    std::vector<double> x(m * panel), y(n * panel), work(m);
    const int stride = static_cast<int>(m), strideY = static_cast<int>(n), width = static_cast<int>(panel);
    std::size_t at = 0;
    for (; n - at > fewestInPanels; at += panel) {
        if (ProgressScope::cancelled())
            return cancelledError();
        const int height = static_cast<int>(m - at), columns = static_cast<int>(n - at), below = height - width, beside = columns - width;
        openBlas().dlabrd(&height, &columns, &width, columnOf(a.values, m, at, at), &stride, out.diagonal.data() + at, out.above.data() + at, out.left.data() + at,
                          out.right.data() + at, x.data(), &stride, y.data(), &strideY);
        double* rest = columnOf(a.values, m, at + panel, at + panel);
        openBlas().dgemm(CblasColMajor, CblasNoTrans, CblasTrans, below, beside, width, -1, columnOf(a.values, m, at, at + panel), stride, y.data() + panel, strideY, 1,
                         rest, stride);
        openBlas().dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, below, beside, width, -1, x.data() + panel, stride, columnOf(a.values, m, at + panel, at), stride, 1,
                         rest, stride);
        for (std::size_t j = at; j < at + panel; ++j) {
            *columnOf(a.values, m, j, j) = out.diagonal[j];
            *columnOf(a.values, m, j + 1, j) = out.above[j];
        }
    }
    const int height = static_cast<int>(m - at), columns = static_cast<int>(n - at);
    int info = 0;
    openBlas().dgebd2(&height, &columns, columnOf(a.values, m, at, at), &stride, out.diagonal.data() + at, out.above.data() + at, out.left.data() + at,
                      out.right.data() + at, work.data(), &info);
    return out;
}

// The upper triangle alone, square.
Tall triangleOf(const Tall& a)
{
    Tall out{std::vector<double>(a.cols * a.cols), a.cols, a.cols};
    for (std::size_t j = 0; j < a.cols; ++j)
        std::copy_n(a.values.data() + j * a.rows, j + 1, out.values.data() + j * a.cols);
    return out;
}

bool reducesRows(const Tall& a) { return static_cast<double>(a.rows) >= worthReducing * static_cast<double>(a.cols); }

Result<std::vector<double>> valuesOf(Tall a)
{
    if (reducesRows(a)) {
        if (auto reflectors = reduceRows(a); !reflectors)
            return failure(reflectors);
        a = triangleOf(a);
    }
    auto parts = bidiagonal(a);
    if (!parts)
        return failure(parts);
    const int order = static_cast<int>(a.cols), one = 1;
    std::vector<double> work(4 * a.cols);
    std::vector<int> intWork(8 * a.cols);
    int info = 0;
    openBlas().dbdsdc("U", "N", &order, parts->diagonal.data(), parts->above.data(), nullptr, &one, nullptr, &one, nullptr, nullptr, work.data(), intWork.data(), &info);
    return std::move(parts->diagonal);
}

// What a decomposition of a tall matrix has: `left` (m, n) and `turned` = Vᵀ (n, n), column-major.
struct TallSvd {
    std::vector<double> values, left, turned;
};

// B = U·Σ·Vᵀ, then U ← Q·U, Vᵀ ← Vᵀ·Pᵀ.
Result<TallSvd> directions(Tall& a)
{
    auto parts = bidiagonal(a);
    if (!parts)
        return failure(parts);
    const std::size_t m = a.rows, n = a.cols, atOnce = columnsAtOnce(m * n);
    TallSvd out{{}, std::vector<double>(m * n), std::vector<double>(n * n)};
    const int stride = static_cast<int>(m), order = static_cast<int>(n);
    std::vector<double> work(3 * n * n + 4 * n + 64 * m);
    std::vector<int> intWork(8 * n);
    int info = 0;
    openBlas().dbdsdc("U", "I", &order, parts->diagonal.data(), parts->above.data(), out.left.data(), &stride, out.turned.data(), &order, nullptr, nullptr, work.data(),
                      intWork.data(), &info);
    const int room = static_cast<int>(64 * m);
    for (std::size_t first = 0; first < n; first += atOnce) {
        if (ProgressScope::cancelled())
            return cancelledError();
        const int some = static_cast<int>(std::min(atOnce, n - first));
        openBlas().dormbr("Q", "L", "N", &stride, &some, &order, a.values.data(), &stride, parts->left.data(), out.left.data() + first * m, &stride, work.data(), &room, &info);
        openBlas().dormbr("P", "R", "T", &some, &order, &order, a.values.data(), &stride, parts->right.data(), out.turned.data() + first, &order, work.data(), &room, &info);
    }
    out.values = std::move(parts->diagonal);
    return out;
}

Result<TallSvd> svdOf(Tall a)
{
    if (!reducesRows(a))
        return directions(a);
    auto reflectors = reduceRows(a);
    if (!reflectors)
        return failure(reflectors);
    Tall triangle = triangleOf(a);
    auto out = directions(triangle);
    if (!out)
        return failure(out);
    const std::size_t m = a.rows, n = a.cols, atOnce = columnsAtOnce(m * n);
    std::vector<double> left(m * n), work(64 * (n + 64));
    const int stride = static_cast<int>(m), order = static_cast<int>(n), room = static_cast<int>(work.size());
    for (std::size_t first = 0; first < n; first += atOnce) {
        if (ProgressScope::cancelled())
            return cancelledError();
        const std::size_t some = std::min(atOnce, n - first);
        for (std::size_t j = first; j < first + some; ++j)
            std::copy_n(out->left.data() + j * n, n, left.data() + j * m);
        const int columns = static_cast<int>(some);
        int info = 0;
        openBlas().dormqr("L", "N", &stride, &columns, &order, a.values.data(), &stride, reflectors->data(), left.data() + first * m, &stride, work.data(), &room, &info);
    }
    out->left = std::move(left);
    return out;
}

// (rows, cols) row-major to (cols, rows) row-major.
std::vector<double> turned(const std::vector<double>& matrix, std::size_t rows, std::size_t cols)
{
    constexpr std::size_t block = 32; // of which both sides stay in the first-level cache
    std::vector<double> out(matrix.size());
    for (std::size_t top = 0; top < rows; top += block)
        for (std::size_t left = 0; left < cols; left += block)
            for (std::size_t row = top; row < std::min(rows, top + block); ++row)
                for (std::size_t col = left; col < std::min(cols, left + block); ++col)
                    out[col * rows + row] = matrix[row * cols + col];
    return out;
}

// A row-major matrix is its transpose, column-major: tall when it is wide.
Tall tallOf(std::vector<double>& matrix, std::size_t rows, std::size_t cols)
{
    return cols >= rows ? Tall{std::move(matrix), cols, rows} : Tall{turned(matrix, rows, cols), rows, cols};
}

} // namespace

Result<std::vector<double>> singularValues(std::vector<double>& matrix, std::size_t rows, std::size_t cols)
{
    return matrix.empty() ? std::vector<double>() : valuesOf(tallOf(matrix, rows, cols));
}

Result<Svd> svd(std::vector<double>& matrix, std::size_t rows, std::size_t cols)
{
    if (matrix.empty())
        return Svd();
    auto parts = svdOf(tallOf(matrix, rows, cols));
    if (!parts)
        return failure(parts);
    const std::size_t n = std::min(rows, cols);
    std::vector<double> others = turned(parts->turned, n, n); // a column of Vᵀ holds one element of each vector
    if (cols >= rows)
        return Svd{std::move(parts->values), std::move(others), std::move(parts->left)};
    return Svd{std::move(parts->values), std::move(parts->left), std::move(others)};
}

} // namespace wb::dense
