// Numbers that are typed, and numbers that a slider stands for.
#include "widgets/numberfield.h"

#include <QtTest>

namespace wb {

class TestNumberField : public QObject {
    Q_OBJECT

private slots:
    void reads_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("value");
        QTest::newRow("decimal") << "0.0625" << 0.0625;
        QTest::newRow("fraction") << "1/16" << 0.0625;
        QTest::newRow("spaces") << " 3 / 4 " << 0.75;
        QTest::newRow("exponent") << "1e-3" << 0.001;
        QTest::newRow("true minus") << "−2.5" << -2.5;
    }
    void reads()
    {
        QFETCH(QString, text);
        QFETCH(double, value);
        QCOMPARE(parseNumber(text).value(), value);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "abc", "1/0", "1,5", "1,500", "0,125", "1,234.5", "nan", "inf", "1e999", "/2"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void refuses()
    {
        QFETCH(QString, text);
        QVERIFY(!parseNumber(text));
    }

    void slidersGoBothWays()
    {
        for (const SliderScale& scale : {factorScale(), signedScale(4), boundScale(-3, 5, true)})
            for (const double position : {-0.9, -0.31, 0.0, 0.2, 0.77})
                QVERIFY(std::abs(scale.toPosition(scale.toValue(position)) - position) < 0.02);
    }

    void factorsStickToPowersOfTwo()
    {
        QCOMPARE(factorScale().toValue(-0.5).value(), 0.0625);
        QCOMPARE(factorScale().toValue(-0.501).value(), 0.0625);
        QCOMPARE(factorScale().toValue(0).value(), 1.0);
    }

    void theEndOfABoundIsNoBound()
    {
        QVERIFY(!boundScale(-1, 1, true).toValue(-1));
        QVERIFY(!boundScale(-1, 1, false).toValue(1));
        QCOMPARE(boundScale(-1, 1, false).toValue(-1).value(), -1.0);
    }

    void undoBelongsToTheWindow()
    {
        NumberField field;
        QKeyEvent undo(QEvent::ShortcutOverride, Qt::Key_Z, Qt::ControlModifier);
        undo.ignore();
        QApplication::sendEvent(&field, &undo);
        QVERIFY(!undo.isAccepted());
    }
};

} // namespace wb

QTEST_MAIN(wb::TestNumberField)
#include "tst_numberfield.moc"
