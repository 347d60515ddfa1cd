// The diff page: follows what is staged, compares with another checkpoint, says it when nothing differs.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/charts/elementmap.h"
#include "widgets/jobs.h"
#include "widgets/models/diffmodel.h"
#include "widgets/pages/diffpage.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QTableView>
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

    // The edit in the making is of the tensor in view: a comparison that follows it must not choose another.
    void leavesTheSelectionAlone()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        document.adopt(m_model.opened());
        DiffPage page(document, jobs, selection);
        page.show();
        QVERIFY(document.change(document.recipe()->with(makeEdit(Zero{}, "layer=1 role=down_proj")), QStringLiteral("zero")));
        QTRY_VERIFY(page.summary().contains(QLatin1String("1 tensor(s) differ")));
        const std::size_t up2 = *document.original()->find("model.layers.2.mlp.up_proj.weight");
        selection.select(up2);
        QVERIFY(document.setPreview(document.recipe()->with(makeEdit(Scale{0.5}, "layer=2 role=up_proj"))));
        QTRY_VERIFY(page.summary().contains(QLatin1String("2 tensor(s) differ")));
        QCOMPARE(*selection.tensor(), up2);
        const auto* table = page.findChild<QTableView*>();
        QCOMPARE(table->currentIndex().data(DiffModel::nameRole).toString(), QStringLiteral("model.layers.2.mlp.up_proj.weight"));
        selection.select(*document.original()->find(TinyModel::down1)); // and follows it
        QCOMPARE(table->currentIndex().data(DiffModel::nameRole).toString(), QLatin1String(TinyModel::down1));
    }

    void oldNumbersDoNotStayUnderNewSides()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        document.adopt(m_model.opened());
        DiffPage page(document, jobs, selection);
        page.show();
        QVERIFY(document.change(document.recipe()->with(makeEdit(Scale{0.5}, "layer=1 role=down_proj")), QStringLiteral("scale")));
        QTRY_VERIFY(page.summary().contains(QLatin1String("1 tensor(s) differ")));
        for (QComboBox* side : page.findChildren<QComboBox*>()) { // the other way round
            side->setCurrentIndex(1 - side->currentIndex());
            emit side->activated(side->currentIndex());
        }
        QVERIFY(page.summary().isEmpty());
        QVERIFY(says(page, "Comparing"));
        QTRY_VERIFY(page.summary().contains(QLatin1String("1 tensor(s) differ")));
        QCOMPARE(page.findChild<DiffModel*>()->index(0, DiffModel::Character).data().toString(), QStringLiteral("scaled by 2"));
        document.undoStack().undo();
        document.undoStack().redo(); // what is being compared is not the same any more
        QVERIFY(says(page, "Comparing"));
        QTRY_VERIFY(jobs.running().empty());
    }

    void anotherCheckpointCanBeChosenAgain()
    {
        for (const char* name : {"second.safetensors", "third.safetensors"})
            std::filesystem::copy_file(m_model.path(), m_folder / name);
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        document.adopt(m_model.opened());
        DiffPage page(document, jobs, selection);
        page.show();
        for (const char* name : {"second.safetensors", "third.safetensors"}) {
            page.compareWith(QString::fromStdString((m_folder / name).string()));
            const QComboBox* right = page.findChildren<QComboBox*>().back();
            QTRY_VERIFY(right->currentText().startsWith(QString::fromLatin1(name).section(QLatin1Char('.'), 0, 0)));
            QTRY_VERIFY(says(page, "Nothing differs"));
            QCOMPARE(right->itemText(right->count() - 1), QStringLiteral("Another checkpoint…"));
            QTRY_VERIFY(jobs.running().empty());
        }
    }

    void theTableIsCopiedAsItIsShown()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        document.adopt(m_model.opened());
        DiffPage page(document, jobs, selection);
        page.show();
        RecipePtr recipe = document.recipe()->with(makeEdit(Scale{0.5}, "layer=1 role=down_proj"));
        recipe = recipe->with(makeEdit(Scale{1.0 / 3}, "layer=2 role=down_proj"));
        QVERIFY(document.change(recipe, QStringLiteral("two")));
        QTRY_VERIFY(page.summary().contains(QLatin1String("2 tensor(s) differ")));
        auto* table = page.findChild<QTableView*>();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        table->setFocus();
        for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            table->sortByColumn(DiffModel::Relative, order);
            QApplication::clipboard()->clear();
            QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
            const QStringList lines = QApplication::clipboard()->text().split(QLatin1Char('\n'));
            QVERIFY2(lines.front().startsWith(QLatin1String("tensor\telements_changed")), qPrintable(lines.front()));
            QCOMPARE(lines[order == Qt::AscendingOrder ? 1 : 2].section(QLatin1Char('\t'), 0, 0), QLatin1String(TinyModel::down1));
        }
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
        QVERIFY(model.asTable({0, 1}).contains(QLatin1String("a.weight\t1\t2\t")));
    }
};

} // namespace wb

QTEST_MAIN(wb::TestDiffPage)
#include "tst_diffpage.moc"
