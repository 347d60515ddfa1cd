// The diff page: follows what is staged, compares with another checkpoint, says it when nothing differs.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/elementmap.h"
#include "widgets/jobs.h"
#include "widgets/models/diffmodel.h"
#include "widgets/pages/diffpage.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QtTest>

#include <cmath>

namespace wb {

using test::makeEdit;
using test::TinyModel;

class TestDiffPage : public QObject {
    Q_OBJECT

private:
    TinyModel m_model;
    test::TempFolder m_folder;

    static bool says(const DiffPage& page, const char* text)
    {
        for (const QLabel* label : page.findChild<StateView*>()->findChildren<QLabel*>())
            if (label->text().contains(QLatin1String(text))) return true;
        return false;
    }

private slots:
    void followsWhatIsStaged()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        document.adopt(m_model.opened());
        DiffPage page(document, jobs, selection);
        page.show();
        QVERIFY(says(page, "Nothing is staged"));
        QVERIFY(document.change(document.recipe()->with(makeEdit(Scale{0.5}, "layer=1 role=down_proj")), QStringLiteral("scale")));
        QTRY_VERIFY2(page.summary().contains(QLatin1String("1 tensor(s) differ; 13")), qPrintable(page.summary()));
        auto* model = page.findChild<DiffModel*>();
        QCOMPARE(model->index(0, DiffModel::Character).data().toString(), QStringLiteral("scaled by 0.5000"));
        QCOMPARE(*selection.tensor(), *document.original()->find(TinyModel::down1));
        document.undoStack().undo();
        QVERIFY(says(page, "Nothing is staged"));
    }

    void comparesWithAnotherCheckpoint()
    {
        std::filesystem::copy_file(m_model.path(), m_folder / "twin.safetensors");
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        document.adopt(m_model.opened());
        DiffPage page(document, jobs, selection);
        page.show();
        page.compareWith(QString::fromStdString((m_folder / "twin.safetensors").string()));
        QTRY_VERIFY(says(page, "Nothing differs"));
        QVERIFY(document.change(document.recipe()->with(makeEdit(Zero{}, "layer=0 role=up_proj")), QStringLiteral("zero")));
        QTRY_VERIFY(page.summary().contains(QLatin1String("1 tensor(s) differ")));
    }

    void theMapShowsEveryDifference()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        document.adopt(m_model.opened());
        DiffPage page(document, jobs, selection);
        page.resize(900, 700);
        page.show();
        QVERIFY(document.change(document.recipe()->with(makeEdit(Scale{0.5}, "layer=1 role=down_proj")), QStringLiteral("scale")));
        QTRY_VERIFY(page.summary().contains(QLatin1String("1 tensor(s) differ")));
        page.showMap(true);
        auto* map = page.findChild<ElementMap*>();
        QTRY_COMPARE(map->numbers(QLatin1Char(',')).count(QLatin1Char('\n')), 33); // 4 × 8 and the names
        const double value = static_cast<double>(std::sin(0.5F) * 16);
        const double difference = map->numbers(QLatin1Char(',')).split(QLatin1Char('\n'))[1].split(QLatin1Char(',')).last().toDouble();
        QVERIFY(std::abs(difference + value / 2) < 0.05);
    }

    void aCheckpointThatIsNotThereIsSaid()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        document.adopt(m_model.opened());
        DiffPage page(document, jobs, selection);
        page.show();
        page.compareWith(QStringLiteral("/nowhere/at/all"));
        QTRY_VERIFY(jobs.running().empty());
        QVERIFY(says(page, "Nothing is staged"));
    }

    void theModelIsSound()
    {
        DiffModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto report = std::make_shared<DiffReport>();
        report->onlyA = {"left.weight"};
        TensorDifference difference;
        difference.name = "a.weight";
        difference.shape = {2};
        difference.elements = 2;
        difference.elementsChanged = 1;
        difference.character = "sparse";
        report->changed.push_back(difference);
        model.setReport(report);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1, DiffModel::Character).data().toString(), QStringLiteral("only on the left"));
        QVERIFY(model.asTable().contains(QLatin1String("a.weight\t1\t2\t")));
    }
};

} // namespace wb

QTEST_MAIN(wb::TestDiffPage)
#include "tst_diffpage.moc"
