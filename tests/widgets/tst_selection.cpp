// Selection: one current tensor, and the way back as a browser has it.
#include "widgets/selection.h"

#include <QSignalSpy>
#include <QtTest>

namespace wb {

class TestSelection : public QObject {
    Q_OBJECT

private slots:
    void nothingIsSelectedAtFirst()
    {
        Selection selection;
        QVERIFY(!selection.tensor());
        QVERIFY(!selection.canGoBack());
        QVERIFY(!selection.canGoForward());
    }

    void backAndForwardWalkTheVisitedTensors()
    {
        Selection selection;
        for (const std::size_t tensor : {3, 1, 4})
            selection.select(tensor);
        selection.back();
        selection.back();
        QCOMPARE(*selection.tensor(), std::size_t{3});
        QVERIFY(!selection.canGoBack());
        selection.forward();
        QCOMPARE(*selection.tensor(), std::size_t{1});
        QVERIFY(selection.canGoForward());
    }

    void aNewStepEndsTheWayForward()
    {
        Selection selection;
        for (const std::size_t tensor : {3, 1, 4})
            selection.select(tensor);
        selection.back();
        selection.select(5);
        QVERIFY(!selection.canGoForward());
        selection.back();
        QCOMPARE(*selection.tensor(), std::size_t{1});
    }

    void selectingTheSameAgainIsNoStep()
    {
        Selection selection;
        selection.select(2);
        QSignalSpy changes(&selection, &Selection::changed);
        selection.select(2);
        QCOMPARE(changes.size(), 0);
        QVERIFY(!selection.canGoBack());
    }

    void resetForgetsTheWay()
    {
        Selection selection;
        selection.select(2);
        selection.select(3);
        selection.reset();
        QVERIFY(!selection.tensor());
        QVERIFY(!selection.canGoBack());
    }
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestSelection)
#include "tst_selection.moc"
