// What the menus do: the published edits are staged, selections are saved, taken and deleted by name.
#include "core/base/json.h"
#include "core/recipe/savedselections.h"
#include "tests/support/safetensorsbuilder.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/jobs.h"
#include "widgets/mainwindow.h"
#include "widgets/panels/targetform.h"
#include "widgets/selection.h"

#include <QAction>
#include <QInputDialog>
#include <QMenu>
#include <QSettings>
#include <QTimer>
#include <QtTest>

#include <nlohmann/json.hpp>

namespace wb {

class TestMenuActions : public QObject {
    Q_OBJECT

private:
    test::TempFolder m_folder;
    Jobs m_jobs;
    Document m_document{m_jobs};
    Selection m_selection;

    static QAction* find(const QMenu& menu, const QString& text)
    {
        for (QAction* action : menu.actions())
            if (action->text().contains(text)) return action;
        return nullptr;
    }
    // As the user sees it: filled when it is about to open.
    static QMenu& opened(TargetForm& form)
    {
        for (QMenu* menu : form.findChildren<QMenu*>()) {
            emit menu->aboutToShow();
            if (!menu->actions().isEmpty()) return *menu;
        }
        qFatal("no menu");
    }

private slots:
    void initTestCase()
    {
        const QString folder = QString::fromStdString(m_folder.path().string());
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder);
        qputenv("XDG_CONFIG_HOME", folder.toLocal8Bit());
    }
    void cleanup()
    {
        m_document.close();
        QTRY_VERIFY(m_jobs.running().empty());
    }

    void thePublishedEditsAreStaged()
    {
        const Json recipe = *readJson(std::string(WB_SOURCE_DIR) + "/resources/recipes/tensor-slayer-qwen3-0.6b.json", false, 1U << 20);
        std::vector<test::BuiltTensor> tensors;
        for (const Json& edit : recipe["edits"]) {
            const std::string select = edit["select"].get<std::string>();
            QVERIFY(select.starts_with("name="));
            const auto known = [&](const test::BuiltTensor& tensor) { return tensor.name == select.substr(5); };
            if (std::ranges::none_of(tensors, known))
                tensors.push_back({select.substr(5), "BF16", {2, 2}, test::bf16Bytes({1, 2, 3, -4})});
        }
        test::writeFile(m_folder / "qwen.safetensors", test::safetensorsBytes(tensors));
        MainWindow window(m_document, m_jobs, m_selection);
        window.show();
        window.openPath(QString::fromStdString((m_folder / "qwen.safetensors").string()));
        QTRY_VERIFY(m_document.isOpen());
        QAction* action = nullptr;
        for (QAction* candidate : window.findChildren<QAction*>())
            if (candidate->text().contains(QLatin1String("published edits"))) action = candidate;
        QVERIFY(action && action->isEnabled());
        action->trigger();
        QTRY_COMPARE(m_document.recipe()->size(), recipe["edits"].size());
        QCOMPARE(m_document.recipe()->at(0).select.text(), recipe["edits"][0]["select"].get<std::string>());
        QVERIFY(window.isWindowModified());
        m_document.undoStack().undo(); // one step
        QVERIFY(m_document.recipe()->empty());
    }

    void aSelectionIsSavedTakenAndDeletedByName()
    {
        const test::TinyModel model;
        m_document.adopt(model.opened());
        TargetForm form(m_document);
        form.show();
        form.setTensor(*m_document.original()->find(test::TinyModel::down1));
        form.setSelection("role=down_proj layer=1-2");
        QTimer::singleShot(0, this, [] {
            for (QWidget* widget : QApplication::topLevelWidgets())
                if (auto* dialog = qobject_cast<QInputDialog*>(widget)) {
                    dialog->setTextValue(QStringLiteral("@middle"));
                    dialog->accept();
                }
        });
        QAction* save = find(opened(form), QStringLiteral("Save this selection"));
        QVERIFY(save && save->isEnabled());
        save->trigger();
        QCOMPARE(loadSelections()->at("middle"), "role=down_proj layer=1-2");

        form.setSelection("layer=3");
        QSignalSpy edited(&form, &TargetForm::edited);
        QAction* take = find(opened(form), QStringLiteral("@middle"));
        QVERIFY(take);
        take->trigger();
        QCOMPARE(edited.size(), 1);
        QCOMPARE(form.selector()->text(), "role=down_proj layer=1-2");
        form.setSelection("@middle"); // as it is typed
        QCOMPARE(form.selector()->select(*m_document.original())->size(), 2U);

        QAction* remove = find(opened(form), QStringLiteral("Delete"));
        QVERIFY(remove && remove->menu());
        find(*remove->menu(), QStringLiteral("@middle"))->trigger();
        QVERIFY(loadSelections()->empty());
        QVERIFY(find(opened(form), QStringLiteral("nothing saved yet")));
    }
};

} // namespace wb

QTEST_MAIN(wb::TestMenuActions)
#include "tst_menuactions.moc"
