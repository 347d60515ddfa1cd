// The list of staged edits: every change is one undo step, and what the user sees is what the recipe holds.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/jobs.h"
#include "widgets/models/recipemodel.h"

#include <QAbstractItemModelTester>
#include <QMimeData>
#include <QtTest>

namespace wb {

using test::makeEdit;

class TestRecipeModel : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_document.adopt(m_model.opened());
        RecipePtr recipe = m_document.recipe();
        recipe = recipe->with(makeEdit(Scale{0.0625}, "name=model.layers.1.mlp.down_proj.weight"));
        recipe = recipe->with(makeEdit(Clamp{std::nullopt, 2.0}, "role=up_proj"));
        recipe = recipe->with(makeEdit(Zero{}, "layer=3 role=input_layernorm"));
        QVERIFY(m_document.change(recipe, QStringLiteral("three edits")));
    }

    void rowsAreInWords()
    {
        RecipeModel model(m_document, nullptr);
        QAbstractItemModelTester tester(&model);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("scale × 0.0625"));
        QCOMPARE(model.index(0).data(RecipeModel::TargetRole).toString(),
                 QStringLiteral("layer 1 mlp.down_proj"));
        QCOMPARE(model.index(1).data().toString(), QStringLiteral("clamp ≤ 2"));
        QCOMPARE(model.index(1).data(RecipeModel::TargetRole).toString(), QStringLiteral("role=up_proj"));
        QCOMPARE(model.index(2).data().toString(), QStringLiteral("zero"));
    }

    void sharesAreInPercentAsTheyWereWritten()
    {
        Edit edit = makeEdit(Prune{0.07}, "role=up_proj");
        edit.strength = 0.55;
        edit.elements.rows = IndexRange{0, 2};
        edit.elements.band = ValueBand{ValueBand::Kind::Top, 0.29, 1, Measure::Magnitude};
        QVERIFY(m_document.change(std::make_shared<const Recipe>()->with(edit), QStringLiteral("prune")));
        RecipeModel model(m_document, nullptr);
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("prune 7 %"));
        QCOMPARE(model.index(0).data(RecipeModel::TargetRole).toString(), QStringLiteral("role=up_proj, rows 0:2, largest 29 % by magnitude · 55 %"));
        QCOMPARE(model.index(0).data(Qt::AccessibleTextRole).toString(), QStringLiteral("prune 7 % on role=up_proj, rows 0:2, largest 29 % by magnitude, 55 %"));
        QCOMPARE(describe(edit), std::string("prune 7 % at 55 % · role=up_proj [0:2, :] top 29 % |x|"));
    }

    void aCheckBoxSwitchesAnEditOff()
    {
        RecipeModel model(m_document, nullptr);
        QVERIFY(model.setData(model.index(0), Qt::Unchecked, Qt::CheckStateRole));
        QVERIFY(!m_document.recipe()->at(0).enabled);
        QCOMPARE(model.index(0).data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
        m_document.undoStack().undo();
        QVERIFY(m_document.recipe()->at(0).enabled);
    }

    void draggingReorders_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("gap"); // above this row; -1 = below the last
        QTest::addColumn<QString>("order");
        QTest::newRow("down by one") << 0 << 2 << "clamp ≤ 2|scale × 0.0625|zero";
        QTest::newRow("to the end") << 0 << -1 << "clamp ≤ 2|zero|scale × 0.0625";
        QTest::newRow("to the front") << 2 << 0 << "zero|scale × 0.0625|clamp ≤ 2";
        QTest::newRow("onto its own place") << 1 << 1 << "scale × 0.0625|clamp ≤ 2|zero";
        QTest::newRow("below itself") << 1 << 2 << "scale × 0.0625|clamp ≤ 2|zero";
    }
    void draggingReorders()
    {
        QFETCH(int, from);
        QFETCH(int, gap);
        QFETCH(QString, order);
        RecipeModel model(m_document, nullptr);
        const std::unique_ptr<QMimeData> mime(model.mimeData({model.index(from)}));
        model.dropMimeData(mime.get(), Qt::MoveAction, gap, 0, {});
        QStringList rows;
        for (int row = 0; row < model.rowCount(); ++row)
            rows << model.index(row).data().toString();
        QCOMPARE(rows.join(QLatin1Char('|')), order);
    }

    void removedEditsComeBackByUndo()
    {
        RecipeModel model(m_document, nullptr);
        model.remove(1);
        QCOMPARE(model.rowCount(), 2);
        m_document.undoStack().undo();
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(1).data().toString(), QStringLiteral("clamp ≤ 2"));
    }

    void aNameReplacesTheWordsAndAReasonIsKept()
    {
        RecipeModel model(m_document, nullptr);
        model.describe(0, QStringLiteral("repair"), QStringLiteral("std 14 × its neighbours"));
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("repair"));
        QCOMPARE(model.index(0).data(RecipeModel::TargetRole).toString(),
                 QStringLiteral("scale × 0.0625 · layer 1 mlp.down_proj"));
        QCOMPARE(m_document.recipe()->at(0).reason, std::string("std 14 × its neighbours"));
        const int steps = m_document.undoStack().count();
        model.describe(0, QStringLiteral("repair"), QStringLiteral("std 14 × its neighbours"));
        QCOMPARE(m_document.undoStack().count(), steps); // nothing new is no step
    }

private:
    test::TinyModel m_model;
    Jobs m_jobs;
    Document m_document{m_jobs};
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestRecipeModel)
#include "tst_recipemodel.moc"
