// Products on tiles against sums of the same values in extended precision, and what is made of them against the same on vectors.
#include "core/analysis/digitsums.h"
#include "core/analysis/statesums.h"
#include "core/analysis/sumsofproducts.h"

#include <QtTest>

#include <cmath>
#include <random>

using namespace wb;

namespace {

std::vector<double> normal(std::size_t count, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> values;
    std::vector<double> out(count);
    for (double& value : out)
        value = values(random);
    return out;
}

// Largest |wanted − found| over what rounding to 48 bits may cost: depth · largest x · largest y · 2⁻⁴⁶.
double worst(const std::vector<double>& x, const std::vector<double>& y, std::size_t depth, std::size_t xs, std::size_t ys, const std::vector<double>& found, bool lower)
{
    double out = 0;
    for (std::size_t i = 0; i < xs; ++i)
        for (std::size_t j = 0; j < (lower ? i + 1 : ys); ++j) {
            long double sum = 0;
            double mostX = 0, mostY = 0;
            for (std::size_t k = 0; k < depth; ++k) {
                const double a = x[k * xs + i], b = y[k * ys + j];
                sum += static_cast<long double>(a) * b;
                mostX = std::max(mostX, std::abs(a));
                mostY = std::max(mostY, std::abs(b));
            }
            const double off = static_cast<double>(std::abs(sum - found[i * ys + j])), may = std::ldexp(static_cast<double>(depth) * mostX * mostY, -46);
            out = std::max(out, off == 0 ? 0 : off / may);
        }
    return out;
}

std::vector<double> turned(const std::vector<double>& x, std::size_t rows, std::size_t cols)
{
    std::vector<double> out(x.size());
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < cols; ++c)
            out[c * rows + r] = x[r * cols + c];
    return out;
}

} // namespace

class TestDigitSums : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        if (!kernels::hasTiles())
            QSKIP("this CPU has no tiles");
    }

    void products_data()
    {
        QTest::addColumn<int>("depth");
        QTest::addColumn<int>("xs");
        QTest::addColumn<int>("ys");
        QTest::newRow("one") << 1 << 1 << 1;
        QTest::newRow("whole tiles") << 64 << 16 << 32;
        QTest::newRow("one more") << 65 << 17 << 33;
        QTest::newRow("half of a block") << 130 << 8 << 9;
        QTest::newRow("many blocks") << 300 << 70 << 150;
    }
    void products()
    {
        QFETCH(int, depth);
        QFETCH(int, xs);
        QFETCH(int, ys);
        const auto d = static_cast<std::size_t>(depth), n = static_cast<std::size_t>(xs), m = static_cast<std::size_t>(ys);
        std::vector<double> x = normal(d * n, 1), y = normal(d * m, 2);
        for (std::size_t k = 0; k < d; ++k) {
            x[k * n] *= k == 0 ? 5000 : 1e-3; // a massive activation
            y[k * m + m - 1] = 0;
        }
        std::vector<double> cross(n * m, 0), gram(n * n, 0), outer(n * n, 0), product(n * m, 7);
        sums::addCross(x, y, d, n, m, cross);
        sums::addGram(x, d, n, gram);
        sums::addOuterGram(turned(x, d, n), n, d, outer);
        sums::multiply(turned(x, d, n), y, n, d, m, product);
        QVERIFY(worst(x, y, d, n, m, cross, false) < 1);
        QVERIFY(worst(x, x, d, n, n, gram, true) < 1);
        QVERIFY(worst(x, x, d, n, n, outer, true) < 1);
        QCOMPARE(product, cross);
        sums::addCross(x, y, d, n, m, cross);
        for (std::size_t i = 0; i < cross.size(); ++i)
            QCOMPARE(cross[i], 2 * product[i]);
    }

    // Whole numbers of 23 bits take three digits, of whose products none is left out.
    void wholeNumbersAreExact()
    {
        const std::size_t depth = 128, n = 17;
        std::mt19937_64 random(3);
        std::vector<double> x(depth * n), out(n * n, 0);
        for (double& value : x)
            value = static_cast<double>(static_cast<std::int64_t>(random() % 8388609) - 4194304);
        for (std::size_t i = 0; i < n; ++i)
            x[i] = -4194304;
        sums::addGram(x, depth, n, out);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j <= i; ++j) {
                double sum = 0; // exact: below 2⁵³
                for (std::size_t k = 0; k < depth; ++k)
                    sum += x[k * n + i] * x[k * n + j];
                QCOMPARE(out[i * n + j], sum);
            }
    }

    // As many of the digit furthest from zero as are allowed fit the sums.
    void deepestDoesNotOverflow()
    {
        const std::size_t depth = DigitVectors::deepest;
        const double lowest = -static_cast<double>(0x808080808080);
        std::vector<double> out(1, 0);
        sums::addGram(std::vector<double>(depth, lowest), depth, 1, out);
        QVERIFY(std::abs(out[0] / (static_cast<double>(depth) * lowest * lowest) - 1) < 1e-13);
    }

    void extremes()
    {
        for (const double size : {1e-200, 1e-310, 1e150, 0.0}) { // too small counts as zero
            const std::vector<double> x = {size, -size / 3};
            std::vector<double> out(1, 0);
            sums::addGram(x, 2, 1, out);
            QVERIFY(std::abs(out[0] - size * size * (1 + 1.0 / 9)) <= size * size * 1e-13);
        }
    }

    // The sums of a text are those on vectors, with a massive first token too.
    void sumsOfATextAreThoseOfVectors()
    {
        const std::size_t states = 3, width = 50, rows = 100;
        std::vector<std::vector<float>> window(states);
        TextSums tiles(states, width), vectors(states, width);
        for (std::uint64_t at = 0; at < 3; ++at) {
            for (std::size_t s = 0; s < states; ++s) {
                const std::vector<double> values = normal(rows * width, at * states + s);
                window[s].assign(values.begin(), values.end());
                window[s][7] = 3000;
            }
            tiles.add(window, at % 2);
            kernels::forbidTiles(true);
            vectors.add(window, at % 2);
            kernels::forbidTiles(false);
        }
        for (std::size_t s = 0; s < states; ++s) {
            const StateSums &a = tiles.state(s), &b = vectors.state(s);
            QCOMPARE(a.sum, b.sum);
            for (std::size_t i = 0; i < width; ++i)
                for (std::size_t j = 0; j <= i; ++j)
                    QVERIFY2(std::abs(a.gram[i * width + j] - b.gram[i * width + j]) <= 1e-13 * std::sqrt(b.gram[i * width + i] * b.gram[j * width + j]), qPrintable(QString("%1 %2 %3: %4 %5").arg(s).arg(i).arg(j).arg(a.gram[i*width+j],0,'g',17).arg(b.gram[i*width+j],0,'g',17)));
            if (s == 0)
                continue;
            const PairSums &p = tiles.pair(s - 1), &q = vectors.pair(s - 1);
            QCOMPARE(p.added, q.added);
            QCOMPARE(p.after, q.after);
            for (std::size_t i = 0; i < width; ++i)
                for (std::size_t j = 0; j < width; ++j)
                    QVERIFY(std::abs(p.cross[i * width + j] - q.cross[i * width + j]) <=
                            1e-13 * std::sqrt(vectors.state(s - 1).gram[i * width + i] * b.gram[j * width + j]));
        }
    }
};

QTEST_APPLESS_MAIN(TestDigitSums)
#include "tst_digitsums.moc"
