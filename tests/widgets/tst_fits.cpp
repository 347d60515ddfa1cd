// Every page fits between two docks on a screen of 1280 pixels, in Russian too, whose words are longer: a page that asks for
// more takes the room from the docks, and what stands in them is cut.
#include "tests/support/widgets/russian.h"
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/groupprofile.h"
#include "widgets/jobs.h"
#include "widgets/mainwindow.h"
#include "widgets/pages/tensorpage.h"
#include "widgets/panels/editpanel.h"
#include "widgets/selection.h"
#include "widgets/theme.h"

#include <QDockWidget>
#include <QSettings>
#include <QTabWidget>
#include <QtTest>

namespace wb {

class TestFits : public QObject {
    Q_OBJECT

private slots:
    void pagesLeaveRoomForTheDocks()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, QString::fromStdString(m_settings.path().string()));
        applyTheme(ThemeMode::Light);
        test::Russian russian;
        QVERIFY(!russian.isEmpty());
        QCoreApplication::installTranslator(&russian);
        {
            Jobs jobs;
            Document document(jobs);
            Selection selection;
            MainWindow window(document, jobs, selection);
            window.resize(screen, 800);
            window.show();
            window.openPath(QString::fromStdString((std::filesystem::path(WB_SOURCE_DIR) / "resources/sample/damaged").string()));
            QTRY_VERIFY(document.isOpen());
            auto* tabs = window.findChild<QTabWidget*>();
            QVERIFY(tabs->count() > 5);
            auto* panel = window.findChild<EditPanel*>();
            for (int step = 0; step < 3 * tabs->count(); ++step) { // as opened, while an edit is tried, and when it is staged
                if (step == tabs->count()) {
                    selection.open(*document.original()->find("model.layers.1.mlp.down_proj.weight"));
                    panel->propose(Scale{0.0625});
                }
                if (step == 2 * tabs->count()) panel->stage();
                const int page = step % tabs->count();
                window.showPage(page);
                QTRY_VERIFY(jobs.running().empty());
                QCoreApplication::processEvents();
                checkWidth(*tabs, page);
                if (auto* tensor = qobject_cast<TensorPage*>(tabs->widget(page)); tensor && step != page) {
                    for (const auto view : {TensorPage::ElementView::Values, TensorPage::ElementView::Outliers, TensorPage::ElementView::Profile}) {
                        tensor->showElements(view);
                        QTRY_VERIFY(jobs.running().empty());
                        tensor->findChild<GroupProfile*>()->choose(12);
                        QCoreApplication::processEvents();
                        checkWidth(*tabs, page);
                    }
                }
                for (const QDockWidget* docked : window.findChildren<QDockWidget*>())
                    QVERIFY2(docked->width() >= dock - between, qPrintable(QStringLiteral("%1 has %2 pixels left").arg(docked->windowTitle()).arg(docked->width())));
            }
            document.close();
        }
        QCoreApplication::removeTranslator(&russian);
    }

private:
    static constexpr int screen = 1280, dock = 264, edges = 34;
    static constexpr int between = 24; // that one dock may take from the other where letters are wider (on a bare Debian: 22)
    static void checkWidth(const QTabWidget& tabs, int page)
    {
        const int width = tabs.widget(page)->minimumSizeHint().width();
        QVERIFY2(width <= screen - 2 * dock - edges, qPrintable(QStringLiteral("%1 asks for %2 pixels").arg(tabs.tabText(page)).arg(width)));
    }
    test::TempFolder m_settings;
};

} // namespace wb

QTEST_MAIN(wb::TestFits)
#include "tst_fits.moc"
