// The table of all tensors: fills itself while it is in front, follows edits, narrows, copies and exports at full precision.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/jobs.h"
#include "widgets/models/statisticsmodel.h"
#include "widgets/models/tensorfilter.h"
#include "widgets/pages/statisticspage.h"
#include "widgets/selection.h"

#include <nlohmann/json.hpp>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QTableView>
#include <QtTest>

namespace wb {

using test::makeEdit;
using test::TinyModel;

class TestStatisticsPage : public QObject {
    Q_OBJECT

private:
    TinyModel m_model;
    test::TempFolder m_folder;

    struct Bench {
        Jobs jobs;
        Document document{jobs};
        Selection selection;
        StatisticsPage page{document, jobs, selection};
        StatisticsModel* model = page.findChild<StatisticsModel*>();
        TensorFilter* shown = page.findChild<TensorFilter*>();
        QTableView* table = page.findChild<QTableView*>();

        explicit Bench(const TinyModel& tiny)
        {
            document.adopt(tiny.opened());
            page.show();
        }
        [[nodiscard]] int column(const char* name) const
        {
            for (int column = 0; column < model->columnCount(); ++column)
                if (model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString() == QLatin1String(name)) return column;
            return -1;
        }
        [[nodiscard]] int row(const char* name) const
        {
            const std::size_t tensor = *document.original()->find(name);
            for (int row = 0; row < model->rowCount(); ++row)
                if (model->tensorOf(row) == tensor) return row;
            return -1;
        }
        [[nodiscard]] double raw(const char* name, const char* statistic) const
        {
            return model->index(row(name), column(statistic)).data(StatisticsModel::sortRole).toDouble();
        }
        [[nodiscard]] bool complete() const { return model->missing().empty() && jobs.running().empty(); }
    };

private slots:
    void followsTheSelection()
    {
        Bench bench(m_model);
        bench.selection.select(*bench.document.original()->find(TinyModel::down1));
        QCOMPARE(bench.table->currentIndex().siblingAtColumn(0).data().toString(), QStringLiteral("layer 1 mlp.down_proj"));
        bench.table->selectRow(0);
        QCOMPARE(*bench.selection.tensor(), bench.document.content()->order.front());
        bench.table->selectAll(); // and leaves alone what is chosen to be copied
        bench.selection.select(bench.model->tensorOf(0));
        QCOMPARE(bench.table->selectionModel()->selectedRows().size(), bench.model->rowCount());
        QTRY_VERIFY(bench.complete());
    }

    void fillsItselfOnlyWhenLookedAt()
    {
        Jobs jobs;
        Document document(jobs);
        Selection selection;
        StatisticsPage page(document, jobs, selection);
        document.adopt(m_model.opened());
        QVERIFY(jobs.running().empty());
        page.show();
        auto* model = page.findChild<StatisticsModel*>();
        QTRY_VERIFY(model->missing().empty());
        QCOMPARE(model->rowCount(), 14);
        QVERIFY(page.summary().startsWith(QLatin1String("14 of 14")));
    }

    void numbersAreThoseOfTheCore()
    {
        Bench bench(m_model);
        QTRY_VERIFY(bench.complete());
        StatisticsCache cache;
        Progress progress;
        const auto source = bench.document.original();
        const auto expected = computeStatistics(*source, *source->find(TinyModel::down1), {}, cache, progress);
        QVERIFY(expected.has_value());
        QCOMPARE(bench.raw(TinyModel::down1, "std"), expected->std);
        QCOMPARE(bench.raw(TinyModel::down1, "kurtosis"), expected->kurtosis);
    }

    void followsStagedEditsAndUndo()
    {
        Bench bench(m_model);
        QTRY_VERIFY(bench.complete());
        const double before = bench.raw(TinyModel::down1, "std");
        QVERIFY(bench.document.change(bench.document.recipe()->with(makeEdit(Scale{0.5}, "layer=1 role=down_proj")),
                                      QStringLiteral("scale")));
        QTRY_COMPARE(bench.raw(TinyModel::down1, "std"), before / 2);
        const QModelIndex name = bench.model->index(bench.row(TinyModel::down1), StatisticsModel::Tensor);
        QVERIFY(name.data().toString().endsWith(QStringLiteral("●")));
        // An edit elsewhere leaves this tensor's numbers: nothing but the other is asked for.
        QVERIFY(bench.document.change(bench.document.recipe()->with(makeEdit(Zero{}, "layer=0 role=down_proj")),
                                      QStringLiteral("zero")));
        QCOMPARE(bench.raw(TinyModel::down1, "std"), before / 2);
        QTRY_COMPARE(bench.raw("model.layers.0.mlp.down_proj.weight", "abs_max"), 0.0);
        bench.document.undoStack().undo();
        bench.document.undoStack().undo();
        QTRY_COMPARE(bench.raw(TinyModel::down1, "std"), before);
        QVERIFY(!name.data().toString().contains(QStringLiteral("●")));
    }

    void narrowsByNameSelectionAndStatistic()
    {
        Bench bench(m_model);
        QTRY_VERIFY(bench.complete());
        bench.page.setFilter(QStringLiteral("DOWN"));
        QCOMPARE(bench.shown->rowCount(), 4);
        bench.page.setFilter(QStringLiteral("role=up_proj layer=2-3"));
        QCOMPARE(bench.shown->rowCount(), 2);
        bench.page.setFilter(QStringLiteral("role="));
        QCOMPARE(bench.shown->rowCount(), 2); // half written: what was there stays
        bench.page.setFilter(QStringLiteral("nan>0"));
        QTRY_COMPARE(bench.shown->rowCount(), 1);
        bench.page.setFilter(QStringLiteral("nothing is called so"));
        QCOMPARE(bench.shown->rowCount(), 0);
        bench.page.setFilter({});
        QCOMPARE(bench.shown->rowCount(), 14);
    }

    void sortsByNumberWithTheMissingLast()
    {
        Bench bench(m_model);
        QTRY_VERIFY(bench.complete());
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            bench.table->sortByColumn(bench.column("std"), order);
            double last = order == Qt::AscendingOrder ? -1 : 1e300;
            bool ended = false;
            for (int row = 0; row < bench.shown->rowCount(); ++row) {
                const QVariant raw = bench.shown->index(row, bench.column("std")).data(StatisticsModel::sortRole);
                QVERIFY(!(ended && raw.isValid()));
                ended = ended || !raw.isValid();
                if (!raw.isValid()) continue;
                QVERIFY(order == Qt::AscendingOrder ? raw.toDouble() >= last : raw.toDouble() <= last);
                last = raw.toDouble();
            }
        }
    }

    void copiesAndExportsFullPrecision()
    {
        Bench bench(m_model);
        QTRY_VERIFY(bench.complete());
        bench.page.setFilter(QStringLiteral("layers.1.mlp.down"));
        bench.page.copy();
        const QStringList lines = QApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        const qsizetype at = lines[0].split(QLatin1Char('\t')).indexOf(QStringLiteral("std"));
        const QStringList cells = lines[1].split(QLatin1Char('\t'));
        QCOMPARE(cells[0], QLatin1String(TinyModel::down1));
        QCOMPARE(cells[at].toDouble(), bench.raw(TinyModel::down1, "std"));

        const auto path = [this](const char* name) { return QString::fromStdString((m_folder / name).string()); };
        QVERIFY(bench.page.exportTo(path("t.json")));
        const auto json = readJson(m_folder / "t.json", false, 1 << 20);
        QVERIFY(json.has_value());
        QCOMPARE(json->size(), std::size_t{1});
        QCOMPARE((*json)[0]["std"].get<double>(), bench.raw(TinyModel::down1, "std"));
        QCOMPARE((*json)[0]["edited"].get<bool>(), false);
        QVERIFY(bench.page.exportTo(path("t.csv")));
        QFile csv(path("t.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QVERIFY(csv.readLine().startsWith("name,layer,role,dtype,shape,elements,"));
        QVERIFY(csv.readLine().startsWith("model.layers.1.mlp.down_proj.weight,1,down_proj,BF16,4x8,32,"));
        QVERIFY(!bench.page.exportTo(QStringLiteral("/nowhere/at/all.csv")));
    }

    void aDoubleClickOpensTheTensor()
    {
        Bench bench(m_model);
        QSignalSpy opened(&bench.selection, &Selection::openRequested);
        emit bench.table->doubleClicked(bench.shown->index(3, 0));
        QCOMPARE(opened.count(), 1);
        QCOMPARE(*bench.selection.tensor(), bench.model->tensorOf(3));
    }

    void theModelIsSound()
    {
        StatisticsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setContent(m_model.opened());
        QCOMPARE(model.rowCount(), 14);
        model.setContent(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }
};

} // namespace wb

QTEST_MAIN(wb::TestStatisticsPage)
#include "tst_statisticspage.moc"
