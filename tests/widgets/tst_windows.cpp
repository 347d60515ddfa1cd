#include "widgets/windows.h"

#include "tests/support/widgets/russian.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/mainwindow.h"
#include "widgets/pages/page.h"

#include <QApplication>
#include <QLabel>
#include <QSettings>
#include <QStatusBar>
#include <QTabWidget>

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

private:
    static QString status(const MainWindow& window) { return window.statusBar()->findChild<QLabel*>()->text(); }
    test::TempFolder m_folder;
};

} // namespace wb

QTEST_MAIN(wb::TestWindows)
#include "tst_windows.moc"
