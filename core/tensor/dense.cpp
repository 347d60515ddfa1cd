#include "core/tensor/dense.h"

#include <algorithm>
#include <cblas.h>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

namespace wb::dense {
namespace {

// OpenBLAS decides when it is loaded which kernels it uses: for CPUs younger than itself the slowest (0.3.21 on models of 2023: wb spectrum
// took 2.3 times as long), or takes what the environment says for other programs' sake. So it is told what the instructions allow, in a
// variable of the environment, before another thread can read that, and is loaded when it is needed. One thread: ours call it, and its own would sum in another order on
// other machines.
const bool toldOpenBlas = [] {
    ::setenv("OPENBLAS_NUM_THREADS", "1", 1);
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd");
    if (wide || (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")))
        ::setenv("OPENBLAS_CORETYPE", wide ? "SKYLAKEX" : "HASWELL", 1);
#endif
    return true;
}();

struct Library {
    decltype(&cblas_dsyrk) dsyrk;
    decltype(&cblas_dgemm) dgemm;
    decltype(&cblas_dtrsm) dtrsm;
    void (*dpotrf)(const char* uplo, const int* n, double* a, const int* lda, int* info);
    // LAPACK: symmetric eigenvalues, alone by reduction to a tridiagonal matrix and square-root-free QR, with vectors by divide and conquer …
    void (*dsytrd)(const char* uplo, const int* n, double* a, const int* lda, double* d, double* e, double* tau, double* work, const int* lwork, int* info);
    void (*dsterf)(const int* n, double* d, double* e, int* info);
    void (*dsyevd)(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w, double* work, const int* lwork, int* iwork,
                   const int* liwork, int* info);
    // … singular values; QR by Householder reflections and its Q.
    void (*dgesdd)(const char* jobz, const int* m, const int* n, double* a, const int* lda, double* s, double* u, const int* ldu, double* vt, const int* ldvt,
                   double* work, const int* lwork, int* iwork, int* info);
    void (*dgelqf)(const int* m, const int* n, double* a, const int* lda, double* tau, double* work, const int* lwork, int* info);
    void (*dorglq)(const int* m, const int* n, const int* k, double* a, const int* lda, const double* tau, double* work, const int* lwork, int* info);
};

[[noreturn]] void isMissing()
{
    std::fprintf(stderr, "OpenBLAS cannot be used, which is part of the installation: %s\n", ::dlerror());
    std::abort();
}

Library load()
{
    void* file = ::dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (file == nullptr)
        isMissing();
    Library out{};
    const auto find = [&](auto& function, const char* name) {
        void* found = ::dlsym(file, name);
        if (found == nullptr)
            isMissing();
        function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(found);
    };
    find(out.dsyrk, "cblas_dsyrk");
    find(out.dgemm, "cblas_dgemm");
    find(out.dtrsm, "cblas_dtrsm");
    find(out.dpotrf, "dpotrf_");
    find(out.dsytrd, "dsytrd_");
    find(out.dsterf, "dsterf_");
    find(out.dsyevd, "dsyevd_");
    find(out.dgesdd, "dgesdd_");
    find(out.dgelqf, "dgelqf_");
    find(out.dorglq, "dorglq_");
    return out;
}

const Library& library()
{
    static const Library loaded = load();
    return loaded;
}

} // namespace

void addGram(std::span<const double> x, std::size_t rows, std::size_t cols, std::span<double> out)
{
    const auto n = static_cast<blasint>(cols);
    library().dsyrk(CblasRowMajor, CblasLower, CblasTrans, n, static_cast<blasint>(rows), 1, x.data(), n, 1, out.data(), n);
}

void addOuterGram(std::span<const double> x, std::size_t rows, std::size_t cols, std::span<double> out)
{
    const auto n = static_cast<blasint>(rows), k = static_cast<blasint>(cols);
    library().dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, n, k, 1, x.data(), k, 1, out.data(), n);
}

void addCross(std::span<const double> x, std::span<const double> y, std::size_t rows, std::size_t xCols, std::size_t yCols, std::span<double> out)
{
    const auto m = static_cast<blasint>(xCols), n = static_cast<blasint>(yCols);
    library().dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, static_cast<blasint>(rows), 1, x.data(), m, y.data(), n, 1, out.data(), n);
}

void multiply(std::span<const double> a, std::span<const double> b, std::size_t rows, std::size_t inner, std::size_t cols, std::span<double> out)
{
    const auto k = static_cast<blasint>(inner), n = static_cast<blasint>(cols);
    library().dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<blasint>(rows), n, k, 1, a.data(), k, b.data(), n, 0, out.data(), n);
}

std::vector<double> symmetricEigen(std::vector<double>& matrix, std::size_t n, bool vectors)
{
    std::vector<double> values(n);
    if (n == 0)
        return values;
    const int order = static_cast<int>(n), query = -1;
    int info = 0, intSize = 0;
    double size = 0;
    // A row-major lower triangle is a column-major upper one, and a column of eigenvectors is then a row.
    if (!vectors) {
        std::vector<double> beside(n), tau(n);
        library().dsytrd("U", &order, matrix.data(), &order, values.data(), beside.data(), tau.data(), &size, &query, &info);
        const int reduceSize = static_cast<int>(size);
        std::vector<double> room(static_cast<std::size_t>(reduceSize));
        library().dsytrd("U", &order, matrix.data(), &order, values.data(), beside.data(), tau.data(), room.data(), &reduceSize, &info);
        library().dsterf(&order, values.data(), beside.data(), &info);
        return values;
    }
    const char* job = "V";
    library().dsyevd(job, "U", &order, matrix.data(), &order, values.data(), &size, &query, &intSize, &query, &info);
    const int workSize = static_cast<int>(size);
    std::vector<double> work(static_cast<std::size_t>(workSize));
    std::vector<int> intWork(static_cast<std::size_t>(intSize));
    library().dsyevd(job, "U", &order, matrix.data(), &order, values.data(), work.data(), &workSize, intWork.data(), &intSize, &info);
    return values;
}

bool cholesky(std::span<double> matrix, std::size_t n)
{
    const int order = static_cast<int>(n);
    int info = 0;
    library().dpotrf("U", &order, matrix.data(), &order, &info); // the row-major lower triangle
    return info == 0;
}

void solve(std::span<const double> factor, Side side, std::size_t n, std::size_t cols, std::span<double> x)
{
    const auto rows = static_cast<blasint>(n), columns = static_cast<blasint>(cols);
    library().dtrsm(CblasRowMajor, CblasLeft, CblasLower, side == Side::Lower ? CblasNoTrans : CblasTrans, CblasNonUnit, rows, columns, 1, factor.data(), rows,
                    x.data(), columns);
}

std::vector<double> singularValues(std::vector<double>& matrix, std::size_t rows, std::size_t cols)
{
    std::vector<double> values(std::min(rows, cols));
    if (values.empty())
        return values;
    const int m = static_cast<int>(cols), n = static_cast<int>(rows), one = 1, query = -1; // the transpose, column-major
    std::vector<int> intWork(8 * values.size());
    int info = 0;
    double size = 0;
    library().dgesdd("N", &m, &n, matrix.data(), &m, values.data(), nullptr, &one, nullptr, &one, &size, &query, intWork.data(), &info);
    const int workSize = static_cast<int>(size);
    std::vector<double> work(static_cast<std::size_t>(workSize));
    library().dgesdd("N", &m, &n, matrix.data(), &m, values.data(), nullptr, &one, nullptr, &one, work.data(), &workSize, intWork.data(), &info);
    return values;
}

Svd svd(std::vector<double>& matrix, std::size_t rows, std::size_t cols)
{
    const std::size_t smaller = std::min(rows, cols);
    Svd out{std::vector<double>(smaller), std::vector<double>(smaller * rows), std::vector<double>(smaller * cols)};
    if (smaller == 0)
        return out;
    // The transpose, column-major: its left vectors are our right ones, as columns, which are rows to us; its right ones come as the rows of
    // a column-major matrix and are turned.
    const int m = static_cast<int>(cols), n = static_cast<int>(rows), k = static_cast<int>(smaller), query = -1;
    std::vector<int> intWork(8 * smaller);
    std::vector<double> turned(smaller * rows);
    int info = 0;
    double size = 0;
    library().dgesdd("S", &m, &n, matrix.data(), &m, out.values.data(), out.right.data(), &m, turned.data(), &k, &size, &query, intWork.data(), &info);
    const int workSize = static_cast<int>(size);
    std::vector<double> work(static_cast<std::size_t>(workSize));
    library().dgesdd("S", &m, &n, matrix.data(), &m, out.values.data(), out.right.data(), &m, turned.data(), &k, work.data(), &workSize, intWork.data(), &info);
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t i = 0; i < smaller; ++i)
            out.left[i * rows + row] = turned[row * smaller + i];
    return out;
}

void orthonormalise(std::span<double> x, std::size_t rows, std::size_t cols)
{
    const int m = static_cast<int>(cols), n = static_cast<int>(rows), query = -1; // row-major x is column-major xᵀ: its LQ is the QR of x
    std::vector<double> tau(cols);
    int info = 0;
    double size = 0, otherSize = 0;
    library().dgelqf(&m, &n, x.data(), &m, tau.data(), &size, &query, &info);
    library().dorglq(&m, &n, &m, x.data(), &m, tau.data(), &otherSize, &query, &info);
    const int workSize = static_cast<int>(std::max(size, otherSize));
    std::vector<double> work(static_cast<std::size_t>(workSize));
    library().dgelqf(&m, &n, x.data(), &m, tau.data(), work.data(), &workSize, &info);
    library().dorglq(&m, &n, &m, x.data(), &m, tau.data(), work.data(), &workSize, &info);
}

} // namespace wb::dense
