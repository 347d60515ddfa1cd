// Against all states gone through in Python with scipy's tails (tests/data/sequential.json).
#include "core/base/json.h"
#include "core/base/random.h"
#include "core/eval/sequential.h"
#include "core/eval/significance.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>

using namespace wb;

class TestSequential : public QObject {
    Q_OBJECT
private slots:
    void exactChances()
    {
        const auto json = readJson(std::filesystem::path(WB_TEST_DATA) / "sequential.json", false, 1U << 20);
        QVERIFY(json.has_value());
        for (const Json& one : *json) {
            const SequentialDesign design(one["most"].get<std::uint64_t>(), 0.05);
            const double got = design.p(one["level"].get<double>());
            QVERIFY2(std::abs(got - one["false_alarms"].get<double>()) < 1e-9, qPrintable(QString::number(got, 'g', 12)));
        }
    }

    void theDesignHoldsItsRate()
    {
        for (const std::uint64_t most : {std::uint64_t{3}, std::uint64_t{20}, std::uint64_t{164}, std::uint64_t{1319}})
            for (const double alpha : {0.05, 0.01}) {
                const SequentialDesign design(most, alpha);
                QVERIFY(design.falseAlarms() <= alpha);
                QVERIFY(design.level() < alpha || design.falseAlarms() == 0);
                QCOMPARE(design.p(design.level()), design.falseAlarms());
                // The boundary is McNemar's p at the level.
                for (std::uint64_t onlyB = 0; onlyB <= std::min<std::uint64_t>(most, 40); ++onlyB)
                    QCOMPARE(design.crossed(0, onlyB), onlyB != 0 && mcnemarExact(0, onlyB) <= design.level());
                QVERIFY(design.power(0.9, most) >= design.power(0.7, most) && design.power(0.7, most) >= design.power(0.5, most) - 1e-12);
                QVERIFY(std::abs(design.power(0.5, most) - design.falseAlarms()) < 1e-12);
            }
        const SequentialDesign design(164, 0.05);
        QVERIFY(design.falseAlarms() > 0.04); // not wasteful
        QVERIFY(design.power(0.9, 40) > 0.99);
    }

    void hope()
    {
        const SequentialDesign design(100, 0.05);
        QVERIFY(!design.hopeless(0, 0, 100));
        QVERIFY(design.hopeless(0, 0, 3));
        QVERIFY(!design.hopeless(1, 9, 20));
        QVERIFY(design.hopeless(30, 30, 8));
        QCOMPARE(design.p(1), 1.0);
        QVERIFY(design.p(0.001) < design.p(0.01) && design.p(0.01) > 0.01);
    }
};

QTEST_APPLESS_MAIN(TestSequential)
#include "tst_sequential.moc"
