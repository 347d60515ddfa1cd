// The window as a whole, without a display: opens, walks every tensor, says what went wrong, keeps what is
// staged.
#include "tests/support/widgets/widgetsupport.h"
#include "widgets/banner.h"
#include "widgets/charts/chartexport.h"
#include "widgets/charts/chartview.h"
#include "widgets/charts/elementmap.h"
#include "widgets/charts/rolemap.h"
#include "widgets/commandpalette.h"
#include "widgets/dialogs/exportdialog.h"
#include "widgets/jobs.h"
#include "widgets/mainwindow.h"
#include "widgets/models/valuemodel.h"
#include "widgets/pages/tensorpage.h"
#include "widgets/recentfiles.h"
#include "widgets/selection.h"
#include "widgets/tablecopy.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QMenuBar>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTableWidget>
#include <QTimer>
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

    void aBacktickInAPromptIsText()
    {
        auto* prompt = new QPlainTextEdit(m_window.get());
        prompt->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        prompt->setFocus();
        QTest::keyClick(prompt, Qt::Key_QuoteLeft, Qt::NoModifier);
        QTest::sendKeyEvent(QTest::Click, prompt, static_cast<Qt::Key>(0x401), QStringLiteral("ё"), Qt::NoModifier); // the same key of a Russian keyboard
        QCOMPARE(prompt->toPlainText(), QStringLiteral("`ё"));
    }

    void theBlinkKeyIsOneKeyInEveryLayout()
    {
        open(m_model.path());
        QTRY_VERIFY(m_document.isOpen());
        m_selection.open(*m_document.original()->find(test::TinyModel::down1));
        QTRY_VERIFY(m_jobs.running().empty());
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        m_window->setFocus();
        const auto* grid = m_window->findChild<ValueModel*>();
        for (const auto& [key, text] : {std::pair(int{Qt::Key_QuoteLeft}, QStringLiteral("`")), {0x401, QStringLiteral("ё")}}) {
            QTest::sendKeyEvent(QTest::Press, m_window.get(), static_cast<Qt::Key>(key), text, Qt::NoModifier);
            QVERIFY(grid->isBlinking());
            QTest::sendKeyEvent(QTest::Release, m_window.get(), static_cast<Qt::Key>(key), text, Qt::NoModifier);
            QVERIFY(!grid->isBlinking());
        }
    }

    void factsAreCopiedByTheirKey()
    {
        open(m_model.path());
        QTRY_VERIFY(m_document.isOpen());
        m_selection.open(*m_document.original()->find(test::TinyModel::down1));
        QTRY_VERIFY(m_jobs.running().empty());
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        for (auto* view : m_window->findChild<TensorPage*>()->findChildren<QTableView*>()) {
            if (view->accessibleName() != QLatin1String("Facts of the tensor")) continue;
            view->setFocus();
            QApplication::clipboard()->clear();
            QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
        }
        QVERIFY2(QApplication::clipboard()->text().startsWith(QLatin1String("fact\toriginal\ncount\t32")), qPrintable(QApplication::clipboard()->text()));
    }

    // As a shell completes it, and with a sign that marks keys in menus.
    void foldersAreShownByTheirNames()
    {
        test::TempFolder folder;
        const auto place = folder / "R&D";
        std::filesystem::create_directory(place);
        std::filesystem::copy_file(m_model.path(), place / "model.safetensors");
        open(place / "");
        QTRY_VERIFY(m_document.isOpen());
        QVERIFY2(m_window->windowTitle().startsWith(QLatin1String("R&D")), qPrintable(m_window->windowTitle()));
        const QString path = QString::fromStdString(place.string());
        QCOMPARE(recentFiles().front(), path);
        bool inMenu = false, offered = false;
        for (const auto& [name, action] : menuActions(*m_window->menuBar())) {
            inMenu = inMenu || action->text() == QString(path).replace(QLatin1String("&"), QLatin1String("&&"));
            offered = offered || name.endsWith(path);
        }
        QVERIFY(inMenu);
        QVERIFY(offered);
    }

    void closingDoesNotStopAnExportUnasked()
    {
        open(m_model.path());
        QTRY_VERIFY(m_document.isOpen());
        QTRY_VERIFY(m_jobs.running().empty());
        m_window->showExport();
        auto* dialog = m_window->findChild<ExportDialog*>();
        test::TempFolder folder;
        dialog->setDestination(QString::fromStdString((folder / "out.safetensors").string()));
        dialog->start();
        QVERIFY(m_window->isExporting());
        QTimer::singleShot(0, this, [] {
            auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            QVERIFY(question != nullptr);
            question->button(QMessageBox::No)->click();
        });
        QVERIFY(!m_window->close());
        QVERIFY(m_window->isVisible());
        QTRY_VERIFY(!m_window->isExporting());
        QVERIFY(std::filesystem::exists(folder / "out.safetensors"));
        QVERIFY(m_window->close());
    }

    // An escaped sign alone does not look like rich text.
    void aBannerShowsSignsAsTheyAre()
    {
        Banner banner;
        banner.sayError({ErrorCode::FileNotFound, "R&D \"x\"", {}});
        auto* text = banner.findChild<QLabel*>();
        QCOMPARE(text->textFormat(), Qt::RichText);
        QVERIFY2(text->text().startsWith(QLatin1String("R&amp;D &quot;x&quot;: ")), qPrintable(text->text()));
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
