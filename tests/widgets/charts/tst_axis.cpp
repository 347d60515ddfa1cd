// Where ticks go.
#include "widgets/charts/axis.h"

#include <QtTest>

namespace wb {

class TestAxis : public QObject {
    Q_OBJECT

private slots:
    void ticksAreRoundAndInside()
    {
        QCOMPARE(niceTicks(-3.5, 4.6, 9), (std::vector<double>{-3, -2, -1, 0, 1, 2, 3, 4}));
        QCOMPARE(niceTicks(0, 1, 5).size(), std::size_t{6});
        QVERIFY(niceTicks(1, 1, 5).empty());
        QCOMPARE(niceTicks(-4.6, 0.1, 2), (std::vector<double>{-4, -2, 0})); // in steps of 5 there is only one
    }

    void fewDecadesHaveOneTwoFive() { QCOMPARE(logTicks(1, 10, 6), (std::vector<double>{1, 2, 5, 10})); }

    void manyDecadesHaveTheirPowersAndTheEnd()
    {
        QCOMPARE(logTicks(1, 50000, 6), (std::vector<double>{1, 10, 100, 1000, 10000, 50000}));
        QCOMPARE(logTicks(1, 1e9, 5).size(), std::size_t{5});
    }

    void anAxisEndsAtATick()
    {
        QCOMPARE(logCeiling(23000), 50000.0);
        QCOMPARE(logCeiling(1000), 1000.0);
        QCOMPARE(niceCeiling(37, 6), 40.0);
    }
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestAxis)
#include "tst_axis.moc"
