// The Linearity page on the sample: the damage makes later layers look linear, the repair shows on the step it was made in.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/layerchart.h"
#include "widgets/charts/tokenmap.h"
#include "widgets/document.h"
#include "widgets/jobs.h"
#include "widgets/pages/linearitypage.h"
#include "widgets/selection.h"

#include <QCheckBox>
#include <QPushButton>
#include <QTableWidget>
#include <QtTest>

namespace wb {

class TestLinearityPage : public QObject {
    Q_OBJECT

private:
    struct Bench {
        Jobs jobs;
        Document document{jobs};
        Selection selection;
        LinearityPage page{document, jobs, selection};

        explicit Bench(const std::filesystem::path& path)
        {
            page.resize(1000, 800);
            page.show();
            const auto opened = openForWindow(path);
            if (opened) document.adopt(*opened);
            settle();
        }
        void settle()
        {
            QTest::qWait(300); // the delay before edits are followed
            QTRY_VERIFY_WITH_TIMEOUT(jobs.running().empty(), 60'000);
            QCoreApplication::processEvents();
        }
        // By itself only a measurement follows that was quick, which on a busy machine it may not have been.
        void follow()
        {
            settle();
            if (page.compared() != nullptr) return;
            page.start();
            settle();
        }
        void repair()
        {
            const auto recipe = document.recipe()->with(test::makeEdit(Scale{0.0625}, "role=down_proj layer=1"));
            QVERIFY(document.change(recipe, QStringLiteral("repair")));
        }
        LayerChart& chart() { return *page.findChild<LayerChart*>(); }
    };
    static std::filesystem::path sample(const char* name) { return std::filesystem::path(WB_SOURCE_DIR) / "resources/sample" / name; }

private slots:
    void originalAndPatched()
    {
        Bench bench(sample("damaged"));
        QVERIFY(!bench.page.isReady());
        bench.page.start();
        bench.settle();
        QVERIFY(bench.page.isReady());
        QVERIFY(bench.page.compared() == nullptr);
        QCOMPARE(bench.page.original()->layers.size(), std::size_t{8});
        QVERIFY(bench.page.original()->layers[2].score > 0.99);
        QVERIFY2(bench.page.verdict().contains(QStringLiteral("almost linear")), qPrintable(bench.page.verdict()));
        // An edit is followed, and the original is not read again.
        const auto before = bench.page.original();
        bench.repair();
        bench.follow();
        QVERIFY(bench.page.compared() != nullptr);
        QCOMPARE(bench.page.original(), before);
        QVERIFY(bench.page.compared()->layers[2].score < 0.97);
        QVERIFY2(bench.page.verdict().contains(QStringLiteral("the edits change 1 → 2 most")), qPrintable(bench.page.verdict()));
        const QString numbers = bench.chart().numbers(QLatin1Char(','));
        QVERIFY2(numbers.startsWith(QStringLiteral("place,original,original low,original high,original without residual,patched,")), qPrintable(numbers));
        QCOMPARE(numbers.count(QLatin1Char('\n')), 9);
        auto* map = bench.page.findChild<TokenMap*>();
        QCOMPARE(map->map().rows.size(), 8);
        QCOMPARE(static_cast<std::size_t>(map->map().columns.size()), bench.page.compared()->mapTokens);
    }

    void aStepLeadsToItsLayer()
    {
        Bench bench(sample("damaged"));
        bench.page.start();
        bench.settle();
        bench.page.choose(1);
        QVERIFY(bench.selection.tensor());
        QCOMPARE(bench.document.content()->roles[*bench.selection.tensor()].layer, std::optional<std::uint32_t>(1));
        auto* table = bench.page.findChild<QTableWidget*>();
        QCOMPARE(table->rowCount(), 8);
        QCOMPARE(table->currentRow(), 1);
        QVERIFY(table->isColumnHidden(8));
    }

    void tooFewTokensSaysSo()
    {
        Bench bench(sample("original"));
        bench.page.form().setText({QStringLiteral("mine"), {}, "a small dog", false});
        bench.page.start();
        bench.settle();
        QVERIFY(!bench.page.isReady());
        bool said = false;
        for (const QLabel* label : bench.page.findChildren<QLabel*>())
            said = said || label->text().contains(QStringLiteral("every score would be 1"));
        QVERIFY(said);
    }

    void comparedWithAnotherCheckpoint()
    {
        Bench bench(sample("original"));
        ReadingRequest request = bench.page.form().request();
        request.other = sample("damaged");
        request.patched = nullptr;
        Progress progress;
        const auto reading = prepareReading(request, progress);
        QVERIFY(reading);
        QVERIFY((*reading)->b != nullptr);
        QCOMPARE((*reading)->nameB, QStringLiteral("damaged"));
        QVERIFY((*reading)->b->firstDifference(*(*reading)->a).has_value());
    }
};

} // namespace wb

QTEST_MAIN(wb::TestLinearityPage)
#include "tst_linearitypage.moc"
