// The pyramid of a matrix against its elements, whatever its shape and the window.
#include "core/analysis/elementpyramid.h"
#include "tests/support/memorysource.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

namespace wb {
namespace {

struct Case {
    std::uint64_t rows, cols;
    std::size_t maxRows, maxCols, most;
};

SourcePtr sourceOf(test::BuiltTensor tensor) { return std::make_shared<const test::MemorySource>(std::vector{std::move(tensor)}); }

SourcePtr normalSource(std::uint64_t rows, std::uint64_t cols, bool special = false)
{
    std::mt19937 random(static_cast<unsigned>(rows * 31 + cols));
    std::normal_distribution<float> normal;
    std::vector<float> values(rows * cols);
    for (float& value : values)
        value = normal(random);
    if (special && values.size() > 50) {
        values[values.size() / 3] = std::numeric_limits<float>::quiet_NaN();
        values[values.size() / 2] = -std::numeric_limits<float>::infinity();
    }
    return sourceOf({"w", "F32", {rows, cols}, test::f32Bytes(values)});
}

double standingFor(const std::vector<double>& values, Standing standing)
{
    double largest = 0, sum = 0;
    for (const double value : values) {
        sum += value;
        if (!std::isnan(largest) && (std::isnan(value) || std::abs(value) > std::abs(largest))) largest = value;
    }
    return standing == Standing::Mean ? sum / static_cast<double>(values.size()) : largest;
}

bool alike(double a, double b)
{
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
    return a == b || std::abs(a - b) <= 1e-6;
}

} // namespace

class TestElementPyramid : public QObject {
    Q_OBJECT

private slots:
    void equalsTheElements_data()
    {
        QTest::addColumn<Case>("given");
        QTest::newRow("square") << Case{200, 200, 20, 20, 1000};
        QTest::newRow("tall") << Case{3000, 7, 30, 30, 500};
        QTest::newRow("wide") << Case{3, 5003, 30, 60, 700};
        QTest::newRow("one row longer than a read") << Case{1, 300'001, 100, 900, 5000};
        QTest::newRow("rows longer than a read") << Case{6, 140'001, 3, 900, 4000};
        QTest::newRow("one column") << Case{5001, 1, 300, 900, 100};
        QTest::newRow("small: cells are elements") << Case{12, 9, 5, 5, 1000};
        QTest::newRow("primes") << Case{211, 307, 17, 13, 900};
    }

    void equalsTheElements()
    {
        QFETCH(Case, given);
        const SourcePtr source = normalSource(given.rows, given.cols, true);
        const ElementReader elements = *elementsOf(source, 0);
        Progress progress;
        const auto pyramid = *ElementPyramid::build(elements, given.maxRows, given.maxCols, progress, given.most);
        std::mt19937 random(7);
        const auto part = [&](std::uint64_t all) {
            const std::uint64_t first = random() % all;
            return std::pair(first, 1 + random() % (all - first));
        };
        for (int i = 0; i < 40; ++i) {
            MatrixWindow window{0, given.rows, 0, given.cols};
            if (i > 0) {
                std::tie(window.firstRow, window.rows) = part(given.rows);
                std::tie(window.firstCol, window.cols) = part(given.cols);
            }
            for (const Standing standing : {Standing::Largest, Standing::Mean}) {
                const ElementBlock block = pyramid->view(window, given.maxRows, given.maxCols, standing);
                QVERIFY(block.rows <= given.maxRows + 1 && block.cols <= given.maxCols + 1);
                for (std::size_t cell = 0; cell < block.values.size(); ++cell) {
                    const MatrixWindow one{block.window.firstRow + cell / block.cols * block.rowStep, block.rowStep,
                                           block.window.firstCol + cell % block.cols * block.colStep, block.colStep};
                    const double expected = standingFor(readElements(elements, one, block.rowStep, block.colStep, Standing::First, progress)->values, standing);
                    QVERIFY2(alike(block.values[cell], expected), qPrintable(QStringLiteral("%1 for %2").arg(block.values[cell]).arg(expected)));
                }
            }
        }
    }

    void numbersThatF32CannotHoldAreNoInfinities()
    {
        const double values[] = {1e300, -1e-300, 0, 0};
        const SourcePtr source = sourceOf({"w", "F64", {2, 2}, std::string(reinterpret_cast<const char*>(values), sizeof values)});
        Progress progress;
        const auto pyramid = *ElementPyramid::build(*elementsOf(source, 0), 1, 1, progress, 1);
        const double value = pyramid->view({0, 2, 0, 2}, 1, 1, Standing::Largest).values[0];
        QVERIFY(std::isfinite(value) && value > 1e38);
    }

    void saysWhereItIsNotSharp()
    {
        const SourcePtr source = normalSource(512, 512);
        Progress progress;
        const auto pyramid = *ElementPyramid::build(*elementsOf(source, 0), 32, 32, progress, 4096); // cells of 8 × 8
        QVERIFY(pyramid->isSharp({0, 512, 0, 512}, 32, 32));
        QVERIFY(pyramid->isSharp({64, 256, 64, 256}, 32, 32));
        QVERIFY(!pyramid->isSharp({64, 128, 64, 128}, 32, 32)); // cells of 4 × 4 are wanted
        QVERIFY(pyramid->bytes() >= 4096 * 8 && pyramid->bytes() < 4096 * 12);
    }

    void isStoppedAndRefused()
    {
        const SourcePtr source = normalSource(64, 64);
        Progress progress;
        progress.cancel();
        QVERIFY(ElementPyramid::build(*elementsOf(source, 0), 8, 8, progress).error().code == ErrorCode::Cancelled);
        const SourcePtr empty = sourceOf({"w", "F32", {0, 4}, {}});
        Progress other;
        QVERIFY((*ElementPyramid::build(*elementsOf(empty, 0), 8, 8, other))->view({0, 0, 0, 4}, 8, 8, Standing::Mean).values.empty());
    }
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestElementPyramid)
#include "tst_elementpyramid.moc"
