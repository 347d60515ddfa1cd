// Numbers of the window. In the expected texts ' is the thin space.
#include "widgets/numbertext.h"

#include <QtTest>

#include <limits>

namespace wb {
namespace {

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char('\''));
}

} // namespace

class TestNumberText : public QObject {
    Q_OBJECT

private slots:
    void fourSignificantDigits_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << 0.0 << QStringLiteral("0");
        QTest::newRow("negative zero") << -0.0 << QStringLiteral("0");
        QTest::newRow("below one") << 0.79453 << QStringLiteral("0.7945");
        QTest::newRow("small") << 0.0496578 << QStringLiteral("0.04966");
        QTest::newRow("negative") << -3.53125 << QStringLiteral("−3.531");
        QTest::newRow("tiny") << 7.5231e-4 << QStringLiteral("7.523e−4");
        QTest::newRow("whole") << 128.0 << QStringLiteral("128");
        QTest::newRow("thousands") << 12345.0 << QStringLiteral("12'345");
        QTest::newRow("large") << 1.5e9 << QStringLiteral("1.500e9");
        QTest::newRow("nan") << std::numeric_limits<double>::quiet_NaN() << QStringLiteral("NaN");
        QTest::newRow("infinite") << -std::numeric_limits<double>::infinity() << QStringLiteral("−∞");
    }
    void fourSignificantDigits()
    {
        QFETCH(double, value);
        QFETCH(QString, text);
        QCOMPARE(plain(shortText(value)), text);
    }

    void countsAndSizes()
    {
        QCOMPARE(plain(countText(1706624)), QStringLiteral("1'706'624"));
        QCOMPARE(plain(briefCount(128)), QStringLiteral("128"));
        QCOMPARE(plain(briefCount(49152)), QStringLiteral("49.2'k"));
        QCOMPARE(plain(briefCount(1706624)), QStringLiteral("1.71'M"));
        QCOMPARE(plain(briefCount(999999)), QStringLiteral("1.00'M"));
        QCOMPARE(plain(bytesText(98304)), QStringLiteral("98.3'kB"));
        QCOMPARE(plain(bytesText(12)), QStringLiteral("12'B"));
        QCOMPARE(plain(rateText(1.35e9, true)), QStringLiteral("1.35'GB/s"));
    }

    void axisLabelsAreShort()
    {
        QCOMPARE(axisText(0.5), QStringLiteral("0.5"));
        QCOMPARE(axisText(-2), QStringLiteral("−2"));
        QCOMPARE(axisText(1e-5), QStringLiteral("1e−5"));
        QCOMPARE(plain(axisText(10000)), QStringLiteral("10'000"));
        QCOMPARE(plain(ratioText(0.0625)), QStringLiteral("×'0.0625"));
    }

    void hundredPercentIsOnlyAll()
    {
        QCOMPARE(plain(percentText(1)), QStringLiteral("100'%"));
        QCOMPARE(pointsText(0.925), QStringLiteral("92.5"));
        QCOMPARE(pointsText(-0.0301), QStringLiteral("\u22123"));
        QCOMPARE(pointsText(-0.0001), QStringLiteral("0"));
        QCOMPARE(plain(percentText(0.999999)), QStringLiteral("> 99.9'%"));
        QCOMPARE(plain(percentText(0.673)), QStringLiteral("67.3'%"));
        QCOMPARE(plain(percentText(0)), QStringLiteral("0'%"));
        QCOMPARE(plain(percentText(1e-7)), QStringLiteral("< 0.01'%"));
    }

    void timeLeft()
    {
        QCOMPARE(durationText(3.2), QStringLiteral("0:04"));
        QCOMPARE(durationText(3725), QStringLiteral("1:02:05"));
    }

    void exactTextReadsBack()
    {
        for (const double value : {0.0625, 0.1, -3.53125, 1e-300})
            QCOMPARE(exactText(value).toDouble(), value);
    }
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestNumberText)
#include "tst_numbertext.moc"
