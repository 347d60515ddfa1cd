// Document: what is staged, what is only tried, and the way back.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/jobs.h"

#include <QSignalSpy>
#include <QtTest>

namespace wb {

using test::makeEdit;
using test::TinyModel;

class TestDocument : public QObject {
    Q_OBJECT

private slots:
    void opensInAJob()
    {
        Jobs jobs;
        Document document(jobs);
        QSignalSpy opened(&document, &Document::opened);
        document.open(m_model.path());
        QVERIFY(!document.isOpen()); // not before the job has delivered
        QVERIFY(opened.wait());
        QCOMPARE(document.content()->checkpoint->tensors().size(), std::size_t{14});
        QVERIFY(document.patched());
        QCOMPARE(document.content()->roles.size(), std::size_t{14});
    }

    void aMissingFileIsToldAndTheOpenOneStays()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        std::optional<ErrorCode> code;
        connect(&document, &Document::openFailed, this, [&](const Error& error) { code = error.code; });
        document.open("/nowhere/at/all");
        QTRY_VERIFY(code.has_value());
        QCOMPARE(*code, ErrorCode::FileNotFound);
        QVERIFY(document.isOpen());
    }

    void stagingIsOneStep()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        QVERIFY(document.change(document.recipe()->with(m_scale), QStringLiteral("scale")));
        QCOMPARE(document.undoStack().count(), 1);
        QCOMPARE(document.recipe()->size(), std::size_t{1});
        QCOMPARE(document.patched()->editsOf(m_down1).size(), std::size_t{1});
        document.undoStack().undo();
        QVERIFY(document.recipe()->empty());
        QVERIFY(document.patched()->editsOf(m_down1).empty());
        QVERIFY(document.undoStack().isClean());
    }

    // Every state reached by undo and redo is the state that the same changes gave at first.
    void undoWalkEqualsReplay()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        std::vector<RecipePtr> states = {document.recipe()};
        const auto step = [&](const RecipePtr& next) {
            QVERIFY(document.change(next, QStringLiteral("step")));
            states.push_back(document.recipe());
        };
        step(document.recipe()->with(m_scale));
        step(document.recipe()->with(makeEdit(Add{0.5}, "role=up_proj")));
        step(document.recipe()->with(makeEdit(Clamp{-1.0, 1.0}, "layer=2")));
        step(document.recipe()->moved(2, 0));
        Edit off = document.recipe()->at(1);
        off.enabled = false;
        step(document.recipe()->replaced(1, off));
        step(document.recipe()->without(0));
        for (const int target : {0, 3, 1, 6, 2, 5, 0, 6}) {
            document.undoStack().setIndex(target);
            QVERIFY(*document.recipe() == *states[static_cast<std::size_t>(target)]);
            QVERIFY(*document.patched()->recipe() == *document.recipe());
        }
    }

    void stepsOfOneDragMerge()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        QVERIFY(document.change(document.recipe()->with(m_scale), QStringLiteral("scale")));
        for (const double factor : {0.4, 0.3, 0.2}) {
            const Edit edit = makeEdit(Scale{factor}, std::string("name=") + TinyModel::down1);
            QVERIFY(document.change(document.recipe()->replaced(0, edit), QStringLiteral("drag"),
                                    QStringLiteral("drag 1")));
        }
        QCOMPARE(document.undoStack().count(), 2);
        document.undoStack().undo();
        QCOMPARE(std::get<Scale>(document.recipe()->at(0).operation).factor, 0.5);
    }

    void aDragBackToItsStartIsNoStep()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        const RecipePtr before = document.recipe();
        QVERIFY(document.change(before->with(m_scale), QStringLiteral("drag"), QStringLiteral("d")));
        QVERIFY(document.change(before, QStringLiteral("drag"), QStringLiteral("d")));
        QCOMPARE(document.undoStack().count(), 0);
        QVERIFY(document.undoStack().isClean());
    }

    void aPreviewIsPatchedButNotStaged()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        QSignalSpy patched(&document, &Document::patchedChanged);
        QSignalSpy recipe(&document, &Document::recipeChanged);
        QVERIFY(document.setPreview(document.recipe()->with(m_scale)));
        QVERIFY(document.isPreviewing());
        QCOMPARE(document.patched()->editsOf(m_down1).size(), std::size_t{1});
        QVERIFY(document.staged()->editsOf(m_down1).empty());
        QCOMPARE(document.undoStack().count(), 0);
        QVERIFY(document.setPreview(nullptr));
        QVERIFY(document.patched()->editsOf(m_down1).empty());
        QCOMPARE(patched.size(), 2);
        QCOMPARE(recipe.size(), 0);
    }

    void undoEndsAPreview()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        QVERIFY(document.change(document.recipe()->with(m_scale), QStringLiteral("scale")));
        QVERIFY(document.setPreview(document.recipe()->with(m_scale)));
        document.undoStack().undo();
        QVERIFY(!document.isPreviewing());
        QVERIFY(document.patched()->editsOf(m_down1).empty());
    }

    void whatCannotBeDoneChangesNothing()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        const auto nothing = document.change(document.recipe()->with(makeEdit(Scale{2}, "role=q_proj")), {});
        QCOMPARE(nothing.error().code, ErrorCode::SelectionEmpty);
        const auto opaque = document.setPreview(document.recipe()->with(makeEdit(Scale{2}, "name=odd")));
        QCOMPARE(opaque.error().code, ErrorCode::EditNotPossible);
        QVERIFY(document.recipe()->empty());
        QCOMPARE(document.undoStack().count(), 0);
        QVERIFY(!document.isPreviewing());
    }

    void aSavedRecipeIsCleanAndComesBack()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        test::TempFolder folder;
        const auto path = folder / "recipe.json";
        QVERIFY(document.change(document.recipe()->with(m_scale), QStringLiteral("scale")));
        QVERIFY(!document.undoStack().isClean());
        QVERIFY(document.saveRecipe(path));
        QVERIFY(document.undoStack().isClean());
        document.adopt(m_model.opened());
        QVERIFY(document.recipe()->empty());
        QVERIFY(document.loadRecipe(path));
        QCOMPARE(document.recipe()->size(), std::size_t{1});
        QVERIFY(document.recipe()->at(0) == m_scale);
        QVERIFY(document.undoStack().isClean());
    }

    // Saving after an undo must not write the edits that were there before into the file that was loaded over them.
    void undoingALoadGivesBackWhereToSave()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        test::TempFolder folder;
        QVERIFY(document.change(document.recipe()->with(makeEdit(Zero{}, "layer=0")), QStringLiteral("zero")));
        QVERIFY(document.saveRecipe(folder / "loaded.json"));
        document.adopt(m_model.opened());
        QVERIFY(document.change(document.recipe()->with(m_scale), QStringLiteral("scale")));
        QVERIFY(document.saveRecipe(folder / "mine.json"));
        QVERIFY(document.loadRecipe(folder / "loaded.json"));
        QCOMPARE(document.recipePath(), folder / "loaded.json");
        document.undoStack().undo();
        QCOMPARE(document.recipePath(), folder / "mine.json");
        document.undoStack().redo();
        QCOMPARE(document.recipePath(), folder / "loaded.json");
    }

    void closingForgetsEverything()
    {
        Jobs jobs;
        Document document(jobs);
        document.adopt(m_model.opened());
        QVERIFY(document.change(document.recipe()->with(m_scale), QStringLiteral("scale")));
        document.close();
        QVERIFY(!document.isOpen());
        QVERIFY(!document.patched());
        QVERIFY(document.recipe()->empty());
        QCOMPARE(document.undoStack().count(), 0);
    }

private:
    TinyModel m_model;
    Edit m_scale = makeEdit(Scale{0.5}, std::string("name=") + TinyModel::down1);
    std::size_t m_down1 = *m_model.opened()->checkpoint->find(TinyModel::down1);
};

} // namespace wb

QTEST_GUILESS_MAIN(wb::TestDocument)
#include "tst_document.moc"
