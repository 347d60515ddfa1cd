// The bundled damaged sample before and after its repair, scored on tasks that lie beside it.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/document.h"
#include "widgets/jobs.h"
#include "widgets/numbertext.h"
#include "widgets/pages/evaluatepage.h"
#include "widgets/selection.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
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

private slots:
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
        auto* filter = bench.page.findChildren<QComboBox*>().last();
        filter->setCurrentIndex(1); // fixed
        auto* table = bench.page.findChild<QTableView*>();
        QCOMPARE(table->model()->rowCount(), 185);
        table->selectRow(0);
        auto* detail = bench.page.findChild<QPlainTextEdit*>();
        QVERIFY2(detail->toPlainText().contains(QStringLiteral("■ original — wrong")) && detail->toPlainText().contains(QStringLiteral("□ patched — right")),
                 qPrintable(detail->toPlainText()));
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
        bool said = false;
        for (const QLabel* label : bench.page.findChildren<QLabel*>())
            said = said || label->text().contains(QStringLiteral("No difference was seen; that is no proof")) || label->text().contains(QStringLiteral("So few items say little"));
        QVERIFY(said);
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
