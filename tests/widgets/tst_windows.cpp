#include "widgets/windows.h"

#include "tests/support/widgets/russian.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/mainwindow.h"
#include "widgets/pages/diffpage.h"
#include "widgets/pages/generatepage.h"
#include "widgets/pages/overviewpage.h"
#include "widgets/pages/page.h"
#include "widgets/pages/statisticspage.h"
#include "widgets/pages/tokenspage.h"
#include "widgets/panels/checkpointpanel.h"
#include "widgets/panels/editpanel.h"
#include "widgets/panels/operationform.h"
#include "widgets/panels/targetform.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>

namespace wb {

class TestWindows : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, QString::fromStdString(m_folder.path().string()));
    }

    void anotherLanguageKeepsWhatIsOpen()
    {
        test::TinyModel model;
        const auto recipe = m_folder / "recipe.json";
        test::writeFile(recipe, R"({"format":"weightbench.recipe/1","edits":[{"op":"scale","select":"role=down_proj layer=1","factor":0.5}]})");
        Windows windows;
        MainWindow& first = windows.open();
        windows.open(); // with nothing open
        first.openWithRecipe(QString::fromStdString(model.path().string()), QString::fromStdString(recipe.string()));
        QTRY_VERIFY(status(first).contains(QStringLiteral("1 edit")));
        first.showPage(2);
        const QString title = first.windowTitle(), page = first.findChild<QTabWidget*>()->tabText(2);
        const QPointer<MainWindow> former(&first);

        test::Russian russian;
        QCoreApplication::installTranslator(&russian);
        windows.rebuild();
        QVERIFY(former.isNull());
        QCOMPARE(windows.count(), 2U);
        const auto shown = [&] {
            for (QWidget* widget : QApplication::topLevelWidgets())
                if (auto* window = qobject_cast<MainWindow*>(widget); window && window->windowTitle() == title) return window;
            return static_cast<MainWindow*>(nullptr);
        };
        QVERIFY(shown() != nullptr);
        QVERIFY(shown()->isVisible());
        QVERIFY(status(*shown()).contains(QStringLiteral("1 правка")));
        QCOMPARE(shown()->page(), 2);
        QVERIFY(shown()->findChild<QTabWidget*>()->tabText(2) != page);
        QCOMPARE(shown()->findChild<QTabWidget*>()->tabText(2), static_cast<Page*>(shown()->findChild<QTabWidget*>()->widget(2))->title());
        QCoreApplication::removeTranslator(&russian);
        windows.rebuild();
        QCOMPARE(shown()->findChild<QTabWidget*>()->tabText(2), page);
        QVERIFY(status(*shown()).contains(QStringLiteral("1 edit")));
    }

    void anotherLanguageKeepsWhatIsTyped()
    {
        test::TinyModel model, sibling;
        Windows windows;
        MainWindow* window = &windows.open();
        window->openPath(QString::fromStdString(model.path().string()));
        QTRY_VERIFY(status(*window).contains(QStringLiteral("no edits")));
        auto* tree = part<CheckpointPanel>(*window).findChild<QTreeView*>();
        const auto found = tree->model()->match(tree->model()->index(0, 0), Qt::DisplayRole, QStringLiteral("down_proj"), 1,
                                                Qt::MatchContains | Qt::MatchRecursive);
        QVERIFY(!found.empty());
        tree->setCurrentIndex(found.front());
        QTRY_VERIFY(window->findChild<OperationForm*>()->isEnabled());
        part<GeneratePage>(*window).findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("Once upon"));
        part<TokensPage>(*window).findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("a text"));
        part<CheckpointPanel>(*window).findChild<QLineEdit*>()->setText(QStringLiteral("down"));
        part<StatisticsPage>(*window).setFilter(QStringLiteral("up_proj"));
        part<DiffPage>(*window).compareWith(QString::fromStdString(sibling.path().string()));
        part<EditPanel>(*window).chooseTensors(QStringLiteral("role=up_proj"));
        part<EditPanel>(*window).propose(Clamp{-0.25, std::nullopt});
        for (auto* button : part<OverviewPage>(*window).findChildren<QToolButton*>())
            if (button->isCheckable()) button->click();
        QTRY_COMPARE(combo<DiffPage>(*window, 1).currentIndex(), 2);
        const QString other = combo<DiffPage>(*window, 1).currentText();
        window->showPage(3);
        test::Russian russian;
        QCoreApplication::installTranslator(&russian);
        windows.rebuild();
        for (QWidget* widget : QApplication::topLevelWidgets())
            if (auto* next = qobject_cast<MainWindow*>(widget)) window = next;
        QVERIFY(status(*window).contains(QStringLiteral("правок")) || status(*window).contains(QStringLiteral("правк")));
        QCOMPARE(window->page(), 3);
        QCOMPARE(part<GeneratePage>(*window).findChild<QPlainTextEdit*>()->toPlainText(), QStringLiteral("Once upon"));
        QCOMPARE(part<TokensPage>(*window).findChild<QPlainTextEdit*>()->toPlainText(), QStringLiteral("a text"));
        QCOMPARE(part<CheckpointPanel>(*window).findChild<QLineEdit*>()->text(), QStringLiteral("down"));
        QCOMPARE(part<StatisticsPage>(*window).findChild<QLineEdit*>()->text(), QStringLiteral("up_proj"));
        QCOMPARE(combo<DiffPage>(*window, 1).currentIndex(), 2);
        QCOMPARE(combo<DiffPage>(*window, 1).currentText(), other);
        QVERIFY(part<OperationForm>(*window).operation() == std::optional<Operation>(Clamp{-0.25, std::nullopt}));
        QVERIFY(part<TargetForm>(*window).selector()->text() == "role=up_proj");
        QVERIFY(part<EditPanel>(*window).findChild<QPushButton*>(QStringLiteral("stage"))->isEnabled()); // the preview is there again
        QCoreApplication::removeTranslator(&russian);
    }

private:
    template <typename Part> static Part& part(const MainWindow& window) { return *window.findChild<Part*>(); }
    template <typename Part> static QComboBox& combo(const MainWindow& window, int index) { return *part<Part>(window).template findChildren<QComboBox*>()[index]; }
    static QString status(const MainWindow& window) { return window.statusBar()->findChild<QLabel*>()->text(); }
    test::TempFolder m_folder;
};

} // namespace wb

QTEST_MAIN(wb::TestWindows)
#include "tst_windows.moc"
