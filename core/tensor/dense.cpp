#include "core/tensor/dense.h"

#include "core/base/progress.h"
#include "core/tensor/openblas.h"

#include <algorithm>

namespace wb::dense {

void addGram(std::span<const double> x, std::size_t rows, std::size_t cols, std::span<double> out)
{
    const auto n = static_cast<blasint>(cols);
    openBlas().dsyrk(CblasRowMajor, CblasLower, CblasTrans, n, static_cast<blasint>(rows), 1, x.data(), n, 1, out.data(), n);
}

void addOuterGram(std::span<const double> x, std::size_t rows, std::size_t cols, std::span<double> out)
{
    const auto n = static_cast<blasint>(rows), k = static_cast<blasint>(cols);
    openBlas().dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, n, k, 1, x.data(), k, 1, out.data(), n);
}

void addCross(std::span<const double> x, std::span<const double> y, std::size_t rows, std::size_t xCols, std::size_t yCols, std::span<double> out)
{
    const auto m = static_cast<blasint>(xCols), n = static_cast<blasint>(yCols);
    openBlas().dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, static_cast<blasint>(rows), 1, x.data(), m, y.data(), n, 1, out.data(), n);
}

void multiply(std::span<const double> a, std::span<const double> b, std::size_t rows, std::size_t inner, std::size_t cols, std::span<double> out)
{
    const auto k = static_cast<blasint>(inner), n = static_cast<blasint>(cols);
    openBlas().dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<blasint>(rows), n, k, 1, a.data(), k, b.data(), n, 0, out.data(), n);
}

Result<std::vector<double>> smallerGram(std::span<const double> matrix, std::size_t rows, std::size_t cols)
{
    const std::size_t n = std::min(rows, cols), longer = std::max(rows, cols), each = columnsAtOnce(n * n / 2);
    std::vector<double> gram(n * n);
    for (std::size_t at = 0; at < longer; at += each) {
        if (ProgressScope::cancelled())
            return cancelledError();
        const std::size_t some = std::min(each, longer - at);
        if (cols <= rows)
            addGram(matrix.subspan(at * cols, some * cols), some, cols, gram);
        else
            openBlas().dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, static_cast<blasint>(n), static_cast<blasint>(some), 1, matrix.data() + at, static_cast<blasint>(cols), 1,
                             gram.data(), static_cast<blasint>(n));
    }
    return gram;
}

bool cholesky(std::span<double> matrix, std::size_t n)
{
    const int order = static_cast<int>(n);
    int info = 0;
    openBlas().dpotrf("U", &order, matrix.data(), &order, &info); // the row-major lower triangle
    return info == 0;
}

Result<void> solve(std::span<const double> factor, Side side, std::size_t n, std::size_t cols, std::span<double> x)
{
    const auto rows = static_cast<blasint>(n), stride = static_cast<blasint>(cols);
    const std::size_t each = columnsAtOnce(n * n / 2);
    for (std::size_t first = 0; first < cols; first += each) {
        if (ProgressScope::cancelled())
            return cancelledError();
        openBlas().dtrsm(CblasRowMajor, CblasLeft, CblasLower, side == Side::Lower ? CblasNoTrans : CblasTrans, CblasNonUnit, rows,
                         static_cast<blasint>(std::min(each, cols - first)), 1, factor.data(), rows, x.data() + first, stride);
    }
    return {};
}

void orthonormalise(std::span<double> x, std::size_t rows, std::size_t cols)
{
    const int m = static_cast<int>(cols), n = static_cast<int>(rows), query = -1; // row-major x is column-major xᵀ: its LQ is the QR of x
    std::vector<double> tau(cols);
    int info = 0;
    double size = 0, otherSize = 0;
    openBlas().dgelqf(&m, &n, x.data(), &m, tau.data(), &size, &query, &info);
    openBlas().dorglq(&m, &n, &m, x.data(), &m, tau.data(), &otherSize, &query, &info);
    const int workSize = static_cast<int>(std::max(size, otherSize));
    std::vector<double> work(static_cast<std::size_t>(workSize));
    openBlas().dgelqf(&m, &n, x.data(), &m, tau.data(), work.data(), &workSize, &info);
    openBlas().dorglq(&m, &n, &m, x.data(), &m, tau.data(), work.data(), &workSize, &info);
}

std::size_t columnsAtOnce(std::size_t products)
{
    constexpr std::size_t quarterSecond = std::size_t{1} << 33;
    return std::max<std::size_t>(64, quarterSecond / std::max<std::size_t>(1, products));
}

} // namespace wb::dense
