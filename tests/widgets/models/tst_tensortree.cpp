// The tree of tensors, compared as text: indentation is depth, * marks what is edited.
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/models/tensortree.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

namespace wb {

using test::TinyModel;

namespace {

void list(const TensorTree& tree, const QModelIndex& parent, int depth, QStringList& lines)
{
    for (int row = 0; row < tree.rowCount(parent); ++row) {
        const QModelIndex index = tree.index(row, 0, parent);
        if (!index.data(TensorTree::FilteredRole).toBool()) continue;
        QString line = QString(depth, QLatin1Char(' ')) + index.data().toString();
        if (const int edited = index.data(TensorTree::EditedRole).toInt(); edited > 0)
            line += QStringLiteral(" *%1").arg(edited);
        lines << line;
        list(tree, index, depth + 1, lines);
    }
}

QStringList listed(const TensorTree& tree)
{
    QStringList lines;
    list(tree, {}, 0, lines);
    return lines;
}

} // namespace

class TestTensorTree : public QObject {
    Q_OBJECT

private slots:
    void chainsAreJoinedAndLayersAreInOrderOfComputation()
    {
        TensorTree tree;
        QAbstractItemModelTester tester(&tree);
        tree.setContent(m_model.opened());
        const QStringList lines = listed(tree);
        QCOMPARE(lines.mid(0, 8),
                 (QStringList{"model", " embed_tokens", " layers", "  0", "   input_layernorm", "   mlp",
                              "    up_proj", "    down_proj"}));
        QCOMPARE(lines.back(), QStringLiteral("odd"));
        QCOMPARE(lines.size(), 3 + 4 * 5 + 1);
    }

    void foldersCountTheirParameters()
    {
        TensorTree tree;
        tree.setContent(m_model.opened());
        const QModelIndex model = tree.index(0, 0);
        const QModelIndex layers = tree.index(1, 1, model);
        QCOMPARE(layers.data().toString(), QStringLiteral("272"));
        QVERIFY(!layers.siblingAtColumn(0).data(TensorTree::TensorRole).isValid());
    }

    void editedTensorsAndTheirFoldersAreMarked()
    {
        TensorTree tree;
        const auto opened = m_model.opened();
        tree.setContent(opened);
        RecipePtr recipe = std::make_shared<const Recipe>();
        recipe = recipe->with(test::makeEdit(Scale{2}, "role=down_proj"));
        const auto patched = patch(opened->checkpoint, recipe).value();
        tree.setEdited(patched.get());
        QVERIFY(listed(tree).contains(QStringLiteral("    down_proj *1")));
        QVERIFY(listed(tree).contains(QStringLiteral(" layers *4")));
        QCOMPARE(listed(tree).front(), QStringLiteral("model *4"));
        tree.setEdited(nullptr);
        QVERIFY(!listed(tree).join(QString()).contains(QLatin1Char('*')));
    }

    void wordsFilterNames()
    {
        TensorTree tree;
        tree.setContent(m_model.opened());
        QCOMPARE(tree.setFilter(QStringLiteral("DOWN 2")), std::size_t{1});
        QCOMPARE(listed(tree), (QStringList{"model", " layers", "  2", "   mlp", "    down_proj"}));
        QCOMPARE(tree.setFilter(QStringLiteral("nothing like it")), std::size_t{0});
        QVERIFY(listed(tree).isEmpty());
    }

    void selectionsFilterToo()
    {
        TensorTree tree;
        tree.setContent(m_model.opened());
        QCOMPARE(tree.setFilter(QStringLiteral("role=up_proj layer=1-2")), std::size_t{2});
        QCOMPARE(tree.setFilter(QStringLiteral("role=")), std::size_t{0}); // still being typed
        QCOMPARE(tree.setFilter({}), std::size_t{14});
    }

    void everyTermOfASelectionFilters()
    {
        TensorTree tree;
        tree.setContent(m_model.opened());
        QCOMPARE(tree.setFilter(QStringLiteral("!layer=0-3")), std::size_t{2});
        QCOMPARE(tree.setFilter(QStringLiteral("expert=0")), std::size_t{0});
        QVERIFY(tree.filterProblem().isEmpty()); // there are none
        QCOMPARE(tree.setFilter(QStringLiteral("layer=")), std::size_t{0});
        QVERIFY(tree.filterProblem().contains(QLatin1String("value")));
        QCOMPARE(tree.setFilter(QStringLiteral("kurtosis>20")), std::size_t{0});
        QVERIFY(tree.filterProblem().contains(QLatin1String("statistic")));
        QCOMPARE(tree.setFilter(QStringLiteral("@nowhere")), std::size_t{0});
        QVERIFY(tree.filterProblem().contains(QLatin1String("nowhere")));
        QCOMPARE(tree.setFilter({}), std::size_t{14});
        QVERIFY(tree.filterProblem().isEmpty());
    }

    // The scales of an 8-bit matrix have its name before theirs, so that the matrix is a folder too.
    void aTensorThatIsAFolderIsMarkedOnce()
    {
        test::TempFolder folder;
        test::writeFile(folder / "nested.safetensors", test::safetensorsBytes({{"a.weight", "F32", {1}, test::f32Bytes({1})}, {"a.weight.absmax", "F32", {1}, test::f32Bytes({2})}}));
        const auto opened = *openForWindow(folder / "nested.safetensors");
        TensorTree tree;
        tree.setContent(opened);
        const auto patched = patch(opened->checkpoint, Recipe().with(test::makeEdit(Scale{2}, "name=a.weight"))).value();
        for (int step = 0; step < 3; ++step) // of a drag
            tree.setEdited(patched.get());
        QCOMPARE(listed(tree).front(), QStringLiteral("a.weight *1"));
        tree.setEdited(nullptr);
        QVERIFY(!listed(tree).join(QString()).contains(QLatin1Char('*')));
    }

    void veryManyMarksAreToldOfAtOnce()
    {
        test::TempFolder folder;
        std::vector<test::BuiltTensor> tensors;
        for (int i = 0; i < 1200; ++i)
            tensors.push_back({"model.layers." + std::to_string(i) + ".w", "F32", {1}, test::f32Bytes({1})});
        test::writeFile(folder / "many.safetensors", test::safetensorsBytes(tensors));
        const auto opened = *openForWindow(folder / "many.safetensors");
        TensorTree tree;
        tree.setContent(opened);
        const auto few = patch(opened->checkpoint, Recipe().with(test::makeEdit(Scale{2}, "layer=0-9"))).value();
        const auto all = patch(opened->checkpoint, Recipe().with(test::makeEdit(Scale{2}, "name=*"))).value();
        QSignalSpy told(&tree, &TensorTree::dataChanged);
        tree.setEdited(few.get());
        QCOMPARE(told.size(), 11); // ten of them and the folder, once
        tree.setEdited(all.get());
        QCOMPARE(told.size(), 12);
        QCOMPARE(listed(tree).front(), QStringLiteral("model.layers *1200"));
        QCOMPARE(listed(tree).filter(QStringLiteral(" *1")).size(), 1201);
        tree.setEdited(nullptr);
        QCOMPARE(told.size(), 13);
        QVERIFY(!listed(tree).join(QString()).contains(QLatin1Char('*')));
    }

    void tensorsAreFoundAgain()
    {
        TensorTree tree;
        const auto opened = m_model.opened();
        tree.setContent(opened);
        for (std::size_t i = 0; i < opened->order.size(); ++i)
            QCOMPARE(tree.indexOf(i).data(TensorTree::TensorRole).toULongLong(), qulonglong(i));
        QVERIFY(!tree.indexOf(99).isValid());
    }

private:
    TinyModel m_model;
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestTensorTree)
#include "tst_tensortree.moc"
