// The forms of the edit panel: every operation and every part of a tensor that a recipe can name, and nothing of a
// staged edit is lost when it is changed.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/jobs.h"
#include "widgets/numberfield.h"
#include "widgets/panels/editpanel.h"
#include "widgets/panels/elementsform.h"
#include "widgets/models/recipemodel.h"
#include "widgets/panels/operationform.h"
#include "widgets/panels/recipepanel.h"
#include "widgets/selection.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QToolButton>
#include <QtTest>

namespace wb {

using test::TinyModel;

class TestEditForms : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_document.adopt(m_model.opened());
        m_selection.reset();
        m_panel = std::make_unique<EditPanel>(m_document, m_jobs, m_selection);
        m_panel->show();
        m_selection.select(*m_document.original()->find(TinyModel::down1));
    }
    void cleanup()
    {
        m_panel.reset();
        QTRY_VERIFY(m_jobs.running().empty());
    }

    void operationsComeBackAsTheyWere_data()
    {
        QTest::addColumn<int>("which");
        for (int i = 0; i < static_cast<int>(operations().size()); ++i)
            QTest::addRow("%s %d", operationName(operations()[static_cast<std::size_t>(i)]), i) << i;
    }
    void operationsComeBackAsTheyWere()
    {
        QFETCH(int, which);
        const Operation operation = operations()[static_cast<std::size_t>(which)];
        OperationForm form;
        form.load(operation);
        QVERIFY(form.operation() == std::optional(operation));
    }

    void nothingOfAStagedEditIsLost()
    {
        Edit edit = test::makeEdit(Noise{0.5, 12345678901234567ULL, true}, "layer=1,2 name=*proj*");
        edit.label = "label";
        edit.reason = "reason";
        edit.group = "group";
        edit.strength = 0.07;
        edit.enabled = false;
        edit.elements.rows = IndexRange{1, 3};
        edit.elements.cols = IndexRange{0, 4};
        edit.elements.band = ValueBand{ValueBand::Kind::Quantile, 0.07, 0.57, Measure::Magnitude};
        QVERIFY(m_document.change(m_document.recipe()->with(edit), QStringLiteral("edit")));
        m_panel->changeStaged(0);
        m_panel->stage();
        QVERIFY(m_document.recipe()->at(0) == edit);
    }

    void noMatchIsAnErrorInPlace()
    {
        chooseTyped(QStringLiteral("role=q_projj"));
        auto* matched = m_panel->findChild<QLabel*>(QStringLiteral("matched"));
        QVERIFY(matched->isVisibleTo(m_panel.get()));
        QVERIFY(matched->property("error").toBool());
        QVERIFY(!m_panel->findChild<QPushButton*>(QStringLiteral("stage"))->isEnabled());
        chooseTyped(QStringLiteral("role=down_proj"));
        QVERIFY(!matched->property("error").toBool());
        QVERIFY2(matched->text().contains(QLatin1Char('4')), qPrintable(matched->text()));
    }

    void aSelectionByStatisticIsEvaluatedInAJob()
    {
        m_panel->propose(Scale{2});
        chooseTyped(QStringLiteral("role=down_proj abs_max>=0"));
        QVERIFY(!m_document.isPreviewing());
        QTRY_VERIFY(m_document.isPreviewing());
        QCOMPARE(m_document.patched()->selectedBy(0).size(), std::size_t{4});
    }

    void whatStagesIsPartOfTheTensor()
    {
        m_panel->propose(Zero{});
        auto* part = m_panel->findChild<QComboBox*>(QStringLiteral("part"));
        part->setCurrentIndex(1);
        emit part->activated(1);
        type("rows", QStringLiteral("0:2"));
        type("group", QStringLiteral("mine"));
        QVERIFY(m_document.isPreviewing());
        m_panel->stage();
        const Edit& edit = m_document.recipe()->at(0);
        QVERIFY(edit.elements.rows == std::optional(IndexRange{0, 2}));
        QVERIFY(edit.elements.band && edit.elements.band->kind == ValueBand::Kind::Top);
        QCOMPARE(edit.elements.band->low, 0.1);
        QCOMPARE(edit.group, std::string("mine"));
    }

    void unreadablePlacesCannotBeStaged()
    {
        m_panel->propose(Zero{});
        type("rows", QStringLiteral("4:2"));
        QVERIFY(!m_document.isPreviewing());
        QVERIFY(!m_panel->findChild<QPushButton*>(QStringLiteral("stage"))->isEnabled());
    }

    void theRecipeDockSaysWhatComesToNothing()
    {
        RecipePanel panel(m_document, m_jobs);
        auto* model = panel.findChild<QListView*>()->model();
        const auto verdict = [model](int row) { return model->index(row, 0).data(RecipeModel::VerdictRole).toString(); };
        const Edit real = test::makeEdit(Scale{0.5}, "name=*1.mlp.down_proj*");
        Edit lost = test::makeEdit(Scale{1.0000001}, "name=*1.mlp.down_proj*");
        lost.group = "g";
        QVERIFY(m_document.change(m_document.recipe()->with(real)->with(lost), QStringLiteral("two")));
        QTRY_VERIFY(!verdict(1).isEmpty());
        QVERIFY(verdict(0).isEmpty());
        QVERIFY(model->index(1, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("rounding step")));
        static_cast<RecipeModel*>(model)->enableGroup("g", false);
        QVERIFY(!m_document.recipe()->at(1).enabled);
        QVERIFY(m_document.recipe()->at(0).enabled);
        QTRY_VERIFY(m_jobs.running().empty());
        QVERIFY(verdict(1).isEmpty()); // switched off on purpose
    }

    void aProofThatIsOvertakenCanBeAskedForAgain()
    {
        RecipePanel panel(m_document, m_jobs);
        const RecipePtr one = m_document.recipe()->with(test::makeEdit(Scale{0.5}, "name=*1.mlp.down_proj*"));
        QVERIFY(m_document.change(one, QStringLiteral("one")));
        panel.prove();
        QVERIFY(m_document.change(one->with(test::makeEdit(Zero{}, "layer=2")), QStringLiteral("two")));
        QTRY_VERIFY(m_jobs.running().empty());
        QVERIFY(panel.findChild<QToolButton*>(QStringLiteral("prove"))->isEnabled());
    }

    void theModelProvesWhatEditsDo()
    {
        Document document(m_jobs);
        document.adopt(*openForWindow(std::filesystem::path(WB_SOURCE_DIR) / "resources/sample/original"));
        RecipePanel panel(document, m_jobs);
        auto* list = panel.findChild<QListView*>();
        const auto verdict = [list](int row) { return list->model()->index(row, 0).data(RecipeModel::VerdictRole).toString(); };
        const RecipePtr two = document.recipe()->with(test::makeEdit(Scale{0.5}, "role=down_proj layer=1"))->with(test::makeEdit(Scale{1.0000001}, "role=down_proj layer=2"));
        QVERIFY(document.change(two, QStringLiteral("two")));
        QTRY_VERIFY(m_jobs.running().empty());
        panel.prove();
        QTRY_VERIFY(m_jobs.running().empty());
        QVERIFY2(verdict(0).startsWith(QStringLiteral("✓ proven: logits change by ")), qPrintable(verdict(0)));
        QVERIFY2(verdict(1).contains(QStringLiteral(" · proven: not one bit of the logits changes")), qPrintable(verdict(1)));
        document.undoStack().undo(); // what was proven of another recipe goes
        QTRY_VERIFY(m_jobs.running().empty());
        QVERIFY(verdict(0).isEmpty());
    }

    void listsOfNumbers()
    {
        QVERIFY(parseNumbers(QStringLiteral("7, 0,4-6,5")) == std::optional(std::vector<std::uint32_t>{0, 4, 5, 6, 7}));
        QVERIFY(!parseNumbers(QStringLiteral("3-1")));
        QVERIFY(!parseNumbers(QStringLiteral("0-4000000000")));
        QVERIFY(parseRange(QStringLiteral("5")) == std::optional(IndexRange{5, 6}));
        QVERIFY(!parseRange(QStringLiteral("1:2:3")));
    }

private:
    static std::vector<Operation> operations()
    {
        return {Scale{0.0625},
                Add{-0.5},
                Clamp{std::nullopt, 20},
                Set{3},
                Zero{},
                Normalize{Normalize::Form::Standard, 1},
                Normalize{Normalize::Form::AroundMean, 2.5},
                Normalize{Normalize::Form::Epsilon, 1},
                Prune{0.07},
                Prune{1.0 / 3},
                Noise{0.01, 18446744073709551615ULL, false},
                Noise{0.25, 7, true}};
    }

    void chooseTyped(const QString& text)
    {
        auto* target = m_panel->findChild<QComboBox*>(QStringLiteral("target"));
        target->setCurrentIndex(target->count() - 1);
        type("selection", text);
    }
    void type(const char* name, const QString& text)
    {
        auto* field = m_panel->findChild<QLineEdit*>(QLatin1String(name));
        field->setText(text);
        emit field->textEdited(text);
    }

    TinyModel m_model;
    Jobs m_jobs;
    Document m_document{m_jobs};
    Selection m_selection;
    std::unique_ptr<EditPanel> m_panel;
};

} // namespace wb

QTEST_MAIN(wb::TestEditForms)
#include "tst_editforms.moc"
