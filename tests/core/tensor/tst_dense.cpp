// Decompositions by what they must fulfil, at sizes on both sides of every panel; that they end when the call they work for is cancelled.
#include "core/base/parallel.h"
#include "core/base/progress.h"
#include "core/base/random.h"
#include "core/tensor/dense.h"

#include <QtTest>

#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

using namespace wb;

namespace {

std::vector<double> randomMatrix(std::size_t rows, std::size_t cols, std::uint64_t seed)
{
    std::vector<double> out(rows * cols);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = 2 * uniform(seed, 0, i) - 1;
    return out;
}

double frobenius(const std::vector<double>& values)
{
    double squares = 0;
    for (const double value : values)
        squares += value * value;
    return std::sqrt(squares);
}

// ‖VVᵀ − 1‖ of the rows of a matrix (rows, cols).
double offOrthonormal(const std::vector<double>& v, std::size_t rows, std::size_t cols)
{
    std::vector<double> products(rows * rows);
    dense::addOuterGram(v, rows, cols, products);
    for (std::size_t i = 0; i < rows; ++i)
        products[i * rows + i] -= 1;
    return frobenius(products);
}

constexpr double small = 1e-13;

} // namespace

class TestDense : public QObject {
    Q_OBJECT

private slots:
    void eigenvaluesAndVectorsMakeTheMatrix()
    {
        for (const std::size_t n : {1, 2, 63, 64, 65, 96, 97, 200, 331}) {
            const std::vector<double> x = randomMatrix(n + 7, n, n);
            std::vector<double> gram(n * n);
            dense::addGram(x, n + 7, n, gram);
            std::vector<double> alone = gram, vectors = gram;
            const auto values = *dense::symmetricEigen(alone, n, false), others = *dense::symmetricEigen(vectors, n, true);
            QVERIFY(std::ranges::is_sorted(values));
            std::vector<double> scaled = vectors, made(n * n), difference;
            for (std::size_t i = 0; i < n; ++i) {
                QVERIFY(std::abs(values[i] - others[i]) <= small * values.back());
                for (std::size_t j = 0; j < n; ++j)
                    scaled[i * n + j] *= values[i];
            }
            QVERIFY2(offOrthonormal(vectors, n, n) < small * static_cast<double>(n), qPrintable(QString::number(n)));
            dense::addCross(vectors, scaled, n, n, n, made);
            for (std::size_t i = 0; i < n; ++i)
                for (std::size_t j = 0; j <= i; ++j)
                    difference.push_back(made[i * n + j] - gram[i * n + j]);
            QVERIFY2(frobenius(difference) < small * frobenius(gram), qPrintable(QString::number(n)));
        }
    }

    void singularValuesAndVectorsMakeTheMatrix()
    {
        using Shape = std::pair<std::size_t, std::size_t>;
        for (const auto& [rows, cols] : {Shape(1, 1), Shape(1, 9), Shape(9, 1), Shape(128, 128), Shape(129, 160), Shape(160, 129), Shape(200, 500), Shape(500, 200), Shape(65, 700), Shape(300, 300)}) {
            const std::vector<double> matrix = randomMatrix(rows, cols, 100 * rows + cols);
            std::vector<double> alone = matrix, used = matrix;
            const auto values = *dense::singularValues(alone, rows, cols);
            const dense::Svd svd = *dense::svd(used, rows, cols);
            const std::size_t n = std::min(rows, cols);
            QCOMPARE(values.size(), n);
            QVERIFY(std::ranges::is_sorted(values, std::greater()));
            std::vector<double> scaled = svd.right, made(rows * cols);
            for (std::size_t i = 0; i < n; ++i) {
                QVERIFY(std::abs(values[i] - svd.values[i]) <= small * values.front());
                for (std::size_t j = 0; j < cols; ++j)
                    scaled[i * cols + j] *= svd.values[i];
            }
            const QByteArray shape = QByteArray::number(rows) + " × " + QByteArray::number(cols);
            QVERIFY2(offOrthonormal(svd.left, n, rows) < small * static_cast<double>(n), shape.constData());
            QVERIFY2(offOrthonormal(svd.right, n, cols) < small * static_cast<double>(n), shape.constData());
            dense::addCross(svd.left, scaled, n, rows, cols, made);
            for (std::size_t i = 0; i < made.size(); ++i)
                made[i] -= matrix[i];
            QVERIFY2(frobenius(made) < small * frobenius(matrix), shape.constData());
        }
    }

    // A matrix whose small values a Gram matrix would lose: they keep their digits.
    void smallSingularValuesKeepTheirDigits()
    {
        const std::size_t n = 150;
        std::vector<double> seed = randomMatrix(n, n, 5);
        const dense::Svd basis = *dense::svd(seed, n, n);
        std::vector<double> scaled = basis.right, matrix(n * n);
        const auto wanted = [&](std::size_t i) { return std::pow(10.0, -10.0 * static_cast<double>(i) / (n - 1)); };
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                scaled[i * n + j] *= wanted(i);
        dense::addCross(basis.left, scaled, n, n, n, matrix);
        const auto values = *dense::singularValues(matrix, n, n);
        for (std::size_t i = 0; i < n; ++i)
            QVERIFY(std::abs(values[i] - wanted(i)) < 1e-14);
    }

    void gramOfTheSmallerSide()
    {
        for (const auto& [rows, cols] : {std::pair<std::size_t, std::size_t>(5, 3), std::pair<std::size_t, std::size_t>(3, 5)}) {
            const std::vector<double> x = randomMatrix(rows, cols, 3);
            const auto gram = *dense::smallerGram(x, rows, cols);
            for (std::size_t i = 0; i < 3; ++i)
                for (std::size_t j = 0; j <= i; ++j) {
                    double product = 0;
                    for (std::size_t k = 0; k < 5; ++k)
                        product += cols == 3 ? x[k * 3 + i] * x[k * 3 + j] : x[i * 5 + k] * x[j * 5 + k];
                    QVERIFY(std::abs(gram[i * 3 + j] - product) < 1e-15);
                }
        }
    }

    void endsWhenCancelled()
    {
        Progress progress;
        progress.cancel();
        const ProgressScope scope(progress);
        std::vector<double> matrix = randomMatrix(200, 200, 1);
        QCOMPARE(dense::smallerGram(matrix, 200, 200).error().code, ErrorCode::Cancelled);
        QCOMPARE(dense::symmetricEigen(matrix, 200, true).error().code, ErrorCode::Cancelled);
        QCOMPARE(dense::solve(matrix, dense::Side::Lower, 200, 200, matrix).error().code, ErrorCode::Cancelled);
        std::vector<double> copy = matrix;
        QCOMPARE(dense::singularValues(copy, 200, 200).error().code, ErrorCode::Cancelled);
        QCOMPARE(dense::svd(matrix, 200, 200).error().code, ErrorCode::Cancelled);
    }

    // From another thread, in the middle: one that is not interrupted would take this matrix through.
    void isCancelledOnTheWay()
    {
        Progress progress;
        std::vector<double> matrix = randomMatrix(2000, 2000, 1);
        std::atomic<bool> begun = false;
        std::thread stopper([&] {
            while (!begun)
                std::this_thread::yield();
            std::this_thread::sleep_for(std::chrono::milliseconds(20)); // of a second or so
            progress.cancel();
        });
        const ProgressScope scope(progress);
        begun = true;
        const auto values = dense::symmetricEigen(matrix, 2000, false);
        stopper.join();
        QVERIFY(!values);
        QCOMPARE(values.error().code, ErrorCode::Cancelled);
    }

    void workersKnowWhatTheyWorkFor()
    {
        Progress outer, inner;
        QVERIFY(ProgressScope::current() == nullptr);
        {
            const ProgressScope scope(outer);
            std::atomic<int> same = 0;
            parallelFor(64, [&](std::size_t) { same += ProgressScope::current() == &outer ? 1 : 0; });
            QCOMPARE(same.load(), 64);
            {
                const ProgressScope within(inner);
                QVERIFY(ProgressScope::current() == &inner);
            }
            QVERIFY(ProgressScope::current() == &outer);
        }
        std::atomic<int> none = 0;
        parallelFor(64, [&](std::size_t) { none += ProgressScope::current() == nullptr ? 1 : 0; });
        QCOMPARE(none.load(), 64);
    }
};

QTEST_MAIN(TestDense)
#include "tst_dense.moc"
