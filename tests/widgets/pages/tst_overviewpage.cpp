// The overview: what stands apart is said in words, numbers follow the edits, a click goes to the tensor.
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/partsbar.h"
#include "widgets/charts/profilechart.h"
#include "widgets/charts/rolemap.h"
#include "widgets/jobs.h"
#include "widgets/pages/overviewpage.h"
#include "widgets/selection.h"

#include <QAction>
#include <QLabel>
#include <QSignalSpy>
#include <QtTest>

namespace wb {

using test::makeEdit;

class TestOverviewPage : public QObject {
    Q_OBJECT

private:
    test::TempFolder m_folder;

    // Six layers of one role; layer 2 is ten times as wide.
    std::shared_ptr<const Opened> model(const char* name, bool damaged, bool withNaN = false)
    {
        std::vector<test::BuiltTensor> tensors;
        for (int layer = 0; layer < 6; ++layer) {
            const float wide = damaged && layer == 2 ? 10.0F : 1.0F;
            std::vector<float> values = {wide, -wide, 2 * wide, -2 * wide};
            if (withNaN && layer == 4) values[0] = std::numeric_limits<float>::quiet_NaN();
            tensors.push_back({"model.layers." + std::to_string(layer) + ".mlp.up_proj.weight", "BF16", {2, 2}, test::bf16Bytes(values)});
        }
        test::writeFile(m_folder / name, test::safetensorsBytes(tensors));
        return *openForWindow(m_folder / name);
    }

private slots:
    void saysWhatStandsApartAndGoesThere()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        OverviewPage page(document, jobs, selection);
        page.resize(1000, 700);
        document.adopt(model("damaged.safetensors", true));
        QTRY_VERIFY(page.sentence().contains(QLatin1String("layer 2 mlp.up_proj")));
        QVERIFY2(page.sentence().contains(QLatin1String("(15.81 against 1.581)")), qPrintable(page.sentence()));
        page.show();
        auto* map = page.findChild<RoleMap*>();
        QSignalSpy opened(&selection, &Selection::openRequested);
        QTest::mouseClick(map, Qt::LeftButton, Qt::NoModifier, map->placeOf(0, 2));
        QCOMPARE(opened.count(), 1);
        QCOMPARE(*selection.tensor(), std::size_t{2});
    }

    void theSentenceAndTheProfileFollowAnEdit()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        OverviewPage page(document, jobs, selection);
        document.adopt(model("damaged.safetensors", true));
        QTRY_VERIFY(!page.sentence().isEmpty());
        QVERIFY(document.change(document.recipe()->with(makeEdit(Scale{0.1}, "layer=2")), QStringLiteral("scale")));
        QTRY_VERIFY2(page.sentence().contains(QLatin1String("With the edits nothing does")), qPrintable(page.sentence()));
        auto* chart = page.findChild<ProfileChart*>();
        const QStringList lines = chart->numbers(QLatin1Char(',')).split(QLatin1Char('\n'));
        QVERIFY2(lines[3].startsWith(QLatin1String("2,15.8")) && lines[3].contains(QLatin1String(",1.58")), qPrintable(lines[3]));
        document.undoStack().undo();
        QTRY_VERIFY(!page.sentence().contains(QLatin1String("With the edits")));
    }

    void theMapShowsTheRelativeChange()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        OverviewPage page(document, jobs, selection);
        page.resize(1000, 700);
        document.adopt(model("sound.safetensors", false));
        page.show();
        QTRY_VERIFY(!page.sentence().isEmpty());
        for (QAction* action : page.findChildren<QAction*>())
            if (action->text() == QLatin1String(OverviewData::relativeChange)) action->trigger();
        QVERIFY(document.change(document.recipe()->with(makeEdit(Scale{0.5}, "layer=3")), QStringLiteral("scale")));
        auto* chart = page.findChild<ProfileChart*>(); // ‖0.5 w − w‖ / ‖w‖ = 0.5
        const auto line = [&](int layer) { return chart->numbers(QLatin1Char(',')).split(QLatin1Char('\n'))[layer + 1]; };
        QTRY_COMPARE(line(3), QStringLiteral("3,0,0.5"));
        QCOMPARE(line(2), QStringLiteral("2,0,0"));
        document.undoStack().undo();
        QTRY_VERIFY2(!line(3).contains(QLatin1String("0.5")), qPrintable(line(3)));
    }

    void whatWasOpenBeforeIsKnownAtOnce()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        OverviewPage page(document, jobs, selection);
        document.adopt(model("again.safetensors", true));
        QTRY_VERIFY(page.sentence().contains(QLatin1String("stand")));
        QTRY_VERIFY(jobs.running().empty());
        const QString before = page.sentence();
        document.adopt(nullptr);
        QVERIFY(page.sentence().isEmpty());
        document.adopt(*openForWindow(m_folder / "again.safetensors"));
        QCOMPARE(page.sentence(), before); // without a job
    }

    void thePartsOfGpt2AreKnown()
    {
        std::vector<test::BuiltTensor> tensors = {{"wte.weight", "F32", {1, 2}, test::f32Bytes({1, 2})}, {"wpe.weight", "F32", {1, 2}, test::f32Bytes({1, 2})}};
        for (const char* name : {"h.0.mlp.c_fc.weight", "h.0.mlp.c_proj.weight"})
            tensors.push_back({name, "F32", {2, 2}, test::f32Bytes({1, 2, 3, 4})});
        test::writeFile(m_folder / "gpt2.safetensors", test::safetensorsBytes(tensors));
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        OverviewPage page(document, jobs, selection);
        document.adopt(*openForWindow(m_folder / "gpt2.safetensors"));
        QStringList words;
        for (const PartsBar* bar : page.findChildren<PartsBar*>())
            for (const QLabel* label : bar->findChildren<QLabel*>())
                words << label->text();
        const QString parts = words.join(QString()).replace(QChar(0x202F), QLatin1Char(' '));
        QVERIFY2(parts.contains(QLatin1String("feed-forward 66.7 %")) && parts.contains(QLatin1String("embedding 33.3 %")), qPrintable(parts));
        QTRY_VERIFY(jobs.running().empty());
    }

    void isCalmWhenNothingStandsApart()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        OverviewPage page(document, jobs, selection);
        document.adopt(model("sound.safetensors", false));
        QTRY_VERIFY(page.sentence().contains(QLatin1String("No tensor stands apart")));
    }

    void namesNaNFirst()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        OverviewPage page(document, jobs, selection);
        document.adopt(model("nan.safetensors", true, true));
        QTRY_VERIFY2(page.sentence().contains(QLatin1String("1 NaN")), qPrintable(page.sentence()));
        QVERIFY(page.sentence().contains(QLatin1String("layer 4")));
    }
};

} // namespace wb

QTEST_MAIN(wb::TestOverviewPage)
#include "tst_overviewpage.moc"
