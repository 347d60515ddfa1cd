#include "core/analysis/splitinterval.h"

#include "core/base/random.h"

#include <QtTest>

#include <cmath>
#include <vector>

using namespace wb;

namespace {

// An autoregressive series of mean 0: value t = memory · value t − 1 + noise (uniform of variance 1, seeded).
std::vector<double> series(std::uint64_t seed, std::size_t count, double memory)
{
    std::vector<double> out(count);
    double last = 0;
    for (std::size_t t = 0; t < count; ++t) {
        last = memory * last + (uniform(seed, 0, t) - 0.5) * std::sqrt(12.0);
        out[t] = last;
    }
    return out;
}

// How many of 400 texts' intervals contain the true mean, when every `step`-th token is known.
int covered(double memory, std::size_t step)
{
    int hits = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        const std::vector<double> all = series(seed, 4096, memory);
        std::vector<double> known;
        double mean = 0;
        for (std::size_t t = 0; t < all.size(); ++t) {
            mean += all[t] / 4096;
            if (t % step == 0)
                known.push_back(all[t]);
        }
        hits += std::abs(mean) <= halfWidth95(known, 4096) ? 1 : 0;
    }
    return hits;
}

} // namespace

class TestSplitInterval : public QObject {
    Q_OBJECT
private slots:
    // 95 % of 400 are 380; four standard errors are 17. Counted as independent, tokens with a memory of 0.9 would be covered in about a third: their mean varies 19 times as much.
    void coverage_data()
    {
        QTest::addColumn<double>("memory");
        QTest::addColumn<int>("step");
        QTest::newRow("independent") << 0.0 << 1;
        QTest::newRow("independent, every fourth known") << 0.0 << 4;
        QTest::newRow("neighbours alike") << 0.9 << 1;
        QTest::newRow("neighbours alike, every fourth known") << 0.9 << 4;
    }
    void coverage()
    {
        QFETCH(double, memory);
        QFETCH(int, step);
        const int hits = covered(memory, static_cast<std::size_t>(step));
        QVERIFY2(hits >= 363 && hits <= 397, qPrintable(QString::number(hits)));
    }

    void degenerate()
    {
        QVERIFY(std::isnan(halfWidth95({}, 10)));
        QVERIFY(std::isnan(halfWidth95(std::vector<double>{1}, 10)));
        QCOMPARE(halfWidth95(std::vector<double>(1000, 3.5), 1000), 0.0);
        QVERIFY(std::abs(halfWidth95(std::vector<double>{0, 2}, 2) - 1.959963984540054) < 1e-12); // s/√n = √2/√2
    }
};

QTEST_APPLESS_MAIN(TestSplitInterval)
#include "tst_splitinterval.moc"
