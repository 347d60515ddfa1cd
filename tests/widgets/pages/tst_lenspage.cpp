// The Lens and the Activations page on the damaged sample and its repair.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/layerchart.h"
#include "widgets/charts/tokenmap.h"
#include "widgets/document.h"
#include "widgets/formstate.h"
#include "widgets/jobs.h"
#include "widgets/pages/activationspage.h"
#include "widgets/pages/lenspage.h"
#include "widgets/selection.h"

#include <QCheckBox>
#include <QTableWidget>
#include <QtTest>

namespace wb {

class TestLensPage : public QObject {
    Q_OBJECT

private:
    template <typename PageType> struct Bench {
        Jobs jobs;
        Document document{jobs};
        Selection selection;
        PageType page{document, jobs, selection};

        Bench()
        {
            page.resize(1000, 800);
            page.show();
            const auto opened = openForWindow(std::filesystem::path(WB_SOURCE_DIR) / "resources/sample/damaged");
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
    };

private slots:
    void lensFollowsTheEdits()
    {
        Bench<LensPage> bench;
        bench.page.form().setTokens(24);
        bench.page.start();
        bench.settle();
        QVERIFY(bench.page.original() != nullptr);
        QVERIFY(bench.page.compared() == nullptr);
        auto* map = bench.page.findChild<TokenMap*>();
        QCOMPARE(map->map().rows.size(), 9);
        QCOMPARE(map->map().columns.size(), 24);
        bench.repair();
        bench.follow();
        QVERIFY(bench.page.compared() != nullptr);
        // Before the layer that was edited nothing changed; behind it nearly everything did.
        bench.page.showSide(LensPage::Shown::Change);
        for (std::size_t row = 0; row <= 1; ++row)
            for (std::size_t token = 0; token < 24; ++token)
                QCOMPARE(map->map().values[row * 24 + token], 0.0F);
        QVERIFY(std::ranges::any_of(std::span(map->map().values).subspan(8 * 24), [](float value) { return std::abs(value) > 0.1F; }));
        const auto changes = lensChange(*bench.page.original(), *bench.page.compared());
        const QStringList profile = bench.page.findChild<LayerChart*>()->numbers(QLatin1Char(',')).split(QLatin1Char('\n'));
        QCOMPARE(profile.first(), QStringLiteral("place,original,patched,patched low,patched high"));
        const QStringList end = profile[8].split(QLatin1Char(','));
        QCOMPARE(end.first(), QStringLiteral("end"));
        QVERIFY(std::abs(end.last().toDouble() - (meanNextLogprob(*bench.page.original(), 8) + changes[8].high)) < 1e-4);
        bench.page.choose(8, 3);
        auto* table = bench.page.findChild<QTableWidget*>();
        QCOMPARE(table->rowCount(), 10);
        QVERIFY(!table->isColumnHidden(2));
        QVERIFY2(bench.page.facts().startsWith(QStringLiteral("Behind the last layer, after “")) && bench.page.facts().contains(QStringLiteral(" → ")), qPrintable(bench.page.facts()));
        QCOMPARE(map->numbers(QLatin1Char(',')).count(QLatin1Char('\n')), 1 + 9 * 24);
    }

    void aSuccessorTakesWhatWasMeasured()
    {
        Bench<LensPage> bench;
        bench.page.form().setTokens(24);
        bench.page.start();
        bench.settle();
        bench.page.choose(8, 3);
        for (auto* box : bench.page.findChildren<QCheckBox*>())
            box->setChecked(true);
        bench.settle();
        const FormState state(bench.page);
        LensPage next(bench.document, bench.jobs, bench.selection);
        state.applyTo(next);
        QVERIFY(bench.jobs.running().empty()); // nothing is measured again
        QVERIFY(next.original() == bench.page.original());
        QCOMPARE(next.facts(), bench.page.facts());
        QCOMPARE(next.form().request().tokens, 24U);
        QCOMPARE(next.findChild<TokenMap*>()->map().values, bench.page.findChild<TokenMap*>()->map().values);
        for (auto* box : next.findChildren<QCheckBox*>())
            QVERIFY(box->isChecked());
    }

    void activationsLeadToTheWeight()
    {
        Bench<ActivationsPage> bench;
        bench.page.form().setTokens(256);
        bench.page.start();
        bench.settle();
        QVERIFY(bench.page.original() != nullptr);
        QVERIFY2(bench.page.verdict().contains(QStringLiteral("assive activations")), qPrintable(bench.page.verdict()));
        auto* peaks = bench.page.findChild<QTableWidget*>(QStringLiteral("peaks"));
        QCOMPARE(peaks->rowCount(), 8);
        QMetaObject::invokeMethod(peaks, "cellDoubleClicked", Q_ARG(int, 1), Q_ARG(int, 0));
        QVERIFY(bench.selection.tensor());
        QCOMPARE(bench.document.tensor(*bench.selection.tensor()).name, std::string("model.layers.1.mlp.down_proj.weight"));
        auto* chart = bench.page.findChild<LayerChart*>();
        QVERIFY(!chart->numbers(QLatin1Char(',')).contains(QStringLiteral("patched")));
        bench.repair();
        bench.follow();
        QVERIFY(bench.page.compared() != nullptr);
        QVERIFY(chart->numbers(QLatin1Char(',')).startsWith(QStringLiteral("place,original,patched,patched low,patched high\n")));
        QVERIFY2(bench.page.verdict().contains(QStringLiteral("the stream's root mean square changes most behind layer ")), qPrintable(bench.page.verdict()));
    }
};

} // namespace wb

QTEST_MAIN(wb::TestLensPage)
#include "tst_lenspage.moc"
