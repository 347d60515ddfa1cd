#include "core/base/progress.h"
#include "core/tensor/dense.h"
#include "core/tensor/openblas.h"

#include <algorithm>

namespace wb::dense {
namespace {

// Columns that are reduced between two looks at the progress: of a matrix of 8192 it took at most 0.4 s from Stop to the end.
constexpr std::size_t panel = 32;
constexpr std::size_t fewestInPanels = 64; // a smaller rest is reduced one by one

struct Tridiagonal {
    std::vector<double> diagonal, beside, reflectors; // (n) each; one less beside it
};

// A = Q·T·Qᵀ by Householder reflections, from the last column to the first: those of a panel are gathered, then the columns before it take
// their change as one product of rank 2·panel (Dongarra, Sorensen & Hammarling 1989). What makes Q is left in `matrix`.
Result<Tridiagonal> tridiagonal(std::vector<double>& matrix, std::size_t n)
{
    Tridiagonal out{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n)};
    const int order = static_cast<int>(n), width = static_cast<int>(panel);
    std::vector<double> change(n * panel);
    std::size_t left = n;
    for (; left > fewestInPanels; left -= panel) {
        if (ProgressScope::cancelled())
            return cancelledError();
        const int columns = static_cast<int>(left), before = columns - width;
        double* gathered = matrix.data() + static_cast<std::size_t>(before) * n;
        openBlas().dlatrd("U", &columns, &width, matrix.data(), &order, out.beside.data(), out.reflectors.data(), change.data(), &order);
        openBlas().dsyr2k(CblasColMajor, CblasUpper, CblasNoTrans, before, width, -1, gathered, order, change.data(), order, 1, matrix.data(), order);
        for (std::size_t j = left - panel; j < left; ++j) {
            matrix[j * n + j - 1] = out.beside[j - 1];
            out.diagonal[j] = matrix[j * n + j];
        }
    }
    const int rest = static_cast<int>(left);
    int info = 0;
    openBlas().dsytd2("U", &rest, matrix.data(), &order, out.diagonal.data(), out.beside.data(), out.reflectors.data(), &info);
    return out;
}

// Eigenvectors of T become those of A, some at a time.
Result<void> applyReflectors(std::vector<double>& matrix, const Tridiagonal& parts, std::size_t n, std::vector<double>& vectors)
{
    const std::size_t atOnce = columnsAtOnce(n * n);
    const int order = static_cast<int>(n), room = static_cast<int>(n * 64);
    std::vector<double> work(n * 64);
    for (std::size_t first = 0; first < n; first += atOnce) {
        if (ProgressScope::cancelled())
            return cancelledError();
        const int columns = static_cast<int>(std::min(atOnce, n - first));
        int info = 0;
        openBlas().dormtr("L", "U", "N", &order, &columns, matrix.data(), &order, parts.reflectors.data(), vectors.data() + first * n, &order, work.data(), &room, &info);
    }
    return {};
}

} // namespace

Result<std::vector<double>> symmetricEigen(std::vector<double>& matrix, std::size_t n, bool vectors)
{
    if (n == 0)
        return std::vector<double>();
    auto parts = tridiagonal(matrix, n);
    if (!parts)
        return failure(parts);
    const int order = static_cast<int>(n);
    int info = 0;
    if (!vectors) {
        openBlas().dsterf(&order, parts->diagonal.data(), parts->beside.data(), &info);
        return std::move(parts->diagonal);
    }
    std::vector<double> out(n * n), work(1 + 4 * n + n * n);
    std::vector<int> intWork(3 + 5 * n);
    const int room = static_cast<int>(work.size()), intRoom = static_cast<int>(intWork.size());
    openBlas().dstedc("I", &order, parts->diagonal.data(), parts->beside.data(), out.data(), &order, work.data(), &room, intWork.data(), &intRoom, &info);
    if (auto done = applyReflectors(matrix, *parts, n, out); !done)
        return failure(done);
    matrix = std::move(out);
    return std::move(parts->diagonal);
}

} // namespace wb::dense
