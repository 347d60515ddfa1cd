// The page that edits layers, on the sample: costs of all layers, and each edit staged, run and undone.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/layerchart.h"
#include "widgets/document.h"
#include "widgets/jobs.h"
#include "widgets/pages/layerspage.h"
#include "widgets/runningmodels.h"
#include "widgets/selection.h"
#include "widgets/tensortext.h"

#include <QSignalSpy>
#include <QSpinBox>
#include <QtTest>

namespace wb {

class TestLayersPage : public QObject {
    Q_OBJECT

private:
    struct Bench {
        Jobs jobs;
        Document document{jobs};
        Selection selection;
        LayersPage page{document, jobs, selection};

        explicit Bench(bool measures = true)
        {
            page.resize(1000, 800);
            page.show();
            const auto opened = openForWindow(std::filesystem::path(WB_SOURCE_DIR) / "resources/sample/original");
            if (opened) document.adopt(*opened);
            page.form().setTokens(400);
            if (measures) page.start();
            settle();
        }
        void settle()
        {
            QTRY_VERIFY_WITH_TIMEOUT(jobs.running().empty(), 60'000);
            QCoreApplication::processEvents();
        }
        std::size_t layersThatRun()
        {
            Progress progress;
            const auto model = document.models()->load(document.edited(), progress);
            return model ? (*model)->config().layers.size() : 0;
        }
    };

private slots:
    void costsAndCurve()
    {
        Bench bench;
        QCOMPARE(bench.page.costs().size(), std::size_t{8});
        for (const LayerCost& cost : bench.page.costs())
            QVERIFY(cost.delta > 0 && cost.ci95.low <= cost.delta && cost.delta <= cost.ci95.high);
        QVERIFY2(bench.page.verdict().startsWith(QStringLiteral("Layer ")), qPrintable(bench.page.verdict()));
        bench.page.drawCurve();
        bench.settle();
        const QString numbers = bench.page.findChild<LayerChart*>()->numbers(QLatin1Char(','));
        QVERIFY2(numbers.startsWith(QStringLiteral("place,most linear first,most linear first low,most linear first high,cheapest first,")), qPrintable(numbers));
        QCOMPARE(numbers.count(QLatin1Char('\n')), 8); // seven may go
    }

    // Staged, run, undone; a layer that does not fit is refused before it is staged.
    void aLayerOfAnotherCheckpoint()
    {
        Bench bench;
        const auto logits = [&] {
            Progress progress;
            return computePerplexity(**bench.document.models()->load(bench.document.edited(), progress), (*prepareReading(bench.page.form().request(), progress))->ids, {}, progress)->nllMean;
        };
        const double before = logits();
        bench.page.select(4, 4);
        bench.page.transplant(3); // no checkpoint was chosen
        QVERIFY(bench.document.recipe()->empty());
        bench.page.takeFrom(QStringLiteral(WB_SOURCE_DIR "/resources/sample/damaged"));
        bench.settle();
        QCOMPARE(bench.page.findChild<QSpinBox*>(QStringLiteral("donor layer"))->value(), 4);
        bench.page.transplant(3);
        bench.settle();
        QCOMPARE(bench.document.recipe()->size(), std::size_t{1});
        QCOMPARE(operationText(bench.document.recipe()->at(0).operation), QStringLiteral("layer 3 of damaged in the place of 4"));
        QVERIFY(logits() != before);
        bench.document.undoStack().undo();
        QCOMPARE(logits(), before);
        bench.document.undoStack().redo();
        QVERIFY(logits() != before);
        const test::TempFolder folder;
        QVERIFY(bench.document.saveRecipe(folder.path() / "r.json"));
        QVERIFY(bench.document.loadRecipe(folder.path() / "r.json"));
        QCOMPARE(bench.document.recipe()->size(), std::size_t{1});
        bench.page.takeFrom(QStringLiteral(WB_SOURCE_DIR "/resources/sample/nowhere"));
        bench.settle();
        bench.page.transplant(8); // of the one before; it has no such layer
        bench.settle();
        QCOMPARE(bench.document.recipe()->size(), std::size_t{1});
    }

    // Layers can be edited before anything is measured.
    void editsWithoutAMeasurement()
    {
        Bench bench(false);
        const auto* table = bench.page.findChild<QTableWidget*>();
        QCOMPARE(table->rowCount(), 8);
        QVERIFY(table->item(3, 1)->text().isEmpty());
        bench.page.select(4, 5);
        bench.page.leaveOut();
        bench.settle();
        QCOMPARE(bench.document.recipe()->size(), std::size_t{1});
        QCOMPARE(table->rowCount(), 8); // edits number layers as the checkpoint does
        QCOMPARE(bench.layersThatRun(), std::size_t{6});
    }

    // A step to a recipe that can no longer be leaves the history; what is staged stays what the recipe says.
    void aStepWhoseCheckpointIsGone()
    {
        Bench bench;
        const test::TempFolder folder;
        std::filesystem::copy(std::filesystem::path(WB_SOURCE_DIR) / "resources/sample/damaged", folder.path() / "other");
        bench.page.takeFrom(QString::fromStdString((folder.path() / "other").string()));
        bench.settle();
        bench.page.select(4, 4);
        bench.page.transplant(3);
        bench.settle();
        QCOMPARE(bench.document.recipe()->size(), std::size_t{1});
        const SourcePtr staged = bench.document.edited();
        std::filesystem::remove_all(folder.path() / "other");
        QSignalSpy failed(&bench.document, &Document::stepFailed);
        bench.page.repeat(); // another edit beside it is refused with the reason
        QCOMPARE(bench.document.recipe()->size(), std::size_t{1});
        QCOMPARE(bench.document.edited(), staged);
        bench.document.undoStack().undo(); // away from it is always possible
        QVERIFY(bench.document.recipe()->empty());
        QCOMPARE(failed.count(), 0);
        bench.document.undoStack().redo();
        QCOMPARE(failed.count(), 1);
        QVERIFY(bench.document.recipe()->empty() && !bench.document.undoStack().canRedo());
        QCOMPARE(bench.layersThatRun(), std::size_t{8});
    }

    void editsAreStagedAndRun()
    {
        Bench bench;
        QCOMPARE(bench.layersThatRun(), std::size_t{8});
        bench.page.select(4, 5);
        bench.page.leaveOut();
        QCOMPARE(bench.document.recipe()->size(), std::size_t{1});
        QCOMPARE(bench.layersThatRun(), std::size_t{6});
        bench.document.undoStack().undo();
        QCOMPARE(bench.layersThatRun(), std::size_t{8});
        bench.page.repeat();
        QCOMPARE(bench.layersThatRun(), std::size_t{10});
        bench.document.undoStack().undo();
        bench.page.replaceByMap();
        bench.settle();
        QCOMPARE(bench.document.recipe()->size(), std::size_t{1});
        QVERIFY(std::get<LayerEdit>(bench.document.recipe()->at(0).operation).map != nullptr);
        QCOMPARE(bench.layersThatRun(), std::size_t{6});
        QVERIFY(!bench.document.recipe()->at(0).reason.empty());
        // On the text it was fitted on the map is nearer than leaving the layers out.
        Progress progress;
        const auto measure = [&](const RecipePtr& recipe) {
            const auto source = patchFully(bench.document.original(), recipe);
            return computePerplexity(**Model::load(**source, {"x", 0, nullptr, {}}, progress), (*prepareReading(bench.page.form().request(), progress))->ids, {}, progress)->nllMean;
        };
        QVERIFY(measure(bench.document.recipe()) < measure(withoutLayers(std::vector<std::uint32_t>{4, 5})));
    }
};

} // namespace wb

QTEST_MAIN(wb::TestLayersPage)
#include "tst_layerspage.moc"
