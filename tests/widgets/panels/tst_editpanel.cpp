// The edit panel: what is typed is previewed, and nothing is staged before the button.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/jobs.h"
#include "widgets/numberfield.h"
#include "widgets/panels/editpanel.h"
#include "widgets/selection.h"

#include <QComboBox>
#include <QPushButton>
#include <QtTest>

namespace wb {

using test::TinyModel;

class TestEditPanel : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_document.adopt(m_model.opened());
        m_selection.reset();
        m_panel = std::make_unique<EditPanel>(m_document, m_jobs, m_selection);
        m_panel->show();
    }
    void cleanup()
    {
        m_panel.reset();
        QTRY_VERIFY(m_jobs.running().empty());
    }

    void nothingToEditWithoutATensor()
    {
        QVERIFY(!stageButton()->isEnabled());
        QVERIFY(text().contains(QStringLiteral("Choose a tensor")));
    }

    void typingPreviewsAndStagingIsOneStep()
    {
        choose(TinyModel::down1);
        type(QStringLiteral("1/16"));
        QVERIFY(m_document.isPreviewing());
        QVERIFY(m_document.recipe()->empty());
        QTRY_VERIFY(text().contains(QStringLiteral("32 of 32 elements change")));
        QVERIFY(text().contains(QStringLiteral("0.9375")));
        m_panel->stage();
        QVERIFY(!m_document.isPreviewing());
        QCOMPARE(m_document.recipe()->size(), std::size_t{1});
        QCOMPARE(std::get<Scale>(m_document.recipe()->at(0).operation).factor, 0.0625);
        QCOMPARE(m_document.undoStack().undoText(),
                 QStringLiteral("scale × 0.0625 on layer 1 mlp.down_proj"));
        QVERIFY(!stageButton()->isEnabled()); // back to the neutral factor
    }

    void theNeutralNumberIsNoEdit()
    {
        choose(TinyModel::down1);
        type(QStringLiteral("2"));
        QVERIFY(m_document.isPreviewing());
        type(QStringLiteral("1"));
        QVERIFY(!m_document.isPreviewing());
        QVERIFY(!stageButton()->isEnabled());
        type(QStringLiteral("nonsense"));
        QVERIFY(!stageButton()->isEnabled());
    }

    void aRoleTakesAllLayers()
    {
        choose(TinyModel::down1);
        type(QStringLiteral("0.5"));
        auto* target = m_panel->findChild<QComboBox*>(QStringLiteral("target"));
        target->setCurrentIndex(1);
        emit target->activated(1);
        const auto& patched = m_document.patched();
        QCOMPARE(patched->selectedBy(0).size(), std::size_t{4});
    }

    void anEditOfOneTensorEndsWhenAnotherIsChosen()
    {
        choose(TinyModel::down1);
        type(QStringLiteral("0.5"));
        choose("model.layers.2.mlp.down_proj.weight");
        QVERIFY(!m_document.isPreviewing());
    }

    void anEditOfARoleStaysWhileItIsLookedAt()
    {
        choose(TinyModel::down1);
        type(QStringLiteral("0.5"));
        auto* target = m_panel->findChild<QComboBox*>(QStringLiteral("target"));
        target->setCurrentIndex(1);
        emit target->activated(1);
        choose("model.layers.2.mlp.down_proj.weight");
        QVERIFY(m_document.isPreviewing());
        QCOMPARE(m_document.patched()->selectedBy(0).size(), std::size_t{4});
    }

    void opaqueTensorsSayWhyNot()
    {
        choose("odd");
        QVERIFY(text().contains(QStringLiteral("F4")));
        QVERIFY(!stageButton()->isEnabled());
    }

    void longNamesDoNotWidenTheForm()
    {
        choose(TinyModel::down1);
        auto* target = m_panel->findChild<QComboBox*>(QStringLiteral("target"));
        const int before = target->minimumSizeHint().width();
        target->addItem(QStringLiteral("all 18 post_feedforward_layernorm of the checkpoint"));
        QCOMPARE(target->minimumSizeHint().width(), before);
    }

    void aStagedEditIsChangedInPlace()
    {
        choose(TinyModel::down1);
        type(QStringLiteral("0.5"));
        m_panel->stage();
        m_panel->changeStaged(0);
        QCOMPARE(field()->text(), QStringLiteral("0.5"));
        type(QStringLiteral("0.25"));
        m_panel->stage();
        QCOMPARE(m_document.recipe()->size(), std::size_t{1});
        QCOMPARE(std::get<Scale>(m_document.recipe()->at(0).operation).factor, 0.25);
        m_document.undoStack().undo();
        QCOMPARE(std::get<Scale>(m_document.recipe()->at(0).operation).factor, 0.5);
    }

    // What needs no number is an edit as soon as it is chosen, and then of the tensor that was in view.
    void normalizeIsNotProposedForTheNextTensor()
    {
        choose(TinyModel::down1);
        chooseOperation(5);
        QVERIFY(m_document.isPreviewing());
        choose("model.layers.2.mlp.down_proj.weight");
        QVERIFY(!m_document.isPreviewing());
        chooseOperation(5);
        m_panel->stage();
        QCOMPARE(m_document.recipe()->size(), std::size_t{1});
        QVERIFY(!m_document.isPreviewing());
        QVERIFY(!stageButton()->isEnabled());
    }

    void aSelectionNeedsNoTensorInView()
    {
        m_panel->chooseTensors(QStringLiteral("role=down_proj"));
        type(QStringLiteral("0.5"));
        QVERIFY(m_document.isPreviewing());
        QCOMPARE(m_document.patched()->selectedBy(0).size(), std::size_t{4});
        QTRY_VERIFY(text().contains(QStringLiteral("32 of 32 elements change")));
        m_panel->stage();
        QCOMPARE(m_document.recipe()->size(), std::size_t{1});
    }

    // What it selects is read again, and not while the window waits.
    void aSelectionByStatisticIsReadInEveryCheckpoint()
    {
        choose(TinyModel::down1);
        m_panel->chooseTensors(QStringLiteral("role=down_proj std>0"));
        type(QStringLiteral("0.5"));
        QTRY_VERIFY(m_document.isPreviewing());
        const TinyModel other;
        m_document.adopt(other.opened());
        m_selection.reset();
        choose(TinyModel::down1);
        QVERIFY(text().contains(QStringLiteral("being evaluated")));
        QTRY_VERIFY(m_jobs.running().empty());
    }

    void resetEndsThePreview()
    {
        choose(TinyModel::down1);
        type(QStringLiteral("0.5"));
        m_panel->reset();
        QVERIFY(!m_document.isPreviewing());
        QCOMPARE(field()->text(), QStringLiteral("1"));
    }

private:
    void choose(const char* name) { m_selection.select(*m_document.original()->find(name)); }
    NumberField* field() { return m_panel->findChild<NumberField*>(); }
    void type(const QString& text)
    {
        field()->selectAll();
        QTest::keyClicks(field(), text);
    }
    void chooseOperation(int index)
    {
        for (auto* box : m_panel->findChildren<QComboBox*>())
            if (box->accessibleName() == QLatin1String("Operation")) {
                box->setCurrentIndex(index);
                emit box->activated(index);
            }
    }
    QPushButton* stageButton() { return m_panel->findChild<QPushButton*>(QStringLiteral("stage")); }
    QString text()
    {
        return m_panel->findChild<QLabel*>(QStringLiteral("effect"))
            ->text()
            .replace(QChar(0x202F), QString());
    }

    TinyModel m_model;
    Jobs m_jobs;
    Document m_document{m_jobs};
    Selection m_selection;
    std::unique_ptr<EditPanel> m_panel;
};

} // namespace wb

QTEST_MAIN(wb::TestEditPanel)
#include "tst_editpanel.moc"
