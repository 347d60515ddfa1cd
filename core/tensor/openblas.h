// OpenBLAS with its LAPACK, loaded when it is first needed: what core/tensor's dense algebra is made of, and nobody else calls. LAPACK's
// matrices are column-major: a row-major matrix is its transpose to it, and a lower triangle an upper one.
#pragma once

#include <cblas.h>

namespace wb::dense {

struct OpenBlas {
    decltype(&cblas_dsyrk) dsyrk;
    decltype(&cblas_dgemm) dgemm;
    decltype(&cblas_dtrsm) dtrsm;
    decltype(&cblas_dsyr2k) dsyr2k;
    // Cholesky.
    void (*dpotrf)(const char* uplo, const int* n, double* a, const int* lda, int* info);
    // Symmetric eigenvalues: reduction to a tridiagonal matrix, a panel of columns and without panels; QR without square roots; divide and
    // conquer with vectors; the reduction's Q applied to them.
    void (*dlatrd)(const char* uplo, const int* n, const int* nb, double* a, const int* lda, double* e, double* tau, double* w, const int* ldw);
    void (*dsytd2)(const char* uplo, const int* n, double* a, const int* lda, double* d, double* e, double* tau, int* info);
    void (*dsterf)(const int* n, double* d, double* e, int* info);
    void (*dstedc)(const char* compz, const int* n, double* d, double* e, double* z, const int* ldz, double* work, const int* lwork, int* iwork, const int* liwork,
                   int* info);
    void (*dormtr)(const char* side, const char* uplo, const char* trans, const int* m, const int* n, double* a, const int* lda, const double* tau, double* c,
                   const int* ldc, double* work, const int* lwork, int* info);
    // Singular values: reduction to a bidiagonal matrix likewise, divide and conquer, the reduction's Q or Pᵀ applied.
    void (*dlabrd)(const int* m, const int* n, const int* nb, double* a, const int* lda, double* d, double* e, double* tauq, double* taup, double* x, const int* ldx,
                   double* y, const int* ldy);
    void (*dgebd2)(const int* m, const int* n, double* a, const int* lda, double* d, double* e, double* tauq, double* taup, double* work, int* info);
    void (*dbdsdc)(const char* uplo, const char* compq, const int* n, double* d, double* e, double* u, const int* ldu, double* vt, const int* ldvt, double* q, int* iq,
                   double* work, int* iwork, int* info);
    void (*dormbr)(const char* vect, const char* side, const char* trans, const int* m, const int* n, const int* k, double* a, const int* lda, const double* tau,
                   double* c, const int* ldc, double* work, const int* lwork, int* info);
    // QR by Householder reflections, its Q applied; LQ and its Q.
    void (*dgeqrf)(const int* m, const int* n, double* a, const int* lda, double* tau, double* work, const int* lwork, int* info);
    void (*dormqr)(const char* side, const char* trans, const int* m, const int* n, const int* k, double* a, const int* lda, const double* tau, double* c,
                   const int* ldc, double* work, const int* lwork, int* info);
    void (*dgelqf)(const int* m, const int* n, double* a, const int* lda, double* tau, double* work, const int* lwork, int* info);
    void (*dorglq)(const int* m, const int* n, const int* k, double* a, const int* lda, const double* tau, double* work, const int* lwork, int* info);
};

// A program without the library ends with a message when it comes here.
[[nodiscard]] const OpenBlas& openBlas();

} // namespace wb::dense
