// Products in the precision Stored against those in single precision: what is rounded, and what is not.
#include "core/base/parallel.h"
#include "core/model/linear.h"
#include "core/model/tilekernels.h"
#include "core/tensor/decode.h"
#include "tests/support/cpu.h"

#include <QtTest>

#include <cmath>
#include <random>

using namespace wb;

namespace {

constexpr std::size_t rows = 300, cols = 640, count = 290; // more than a block of either
constexpr std::array<std::size_t, 3> peaked = {0, 5, 289};

Linear matrix(double restShare)
{
    std::mt19937 engine(1);
    std::normal_distribution<double> normal;
    Linear out;
    out.rows = rows;
    out.cols = cols;
    out.restShare = restShare;
    for (const std::size_t part : {std::size_t{100}, rows - 100}) {
        const std::shared_ptr<std::byte> memory(new std::byte[part * cols * 2 + 4096], std::default_delete<std::byte[]>()); // prefetches go past its end
        for (std::size_t i = 0; i < part * cols; ++i)
            encode(DType::BF16, normal(engine), memory.get() + 2 * i);
        out.segments.push_back(std::make_shared<Segment>(kernels::StoredRows{DType::BF16, memory.get(), part, cols}, "", memory));
    }
    return out;
}

std::vector<float> inputs()
{
    std::mt19937 engine(2);
    std::normal_distribution<float> normal;
    std::vector<float> x(count * cols);
    for (float& value : x)
        value = normal(engine);
    for (const std::size_t row : peaked)
        x[row * cols + 7] = 1001.3F;
    return x;
}

std::vector<float> product(const Linear& matrix, Precision precision, Product how = Product::Blocks)
{
    const std::vector<float> x = inputs();
    std::vector<float> out(count * rows);
    multiply(matrix, x.data(), count, cols, out.data(), rows, precision, how);
    return out;
}

// Largest error of a row over the norm of its input.
std::vector<double> errors(const std::vector<float>& got, const std::vector<float>& want)
{
    const std::vector<float> x = inputs();
    std::vector<double> list(count);
    for (std::size_t i = 0; i < count; ++i) {
        double squares = 0;
        for (std::size_t k = 0; k < cols; ++k)
            squares += static_cast<double>(x[i * cols + k]) * static_cast<double>(x[i * cols + k]);
        for (std::size_t r = 0; r < rows; ++r)
            list[i] = std::max(list[i], std::abs(static_cast<double>(got[i * rows + r] - want[i * rows + r])) / std::sqrt(squares));
    }
    return list;
}

} // namespace

class TestLinear : public QObject {
    Q_OBJECT
private slots:
    void init() { kernels::forbidTiles(true); } // they lose less, and are looked at below

    void roundsAllWithoutAShare()
    {
        if (!test::hasBf16Products())
            QSKIP("this CPU multiplies no BF16");
        const std::vector<double> error = errors(product(matrix(0), Precision::Stored), product(matrix(0), Precision::F32));
        for (std::size_t i = 0; i < count; ++i) // 2⁻⁹ of each element, some standard deviations of the sum
            QVERIFY(error[i] < 0x1p-6);
        for (const std::size_t row : peaked)
            QVERIFY(error[row] > 0x1p-12); // one element has nearly all of it
    }

    // A tenth of the columns takes the peaked one, and of the others' error only its own share.
    void aShareTakesThePeaks()
    {
        if (!test::hasBf16Products())
            QSKIP("this CPU multiplies no BF16");
        const std::vector<double> all = errors(product(matrix(0), Precision::Stored), product(matrix(0), Precision::F32));
        const std::vector<double> some = errors(product(matrix(0.1), Precision::Stored), product(matrix(0.1), Precision::F32));
        for (const std::size_t row : peaked)
            QVERIFY2(some[row] < all[row] / 16, qPrintable(QStringLiteral("%1 %2").arg(some[row]).arg(all[row])));
    }

    void aWholeShareRoundsNothing()
    {
        const std::vector<double> error = errors(product(matrix(1), Precision::Stored), product(matrix(1), Precision::F32));
        QVERIFY(std::ranges::max(error) < 0x1p-14);
    }

    void anyNumberOfThreadsGivesTheSameBits()
    {
        for (const double share : {0.0, 0.1, 1.0}) {
            setThreadCount(2);
            const std::vector<float> two = product(matrix(share), Precision::Stored);
            setThreadCount(1);
            QVERIFY(product(matrix(share), Precision::Stored) == two);
            setThreadCount(0);
        }
    }

    // Two numbers in BF16 for one of single precision: 2⁻¹⁷ of each element at most, and the peaks are as good as the rest.
    void tilesLoseLittle()
    {
        const std::vector<float> want = product(matrix(0), Precision::F32);
        kernels::forbidTiles(false);
        if (!kernels::hasTiles())
            QSKIP("this CPU has no tiles");
        QVERIFY(std::ranges::max(errors(product(matrix(0), Precision::Stored), want)) < 0x1p-14);
        QVERIFY(std::ranges::max(errors(product(matrix(0), Precision::F32), want)) < 0x1p-18);
        for (const Precision precision : {Precision::F32, Precision::Stored}) {
            setThreadCount(2);
            const std::vector<float> two = product(matrix(0), precision);
            setThreadCount(1);
            QVERIFY(product(matrix(0), precision) == two);
            setThreadCount(0);
            QVERIFY(product(matrix(0), precision, Product::RowByRow) == two); // the same sums, the weights in their place
        }
    }
};

QTEST_APPLESS_MAIN(TestLinear)
#include "tst_linear.moc"
