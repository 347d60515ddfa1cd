// Tokens in boxes: what cannot be seen is a sign, a click and the keys choose, long texts scroll.
#include "widgets/charts/tokenflow.h"
#include "widgets/tokentext.h"

#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

namespace wb {

class TestTokenFlow : public QObject {
    Q_OBJECT

private:
    static std::vector<FlowToken> words(int count)
    {
        std::vector<FlowToken> tokens;
        for (int i = 0; i < count; ++i)
            tokens.push_back({QStringLiteral("word%1").arg(i), {}, i == 1, i % 10 == 9});
        return tokens;
    }

private slots:
    void blanksAndControlsAreVisible()
    {
        QCOMPARE(visibleText(QStringLiteral(" a\tb\n\u0007\u00E9")), QStringLiteral("·a→b⏎\\x07é"));
    }

    void keysAndClicksChoose()
    {
        TokenFlow flow;
        flow.resize(300, 120);
        flow.setTokens(words(30));
        flow.show();
        QSignalSpy chosen(&flow, &TokenFlow::chosen);
        QVERIFY(!flow.current());
        QTest::keyClick(&flow, Qt::Key_Right);
        QCOMPARE(flow.current(), std::optional<int>(0));
        QTest::keyClick(&flow, Qt::Key_Left); // the first stays
        QCOMPARE(flow.current(), std::optional<int>(0));
        QTest::keyClick(&flow, Qt::Key_End);
        QCOMPARE(flow.current(), std::optional<int>(29));
        QVERIFY(flow.verticalScrollBar()->value() > 0); // and is in sight
        QTest::keyClick(&flow, Qt::Key_Home);
        QCOMPARE(flow.verticalScrollBar()->value(), flow.verticalScrollBar()->minimum());
        QCOMPARE(chosen.count(), 4);
        QTest::mouseClick(flow.viewport(), Qt::LeftButton, {}, QPoint(14, 12));
        QCOMPARE(chosen.last()[0].toInt(), 0);
        QTest::mouseClick(flow.viewport(), Qt::LeftButton, {}, QPoint(14, 100000));
        QCOMPARE(chosen.count(), 5);
    }

    void otherTokensForgetTheChoice()
    {
        TokenFlow flow;
        flow.setTokens(words(5));
        flow.setCurrent(4);
        QCOMPARE(flow.current(), std::optional<int>(4));
        flow.setCurrent(7); // there is none
        QVERIFY(!flow.current());
        flow.setCurrent(2);
        flow.setTokens({});
        QVERIFY(!flow.current());
        QTest::keyClick(&flow, Qt::Key_Right);
        QVERIFY(!flow.current());
    }
};

} // namespace wb

QTEST_MAIN(wb::TestTokenFlow)
#include "tst_tokenflow.moc"
