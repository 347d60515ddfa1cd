// A sweep of the damaged sample's repair, as a curve and as a map.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/sweepchart.h"
#include "widgets/document.h"
#include "widgets/jobs.h"
#include "widgets/pages/sweeppage.h"
#include "widgets/selection.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QtTest>

namespace wb {

class TestSweepPage : public QObject {
    Q_OBJECT

private:
    struct Bench {
        Jobs jobs;
        Document document{jobs};
        Selection selection;
        SweepPage page{document, jobs, selection};

        explicit Bench(const char* name = nullptr)
        {
            page.resize(1000, 700);
            page.show();
            if (name != nullptr) document.adopt(*openForWindow(sample(name)));
            settle();
        }
        void settle()
        {
            do {
                QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
            } while (!jobs.running().empty());
            QCoreApplication::processEvents();
        }
        bool says(const QString& text) const
        {
            const auto labels = page.findChildren<QLabel*>();
            return std::ranges::any_of(labels, [&](const QLabel* label) { return label->text().contains(text); });
        }
    };
    static std::filesystem::path sample(const char* name) { return std::filesystem::path(WB_SOURCE_DIR) / "resources/sample" / name; }
    static QString task(const char* name) { return QString::fromStdString((sample("tasks") / name).string()); }

private slots:
    void theRepairIsFound()
    {
        Bench bench("damaged");
        QVERIFY(bench.says(QStringLiteral("No edits are staged")));
        QVERIFY(bench.document.change(bench.document.recipe()->with(test::makeEdit(Scale{1}, "role=down_proj layer=1")), QStringLiteral("scale")));
        bench.page.setTask(task("categories.jsonl"));
        bench.page.setKnob(0, QStringLiteral("edits[0].factor"), 0.0625, 1, 4);
        bench.page.start();
        QVERIFY(!bench.page.verdict().isEmpty());
        bench.settle();
        QCOMPARE(bench.page.points().size(), std::size_t{4});
        QVERIFY2(bench.page.verdict().startsWith(QStringLiteral("Best of 4 point(s): edits[0].factor = 0.0625 with ")), qPrintable(bench.page.verdict()));
        QVERIFY(bench.says(QStringLiteral("Held out (each tenth")));
        QCOMPARE(bench.page.findChild<QTableWidget*>()->rowCount(), 4);
        QCOMPARE(bench.page.findChild<SweepChart*>()->numbers(QLatin1Char('\t')).count(QLatin1Char('\n')), 5);
        SweepPage next(bench.document, bench.jobs, bench.selection); // made anew, in another language
        next.take(bench.page.kept());
        QCOMPARE(next.verdict(), bench.page.verdict());
        QCOMPARE(next.points().size(), std::size_t{4});
        next.takePoint(0);
        QCOMPARE(std::get<Scale>(bench.document.recipe()->at(0).operation).factor, 0.0625);
        bench.document.undoStack().undo();
        bench.page.takePoint(0);
        QCOMPARE(std::get<Scale>(bench.document.recipe()->at(0).operation).factor, 0.0625);
        bench.document.undoStack().undo();
        QCOMPARE(std::get<Scale>(bench.document.recipe()->at(0).operation).factor, 1.0);
    }

    void twoKnobsOnAText()
    {
        Bench bench("damaged");
        QVERIFY(bench.document.change(bench.document.recipe()->with(test::makeEdit(Scale{0.5}, "role=down_proj layer=1")), QStringLiteral("scale")));
        bench.page.setTask(task("stories.txt"));
        bench.page.setKnob(0, QStringLiteral("edits[0].factor"), 0.0625, 0.5, 2);
        bench.page.setKnob(1, QStringLiteral("edits[0].strength"), 0.5, 1, 2);
        bench.page.start();
        bench.settle();
        QCOMPARE(bench.page.points().size(), std::size_t{4});
        QCOMPARE(bench.page.points()[1].knobs, (std::vector<double>{0.0625, 1}));
        QVERIFY2(bench.page.verdict().contains(QStringLiteral("edits[0].factor = 0.0625, edits[0].strength = 1 with ")), qPrintable(bench.page.verdict()));
        QVERIFY(!bench.page.grab().isNull());
    }

    void aSearchOverSeveralNumbersWithAHeldOutSet()
    {
        Bench bench("damaged");
        QVERIFY(bench.document.change(bench.document.recipe()->with(test::makeEdit(Scale{0.5}, "role=down_proj layer=1"))->with(test::makeEdit(Scale{1}, "role=up_proj layer=1")), QStringLiteral("two")));
        bench.page.setTask(task("arithmetic.jsonl"));
        bench.page.setHeldOut(QStringLiteral("stories.txt"));
        bench.page.start();
        QVERIFY(bench.says(QStringLiteral("must be of the same kind")));
        bench.page.setHeldOut(task("sort.jsonl"));
        bench.page.setSearch(12);
        bench.page.setKnob(0, QStringLiteral("edits[0].factor"), 0.03, 1, 2);
        bench.page.setKnob(1, QStringLiteral("edits[1].factor"), 0.8, 1.2, 2);
        bench.page.setKnob(2, QStringLiteral("edits[0].strength"), 0.9, 1, 2);
        bench.page.findChild<QSpinBox*>(QStringLiteral("limit"))->setValue(20);
        bench.page.start();
        bench.settle();
        QCOMPARE(bench.page.points().size(), std::size_t{12});
        QCOMPARE(bench.page.points()[0].knobs.size(), std::size_t{3});
        QVERIFY2(bench.page.verdict().contains(QStringLiteral("edits[0].strength = ")), qPrintable(bench.page.verdict()));
        QVERIFY(bench.says(QStringLiteral("Held out (sort.jsonl)")));
        QCOMPARE(bench.page.findChild<QTableWidget*>()->columnCount(), 7);
        QVERIFY(!bench.page.grab().isNull());
        bench.page.setHeldOut({});
        bench.page.start();
        bench.settle();
        QVERIFY(bench.says(QStringLiteral("a third of the items, which the search did not see")));
    }

    void numbersWithinListsAndTasksOfTheProgram()
    {
        const test::TinyModel tiny; // no tasks beside it
        Bench bench;
        bench.document.adopt(*openForWindow(tiny.path()));
        bench.settle();
        auto* tasks = bench.page.findChildren<QComboBox*>().constFirst();
        Edit rows = test::makeEdit(Scale{2}, "role=down_proj layer=0");
        rows.elements.rows = IndexRange{0, 2};
        QVERIFY(bench.document.change(bench.document.recipe()->with(rows), QStringLiteral("rows")));
        bool listed = false, shipped = false;
        for (const QComboBox* box : bench.page.findChildren<QComboBox*>()) {
            listed = listed || box->findData(QStringLiteral("edits[0].elements.rows[1]")) >= 0;
            shipped = shipped || box->findText(QStringLiteral("arithmetic")) >= 0;
        }
        QVERIFY(tasks != nullptr && listed && shipped);
    }

    void stopsAndBadInput()
    {
        Bench nothing;
        QVERIFY(nothing.says(QStringLiteral("Nothing is open")));
        Bench bench("damaged");
        QVERIFY(bench.document.change(bench.document.recipe()->with(test::makeEdit(Scale{0.5}, "role=down_proj layer=1")), QStringLiteral("scale")));
        auto* button = bench.page.findChild<QPushButton*>(QStringLiteral("sweep"));
        bench.page.setTask(task("arithmetic.jsonl"));
        QVERIFY(button->isEnabled());
        bench.page.setKnob(0, QStringLiteral("edits[0].strength"), 0, 9, 2); // beyond what a strength can be
        bench.page.start();
        bench.settle();
        QVERIFY(bench.says(QStringLiteral("strength")));
        bench.page.setKnob(0, QStringLiteral("edits[0].factor"), 0.1, 1, 101);
        bench.page.start();
        QElapsedTimer clock;
        clock.start();
        bench.page.stop();
        bench.settle();
        QVERIFY(clock.elapsed() < 3000);
    }
};

} // namespace wb

QTEST_MAIN(wb::TestSweepPage)
#include "tst_sweeppage.moc"
