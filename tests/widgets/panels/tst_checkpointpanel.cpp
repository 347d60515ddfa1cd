// The menu of the tree of tensors: what it offers, and what each entry does.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/jobs.h"
#include "widgets/mainwindow.h"
#include "widgets/panels/checkpointpanel.h"
#include "widgets/panels/treemenu.h"
#include "widgets/selection.h"
#include "widgets/setrecipe.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QTreeView>
#include <QtTest>

namespace wb {

using test::TinyModel;

class TestCheckpointPanel : public QObject {
    Q_OBJECT

private:
    TinyModel m_model;
    test::TempFolder m_settings;
    Jobs m_jobs;
    Document m_document{m_jobs};
    Selection m_selection;

    static QModelIndex find(const QTreeView& view, const QString& name, const QModelIndex& parent = {})
    {
        for (int row = 0; row < view.model()->rowCount(parent); ++row) {
            const QModelIndex index = view.model()->index(row, 0, parent);
            if (index.data().toString() == name) return index;
            if (const QModelIndex below = find(view, name, index); below.isValid()) return below;
        }
        return {};
    }

    static void trigger(const QMenu& menu, const QString& text)
    {
        for (QAction* action : menu.actions())
            if (action->text() == text) return action->trigger();
        QFAIL(qPrintable(text + QStringLiteral(" is not in the menu")));
    }

private slots:
    void initTestCase()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, QString::fromStdString(m_settings.path().string()));
        m_document.adopt(m_model.opened());
    }
    void cleanup()
    {
        while (m_document.undoStack().canUndo())
            m_document.undoStack().undo();
        QTRY_VERIFY(m_jobs.running().empty());
    }

    void escapeClearsTheFilterBeforeItStopsJobs()
    {
        CheckpointPanel panel(m_document, m_selection);
        auto* filter = panel.findChild<QLineEdit*>();
        QVERIFY(filter != nullptr);
        const auto taken = [&] { // what a window asks before it looks for a shortcut
            QKeyEvent event(QEvent::ShortcutOverride, Qt::Key_Escape, Qt::NoModifier);
            event.ignore();
            QCoreApplication::sendEvent(filter, &event);
            return event.isAccepted();
        };
        QVERIFY(!taken());
        filter->setText(QStringLiteral("q_proj"));
        QVERIFY(taken());
        QTest::keyClick(filter, Qt::Key_Escape);
        QVERIFY(filter->text().isEmpty());
    }

    void selectsExactlyWhatIsBelow()
    {
        const TensorSource& source = *m_document.original();
        const std::size_t down = *source.find(TinyModel::down1);
        QCOMPARE(treeTarget(source, {down}).selection, QStringLiteral("name=model.layers.1.mlp.down_proj.weight"));
        const TreeTarget layer = treeTarget(source, {down, *source.find("model.layers.1.mlp.up_proj.weight"),
                                                     *source.find("model.layers.1.input_layernorm.weight")});
        QCOMPARE(layer.selection, QStringLiteral("name=model.layers.1.*"));
        QCOMPARE(layer.names.size(), 3);
        // Not all that share the first parts: named one by one.
        const TreeTarget two = treeTarget(source, {down, *source.find("model.layers.2.mlp.down_proj.weight")});
        QCOMPARE(Selector::parse(two.selection.toStdString())->select(source)->size(), 2U);
    }

    void stagesCopiesAndShows()
    {
        MainWindow window(m_document, m_jobs, m_selection);
        window.show();
        auto* panel = window.findChild<CheckpointPanel*>();
        auto* view = panel->findChild<QTreeView*>();
        const QModelIndex layer = find(*view, QStringLiteral("1"));
        QVERIFY(layer.isValid());
        QMenu menu;
        panel->fillMenu(menu, layer);
        trigger(menu, QStringLiteral("Copy as selection"));
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("name=model.layers.1.*"));
        trigger(menu, QStringLiteral("Set to zero"));
        QCOMPARE(m_document.recipe()->size(), 1U);
        QCOMPARE(m_document.recipe()->at(0).select.text(), "name=model.layers.1.*");
        QVERIFY(std::holds_alternative<Zero>(m_document.recipe()->at(0).operation));
        m_document.undoStack().undo();
        trigger(menu, QStringLiteral("Scale by 1/2"));
        QCOMPARE(std::get<Scale>(m_document.recipe()->at(0).operation).factor, 0.5);

        const QModelIndex tensor = find(*view, QStringLiteral("mlp.down_proj"), layer);
        const QModelIndex place = tensor.isValid() ? tensor : find(*view, QStringLiteral("down_proj"), layer);
        QVERIFY(place.isValid());
        QMenu one;
        panel->fillMenu(one, place);
        trigger(one, QStringLiteral("Show tensor"));
        QCOMPARE(*m_selection.tensor(), *m_document.original()->find(TinyModel::down1));
        trigger(one, QStringLiteral("Copy as selection"));
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("name=model.layers.1.mlp.down_proj.weight"));
        trigger(one, QStringLiteral("Edit…"));
        trigger(one, QStringLiteral("Statistics"));
        trigger(one, QStringLiteral("Differences"));
        QTRY_VERIFY(m_jobs.running().empty());
    }
};

} // namespace wb

QTEST_MAIN(wb::TestCheckpointPanel)
#include "tst_checkpointpanel.moc"
