// What the vertical axis reaches to.
#include "widgets/charts/spectrumchart.h"

#include <QtTest>

#include <cmath>

namespace wb {

class TestSpectrumChart : public QObject {
    Q_OBJECT

private slots:
    void reachesToWhatAnEditLeaves()
    {
        const std::vector<SpectrumSeries> scaled{{{}, SeriesRole::Original, false, {32, 8, 4}}, {{}, SeriesRole::Patched, true, {2, 0.5, 0.25}}};
        const auto [low, high] = SpectrumChart::rangeOf(scaled);
        QVERIFY(low < std::log10(0.25) && low > std::log10(0.15));
        QVERIFY(high > std::log10(32) && high < std::log10(50));
    }

    void isNotSqueezedByTheRestOfACut()
    {
        const std::vector<SpectrumSeries> cut{{{}, SeriesRole::Original, false, {32, 8, 4}}, {{}, SeriesRole::Patched, true, {32, 0.1, 1e-14}}};
        QVERIFY(SpectrumChart::rangeOf(cut).first > std::log10(3));
    }

    void hasARangeWithoutValues() { QCOMPARE(SpectrumChart::rangeOf({}), std::pair(-1.0, 0.0)); }
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestSpectrumChart)
#include "tst_spectrumchart.moc"
