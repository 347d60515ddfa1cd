// The window as a whole, without a display: opens, walks every tensor, says what went wrong, keeps what is
// staged.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/banner.h"
#include "widgets/charts/chartexport.h"
#include "widgets/charts/chartview.h"
#include "widgets/charts/elementmap.h"
#include "widgets/charts/rolemap.h"
#include "widgets/jobs.h"
#include "widgets/mainwindow.h"
#include "widgets/pages/tensorpage.h"
#include "widgets/selection.h"
#include "widgets/tablecopy.h"
#include "widgets/theme.h"

#include <QSettings>
#include <QTableWidget>
#include <QtTest>

namespace wb {

class TestMainWindow : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                           QString::fromStdString(m_settings.path().string()));
        applyTheme(ThemeMode::Light);
    }

    void init()
    {
        m_window = std::make_unique<MainWindow>(m_document, m_jobs, m_selection);
        m_window->show();
    }
    void cleanup()
    {
        m_document.close();
        m_window.reset();
        QTRY_VERIFY(m_jobs.running().empty());
    }

    void opensAndShowsEveryTensor()
    {
        open(m_model.path());
        QTRY_VERIFY(m_document.isOpen());
        for (const ThemeMode mode : {ThemeMode::Dark, ThemeMode::Light}) {
            applyTheme(mode);
            for (const std::size_t tensor : m_document.content()->order) {
                m_selection.open(tensor);
                QTRY_VERIFY(m_jobs.running().empty());
                QVERIFY(!m_window->grab().isNull());
            }
        }
    }

    void aFolderWithoutAModelIsOneSentence()
    {
        test::TempFolder empty;
        open(empty.path());
        auto* banner = m_window->centralWidget()->findChild<Banner*>(QString(), Qt::FindDirectChildrenOnly);
        QTRY_VERIFY(!banner->text().isEmpty());
        QVERIFY(banner->isVisible());
        QVERIFY(!m_document.isOpen());
    }

    void stagedEditsMarkTheWindow()
    {
        open(m_model.path());
        QTRY_VERIFY(m_document.isOpen());
        QVERIFY(!m_window->isWindowModified());
        QVERIFY(m_document.change(m_document.recipe()->with(test::makeEdit(Zero{}, "layer=0")),
                                  QStringLiteral("zero")));
        QVERIFY(m_window->isWindowModified());
        m_document.undoStack().undo();
        QVERIFY(!m_window->isWindowModified());
    }

    void fitsOnASmallScreen()
    {
        open(m_model.path());
        QTRY_VERIFY(m_document.isOpen());
        m_selection.open(*m_document.original()->find(test::TinyModel::down1));
        QVERIFY(m_document.change(m_document.recipe()->with(test::makeEdit(Zero{}, "layer=0")),
                                  QStringLiteral("zero")));
        QTRY_VERIFY(m_jobs.running().empty());
        m_window->resize(1280, 800);
        QCoreApplication::processEvents();
        QCOMPARE(m_window->size(), QSize(1280, 800));
    }

    void chartsAreSavedAsPicturesAndNumbers()
    {
        open(m_model.path());
        QTRY_VERIFY(m_document.isOpen());
        m_selection.open(m_document.content()->order.front());
        QTRY_VERIFY(m_jobs.running().empty());
        auto* chart = m_window->findChild<ChartView*>(QStringLiteral("histogram"));
        test::TempFolder folder;
        for (const char* name : {"chart.svg", "chart.png"}) {
            const QString path = QString::fromStdString((folder / name).string());
            QVERIFY(chart->savePicture(path));
            QVERIFY(QFileInfo(path).size() > 1000);
        }
        QVERIFY(!chart->savePicture(QStringLiteral("/nowhere/chart.png")));
        const QStringList lines =
            chart->numbers(QLatin1Char(',')).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.front(), QStringLiteral("from,to,original"));
        QCOMPARE(lines.size(), 122);
    }

    void mapsAndTablesAreTakenAwayToo()
    {
        open(m_model.path());
        QTRY_VERIFY(m_document.isOpen());
        m_selection.open(*m_document.original()->find(test::TinyModel::down1));
        QTRY_VERIFY(m_jobs.running().empty());
        const auto* elements = m_window->findChild<TensorPage*>()->findChild<ElementMap*>();
        const QStringList cells = elements->numbers(QLatin1Char(',')).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(cells.front(), QStringLiteral("row,column,original"));
        QCOMPARE(cells.size(), 33);
        const auto* map = m_window->findChild<RoleMap*>();
        QVERIFY(map->numbers(QLatin1Char('\t')).count(QLatin1Char('\n')) > 8);
        test::TempFolder folder;
        const ChartExport what{QStringLiteral("map"), [map](QPainter& painter) { const_cast<RoleMap*>(map)->render(&painter); }, {}};
        for (const char* name : {"map.svg", "map.png"}) {
            const QString path = QString::fromStdString((folder / name).string());
            QVERIFY(saveChartPicture(*map, what, path));
            QVERIFY(QFileInfo(path).size() > 1000);
        }
        QTableWidget table(2, 2);
        table.setHorizontalHeaderLabels({QStringLiteral("a"), QStringLiteral("b")});
        table.setItem(1, 0, new QTableWidgetItem(QStringLiteral("x\ty")));
        QCOMPARE(tableText(table), QStringLiteral("a\tb\n\t\nx y\t\n"));
        table.selectRow(1);
        QCOMPARE(tableText(table), QStringLiteral("a\tb\nx y\t\n"));
    }

private:
    void open(const std::filesystem::path& path)
    {
        m_window->openPath(QString::fromStdString(path.string()));
    }

    test::TempFolder m_settings;
    test::TinyModel m_model;
    Jobs m_jobs;
    Document m_document{m_jobs};
    Selection m_selection;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace wb

QTEST_MAIN(wb::TestMainWindow)
#include "tst_mainwindow.moc"
