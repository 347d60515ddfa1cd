// The quick score and its page: the damaged sample before and after its repair, on the text that lies beside it.
#include "tests/support/cpu.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/changechart.h"
#include "widgets/charts/tokenflow.h"
#include "widgets/document.h"
#include "widgets/jobs.h"
#include "widgets/pages/textpage.h"
#include "widgets/quickscore.h"
#include "widgets/quickscorestrip.h"
#include "widgets/runningmodels.h"
#include "widgets/selection.h"

#include <QLabel>
#include <QtTest>

namespace wb {

class TestTextPage : public QObject {
    Q_OBJECT

private:
    struct Bench {
        Jobs jobs;
        Document document{jobs};
        Selection selection;
        QuickScore score{document, jobs, nullptr};
        QuickScoreStrip strip{score};
        TextPage page{document, jobs, selection, score};

        explicit Bench(const std::filesystem::path& path, bool visible = true)
        {
            page.resize(1000, 700);
            if (visible) page.show();
            const auto opened = openForWindow(path);
            if (opened) document.adopt(*opened);
            settle();
        }
        void settle()
        {
            QTRY_VERIFY_WITH_TIMEOUT(score.state() != QuickScore::State::Computing && jobs.running().empty(), 60'000);
            QCoreApplication::processEvents();
        }
        void repair()
        {
            const auto recipe = document.recipe()->with(test::makeEdit(Scale{0.0625}, "role=down_proj layer=1"));
            QVERIFY(document.change(recipe, QStringLiteral("repair")));
        }
    };
    static std::filesystem::path sample(const char* name) { return std::filesystem::path(WB_SOURCE_DIR) / "resources/sample" / name; }

private slots:
    void theRepairIsMeasured()
    {
        Bench bench(sample("damaged"));
        QCOMPARE(bench.score.state(), QuickScore::State::Ready);
        QVERIFY2(bench.page.verdict().startsWith(QStringLiteral("The loss is ")), qPrintable(bench.page.verdict()));
        const double before = bench.score.comparison()->a.nllMean;
        bench.repair();
        QCOMPARE(bench.score.state(), QuickScore::State::Computing);
        bench.settle();
        QVERIFY2(bench.page.verdict().startsWith(QStringLiteral("Δ loss −")) && bench.page.verdict().endsWith(QStringLiteral("the edits make it better.")),
                 qPrintable(bench.page.verdict()));
        QVERIFY(bench.strip.text().startsWith(QStringLiteral("Δ loss −")));
        // As measured whole and alone.
        Progress progress;
        const auto& comparison = *bench.score.comparison();
        const auto model = bench.document.models()->load(bench.document.patched(), progress);
        PerplexityOptions options = QuickScore::options(*bench.score.text()->tokenizer, (*model)->config());
        const auto alone = computePerplexity(**model, bench.score.text()->ids, options, progress);
        if (test::productsDoNotDependOnRows()) QCOMPARE(comparison.b.nll, alone->nll);
        QCOMPARE(comparison.b.nll.size(), alone->nll.size());
        for (std::size_t i = 0; i < alone->nll.size(); ++i)
            QVERIFY(std::abs(comparison.b.nll[i] - alone->nll[i]) < 1e-4);
        QCOMPARE(comparison.a.nllMean, before);
        bench.document.undoStack().undo();
        bench.settle();
        QVERIFY(bench.page.verdict().startsWith(QStringLiteral("The loss is ")));
    }

    void tokensAndCandidates()
    {
        Bench bench(sample("damaged"));
        bench.repair();
        bench.settle();
        auto* flow = bench.page.findChild<TokenFlow*>();
        QCOMPARE(static_cast<std::size_t>(flow->count()), bench.score.text()->ids.size());
        bench.page.choose(5);
        bench.settle();
        QCOMPARE(bench.page.candidates(), 12);
        QVERIFY2(bench.page.facts().contains(QStringLiteral("KL divergence")), qPrintable(bench.page.facts()));
        const QString numbers = bench.page.findChild<ChangeChart*>()->numbers(QLatin1Char(','));
        QCOMPARE(numbers.count(QLatin1Char('\n')), flow->count() + 1);
    }

    // Nothing is loaded before something is staged or somebody looks.
    void quietUntilNeeded()
    {
        Bench bench(sample("original"), false);
        QCOMPARE(bench.score.state(), QuickScore::State::Off);
        QVERIFY(!bench.strip.isVisibleTo(nullptr));
        bench.repair();
        bench.settle();
        QCOMPARE(bench.score.state(), QuickScore::State::Ready);
        QVERIFY(bench.score.comparison()->deltaMean > 0);
    }

    void nextEditCancels()
    {
        Bench bench(sample("damaged"));
        for (int i = 0; i < 5; ++i) {
            bench.repair();
            QTest::qWait(i * 40);
        }
        bench.settle();
        QCOMPARE(bench.score.state(), QuickScore::State::Ready);
        bench.page.setText({QStringLiteral("mine"), {}, "One day a small dog ran to the big tree.", false});
        bench.settle();
        QCOMPARE(bench.score.text()->source.name, QStringLiteral("mine"));
        bench.score.setLimit(16);
        bench.page.setText({QStringLiteral("short"), {}, "a", false});
        bench.settle();
        QVERIFY(bench.score.state() == QuickScore::State::Ready || bench.score.state() == QuickScore::State::Failed);
    }

    void whatDoesNotRunSaysSo()
    {
        const test::TinyModel tiny;
        Bench bench(tiny.path());
        QCOMPARE(bench.score.state(), QuickScore::State::Nothing);
        bool said = false;
        for (const QLabel* label : bench.page.findChildren<QLabel*>())
            said = said || label->text() == QStringLiteral("This checkpoint does not run here");
        QVERIFY(said);
    }
};

} // namespace wb

QTEST_MAIN(wb::TestTextPage)
#include "tst_textpage.moc"
