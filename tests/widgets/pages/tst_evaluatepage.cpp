// The bundled damaged sample before and after its repair, scored on tasks that lie beside it.
#include "core/base/file.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/document.h"
#include "widgets/importedview.h"
#include "widgets/jobs.h"
#include "widgets/numbertext.h"
#include "widgets/pages/evaluatepage.h"
#include "widgets/selection.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QtTest>

namespace wb {

class TestEvaluatePage : public QObject {
    Q_OBJECT

private:
    struct Bench {
        Jobs jobs;
        Document document{jobs};
        Selection selection;
        EvaluatePage page{document, jobs, selection};

        explicit Bench(const std::filesystem::path& path)
        {
            page.resize(1000, 700);
            page.show();
            const auto opened = openForWindow(path);
            if (opened) document.adopt(*opened);
            settle();
        }
        void settle()
        {
            do {
                QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
            } while (!jobs.running().empty());
            QCoreApplication::processEvents();
        }
    };
    static std::filesystem::path sample(const char* name) { return std::filesystem::path(WB_SOURCE_DIR) / "resources/sample" / name; }
    static QString task(const char* name) { return QString::fromStdString((sample("tasks") / name).string()); }

    static bool says(const QWidget& page, const QString& words)
    {
        for (const QLabel* label : page.findChildren<QLabel*>())
            if (label->text().contains(words) || label->toolTip().contains(words)) return true;
        return false;
    }
    test::TempFolder m_folder;

private slots:
    void initTestCase()
    {
        prepareProcess(); // as our programs do: a sandbox that may not start, or is stopped, breaks the pipe to it
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((m_folder / "cache").string())); // nothing is kept yet
    }

    void theRepairIsSeen()
    {
        Bench bench(sample("damaged"));
        bench.page.setTask(task("arithmetic.jsonl"));
        bench.settle();
        QCOMPARE(bench.page.verdict(), QStringLiteral("200 items, not scored yet"));
        bench.page.start();
        bench.settle();
        QCOMPARE(bench.page.verdict(), QStringLiteral("The original solves 3 of 200. No edits are staged."));
        QVERIFY(bench.document.change(bench.document.recipe()->with(test::makeEdit(Scale{0.0625}, "role=down_proj layer=1")), QStringLiteral("repair")));
        bench.settle();
        QVERIFY(bench.page.verdict().contains(QStringLiteral("score again")));
        bench.page.start();
        bench.settle();
        const QString wanted = QStringLiteral("Patched solves 185 more and 0 fewer of 200: %1 → %2 (p < 0.0001").arg(percentText(0.015), percentText(0.94));
        QVERIFY2(bench.page.verdict().startsWith(wanted), qPrintable(bench.page.verdict()));
        bench.page.findChild<QComboBox*>(QStringLiteral("kinds"))->setCurrentIndex(1); // fixed
        auto* table = bench.page.findChild<QTableView*>(QStringLiteral("items"));
        QCOMPARE(table->model()->rowCount(), 185);
        table->selectRow(0);
        QVERIFY(says(bench.page, QStringLiteral("■ original — wrong (wanted")) && says(bench.page, QStringLiteral("□ patched — right")));
        QCOMPARE(bench.page.findChild<QComboBox*>(QStringLiteral("kinds"))->currentText(), QStringLiteral("▲ fixed (185)"));
        // Asked for afterwards: a noise floor and a random edit of equal norm.
        bench.page.findChild<QCheckBox*>(QStringLiteral("floor"))->setChecked(true);
        bench.page.findChild<QCheckBox*>(QStringLiteral("control"))->setChecked(true);
        bench.settle();
        QVERIFY2(bench.page.caution().contains(QStringLiteral("A/A floor: 0 of 200 items flip")), qPrintable(bench.page.caution()));
        QVERIFY2(bench.page.caution().contains(QStringLiteral("A random edit of equal norm solves")), qPrintable(bench.page.caution()));
        for (const char* name : {"page.html", "table.csv", "items.jsonl"}) {
            bench.page.exportTo(QString::fromStdString((m_folder / name).string()));
            bench.settle();
            QVERIFY(test::readFile(m_folder / name).find("arithmetic-000") != std::string::npos);
        }
        QVERIFY(test::readFile(m_folder / "page.html").find("patched solves 185 more of 200, 0 fewer; p &lt; 0.0001; A/A floor 0.") != std::string::npos);
        // A page that is made anew, in another language, goes on where this one stood.
        EvaluatePage next(bench.document, bench.jobs, bench.selection);
        next.take(bench.page.kept());
        QCOMPARE(next.verdict(), bench.page.verdict());
        QCOMPARE(next.caution(), bench.page.caution());
        QCOMPARE(next.items().count(ItemsModel::Kind::Fixed), 185);
        bench.settle();
        QCOMPARE(next.verdict(), bench.page.verdict());
    }

    // Runs after the one above: its scores are kept.
    void whatIsKeptIsThereAtOnce()
    {
        Bench bench(sample("damaged"));
        bench.page.setTask(task("arithmetic.jsonl"));
        bench.settle();
        bench.page.start();
        bench.settle();
        QCOMPARE(bench.page.verdict(), QStringLiteral("The original solves 3 of 200. No edits are staged."));
        auto* views = bench.page.findChild<QTabBar*>();
        views->setCurrentIndex(1);
        bench.settle();
        const HistoryModel& history = bench.page.history();
        QCOMPARE(history.rowCount(), 3); // original, repaired, control; the noise floor is no score
        int repaired = -1;
        for (int row = 0; row < history.rowCount(); ++row) {
            const QString edits = history.index(row, HistoryModel::Edits).data().toString();
            if (edits.startsWith(QStringLiteral("scale × 0.0625"))) repaired = row;
            else QVERIFY(!history.index(row, HistoryModel::Change).data(Qt::ForegroundRole).isValid()); // one item more may be chance
            QCOMPARE(history.index(row, HistoryModel::TaskName).data().toString(), QStringLiteral("arithmetic"));
            QCOMPARE(history.index(row, HistoryModel::Setting).data().toString(), QStringLiteral("200 items"));
        }
        QVERIFY(repaired >= 0);
        QVERIFY(history.index(repaired, HistoryModel::Change).data().toString().startsWith(QStringLiteral("+92.5 ± ")));
        QVERIFY(history.index(repaired, HistoryModel::Change).data(Qt::ForegroundRole).isValid());
        QVERIFY(history.index(repaired, HistoryModel::Score).data().toString().startsWith(percentText(0.94) + QStringLiteral(" ± ")));
        // Back to the recipe, and its score needs no computing.
        bench.page.takeRecipe(repaired);
        QCOMPARE(bench.document.recipe()->size(), std::size_t{1});
        QCOMPARE(bench.document.undoStack().undoText(), QStringLiteral("Edits of a kept score"));
        bench.page.start();
        bench.settle();
        QVERIFY(bench.page.verdict().startsWith(QStringLiteral("Patched solves 185 more")));
    }

    void stopsWhenTheAnswerIsClear()
    {
        Bench bench(sample("damaged"));
        bench.page.setTask(task("arithmetic.jsonl"));
        bench.settle();
        QVERIFY(bench.document.change(bench.document.recipe()->with(test::makeEdit(Scale{0.0625}, "role=down_proj layer=1")), QStringLiteral("repair")));
        bench.page.findChild<QCheckBox*>(QStringLiteral("early"))->setChecked(true);
        QVERIFY(!bench.page.findChild<QCheckBox*>(QStringLiteral("floor"))->isEnabled());
        bench.page.start();
        bench.settle();
        QVERIFY2(bench.page.caution().startsWith(QStringLiteral("Stopped after 16 of 200 items: the sides differ; p = ")), qPrintable(bench.page.caution()));
        QVERIFY2(bench.page.verdict().contains(QStringLiteral(" of 16: ")), qPrintable(bench.page.verdict()));
        QCOMPARE(bench.page.items().rowCount(), 16);
        bench.page.exportTo(QString::fromStdString((m_folder / "early.html").string()));
        bench.settle();
        QVERIFY(test::readFile(m_folder / "early.html").find("after 16 of 200 items (difference)") != std::string::npos);
        // Other edits: the score of so few items is no base for a whole one.
        bench.document.undoStack().undo();
        bench.settle();
        QVERIFY2(bench.page.verdict().contains(QStringLiteral("not scored yet")), qPrintable(bench.page.verdict()));
    }

    void resultsOfOtherPrograms()
    {
        std::string before, after;
        for (int i = 0; i < 20; ++i) {
            const auto line = [i](bool passed) {
                return "{\"task_id\": \"HumanEval/" + std::to_string(i) + "\", \"completion\": \"x\", \"passed\": " + (passed ? "true, \"result\": \"passed\"}\n" : "false, \"result\": \"failed\"}\n");
            };
            before += line(i == 8);
            after += line(i == 1 || i == 4 || i == 8 || i == 12 || i == 15);
        }
        test::writeFile(m_folder / "before.jsonl", before);
        test::writeFile(m_folder / "after.jsonl", after);
        Bench bench(sample("original"));
        ImportedView& view = bench.page.imported();
        view.setFile(0, QString::fromStdString((m_folder / "before.jsonl").string()));
        view.setFile(1, QString::fromStdString((m_folder / "after.jsonl").string()));
        bench.settle();
        QCOMPARE(view.verdict(), QStringLiteral("after solves 4 more and 0 fewer of 20 than before: p = 0.125."));
        QVERIFY2(view.caution().contains(QStringLiteral("needs about 37")), qPrintable(view.caution()));
        // A side of the page against a file that was exported here: the same items, nothing differs.
        view.setScoredSide(0, false);
        QVERIFY(says(view, QStringLiteral("not scored yet")));
        bench.page.setTask(task("sort.jsonl"));
        bench.settle();
        bench.page.findChild<QSpinBox*>()->setValue(12);
        bench.page.start();
        bench.settle();
        const QString exported = QString::fromStdString((m_folder / "scored.jsonl").string());
        bench.page.exportTo(exported);
        bench.settle();
        view.setFile(1, exported);
        view.setScoredSide(0, false);
        bench.settle();
        QCOMPARE(view.verdict(), QStringLiteral("scored solves 0 more and 0 fewer of 12 than original: p = 1."));
        // Nothing in common.
        view.setFile(1, QString::fromStdString((m_folder / "after.jsonl").string()));
        bench.settle();
        QVERIFY(!says(view, QStringLiteral("p = 2")));
    }

    void throughTheChatTemplate()
    {
        Bench bench(sample("original"));
        bench.page.setTask(task("arithmetic.jsonl"));
        bench.settle();
        bench.page.findChild<QCheckBox*>(QStringLiteral("chat"))->setChecked(true);
        bench.page.start();
        bench.settle();
        QVERIFY2(bench.page.verdict().startsWith(QStringLiteral("The original solves ")), qPrintable(bench.page.verdict()));
        bench.page.exportTo(QString::fromStdString((m_folder / "chat.html").string()));
        bench.settle();
        QVERIFY(test::readFile(m_folder / "chat.html").find("tokenizer_config.json") != std::string::npos);
        bench.page.findChild<QTabBar*>()->setCurrentIndex(1);
        bench.settle();
        bool listed = false;
        for (int row = 0; row < bench.page.history().rowCount(); ++row)
            listed = listed || bench.page.history().index(row, HistoryModel::Setting).data().toString().endsWith(QStringLiteral(", chat"));
        QVERIFY(listed);
    }

    void severalAnswersAndExamples()
    {
        Bench bench(sample("original"));
        bench.page.setTask(QStringLiteral("transform_sort")); // by its name
        bench.settle();
        bench.page.findChild<QSpinBox*>()->setValue(8);
        bench.page.findChild<QSpinBox*>(QStringLiteral("samples"))->setValue(4);
        bench.page.findChild<QDoubleSpinBox*>()->setValue(1);
        bench.page.findChild<QSpinBox*>(QStringLiteral("shots"))->setValue(1);
        bench.page.start();
        bench.settle();
        QVERIFY2(bench.page.verdict().contains(QStringLiteral("pass@4")), qPrintable(bench.page.verdict()));
        QVERIFY(bench.page.items().index(0, ItemsModel::Original).data().toString().contains(QStringLiteral(" of 4: ")));
        QVERIFY(bench.document.change(bench.document.recipe()->with(test::makeEdit(Scale{1.1}, "role=down_proj layer=1")), QStringLiteral("small")));
        bench.page.start();
        bench.settle();
        QVERIFY2(bench.page.verdict().contains(QStringLiteral("sign flips, exact")), qPrintable(bench.page.verdict()));
        // Choices are compared, not drawn.
        bench.page.setTask(QStringLiteral("categories"));
        bench.settle();
        QVERIFY(!bench.page.findChild<QSpinBox*>(QStringLiteral("samples"))->isEnabled());
        bench.page.findChild<QSpinBox*>(QStringLiteral("shots"))->setValue(0);
    }

    void fewItemsSayLittle()
    {
        Bench bench(sample("original"));
        bench.page.setTask(task("categories.jsonl"));
        bench.settle();
        QVERIFY(bench.document.change(bench.document.recipe()->with(test::makeEdit(Scale{1.02}, "role=down_proj layer=1")), QStringLiteral("small")));
        auto* limit = bench.page.findChild<QSpinBox*>();
        limit->setValue(10);
        bench.page.start();
        bench.settle();
        QCOMPARE(bench.page.items().rowCount(), 10);
        QVERIFY(bench.page.caution().contains(QStringLiteral("No difference was seen; that is no proof")) || bench.page.caution().contains(QStringLiteral("So few items say little")));
    }

    void badTaskAndNothingOpen()
    {
        Bench bench(sample("original"));
        bench.page.setTask(QString::fromStdString((sample("original") / "config.json").string()));
        bench.settle();
        QCOMPARE(bench.page.verdict(), QStringLiteral("No task is chosen"));
        QVERIFY(!bench.page.findChild<QPushButton*>(QStringLiteral("score"))->isEnabled());
        Bench empty("/nowhere");
        bool said = false;
        for (const QLabel* label : empty.page.findChildren<QLabel*>())
            said = said || label->text() == QStringLiteral("Nothing is open");
        QVERIFY(said);
    }

    void stopEndsAtOnce()
    {
        Bench bench(sample("original"));
        bench.page.setTask(task("mini_code.jsonl"));
        bench.settle();
        bench.page.start();
        QTRY_VERIFY(bench.page.items().rowCount() > 0 || bench.jobs.running().empty());
        bench.page.stop();
        QElapsedTimer clock;
        clock.start();
        bench.settle();
        QVERIFY(clock.elapsed() < 2000);
    }
};

} // namespace wb

QTEST_MAIN(wb::TestEvaluatePage)
#include "tst_evaluatepage.moc"
