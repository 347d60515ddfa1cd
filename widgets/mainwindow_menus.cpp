// The menus and the tool bar of the window: every action with its key.
#include "widgets/banner.h"
#include "widgets/commandpalette.h"
#include "widgets/dialogs/exportdialog.h"
#include "widgets/document.h"
#include "widgets/jobs.h"
#include "widgets/keymap.h"
#include "widgets/language.h"
#include "widgets/mainwindow.h"
#include "widgets/pages/emptypage.h"
#include "widgets/panels/checkpointpanel.h"
#include "widgets/recentfiles.h"
#include "widgets/selection.h"
#include "widgets/theme.h"

#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

namespace wb {
namespace {

QKeySequence key(const char* keys)
{
    return QKeySequence(QLatin1String(keys));
}

QWidget* seriesLegend(QWidget* parent)
{
    auto* legend = new QWidget(parent);
    auto* row = new QHBoxLayout(legend);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(12);
    const auto add = [&](const QString& text, const char* series) {
        auto* label = new QLabel(text, legend);
        label->setProperty("series", QLatin1String(series));
        row->addWidget(label);
    };
    add(MainWindow::tr("■ Original"), "original");
    add(MainWindow::tr("□ Patched"), "patched");
    legend->setToolTip(MainWindow::tr("The same two colours everywhere: original filled, patched outlined.\n"
                                      "Hold ` to see the original in the place of the patched."));
    return legend;
}

} // namespace

void MainWindow::addFileMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    menu->addAction(tr("&Open file…"), key("Ctrl+O"), this, &MainWindow::openFile);
    menu->addAction(tr("Open &folder…"), key("Ctrl+Shift+O"), this, &MainWindow::openFolder);
    menu->addAction(tr("&New window"), key("Ctrl+N"), this, [this] { emit newWindowRequested({}); });
    m_needCheckpoint << menu->addAction(tr("The same checkpoint in a new &window"), this, [this] {
        emit newWindowRequested(QString::fromStdString(m_document.content()->checkpoint->root().string()));
    });
    m_recentMenu = menu->addMenu(tr("Opened &lately"));
    menu->addSeparator();
    m_needCheckpoint << menu->addAction(tr("Open &recipe…"), this, &MainWindow::openRecipe)
                     << menu->addAction(tr("&Save recipe"), key("Ctrl+S"), this, [this] { saveRecipe(); })
                     << menu->addAction(tr("Save recipe &as…"), key("Ctrl+Shift+S"), this,
                                        [this] { saveRecipeAs(); });
    m_needCheckpoint << menu->addAction(tr("&Import Tensor Slayer's recommendations…"), this,
                                        &MainWindow::importTensorSlayer)
                     << menu->addAction(tr("Tensor Slayer's &published edits of Qwen3-0.6B"), this,
                                        &MainWindow::openPublishedEdits);
    menu->addSeparator();
    QAction* exportAction = menu->addAction(tr("&Export…"), key("Ctrl+E"), this, &MainWindow::showExport);
    exportAction->setObjectName(QStringLiteral("export"));
    exportAction->setToolTip(tr("Write the checkpoint with the staged edits, with proof (Ctrl+E)"));
    m_needCheckpoint << exportAction;
    menu->addSeparator();
    m_needCheckpoint << menu->addAction(tr("&Close checkpoint"), key("Ctrl+W"), this, [this] {
        if (mayLoseEdits()) m_document.close();
    });
    menu->addAction(tr("&Quit"), key("Ctrl+Q"), qApp, &QApplication::closeAllWindows);
}

void MainWindow::showExport()
{
    if (m_export == nullptr) {
        m_export = new ExportDialog(m_document, m_jobs, this);
        connect(m_export, &ExportDialog::exported, this,
                [this](const QString& path) { m_status->setToolTip(tr("Last export: %1").arg(path)); });
    }
    m_export->begin();
}

void MainWindow::fillRecentMenu()
{
    m_recentMenu->clear();
    const QStringList files = recentFiles();
    for (int i = 0; i < files.size(); ++i) {
        QAction* action =
            m_recentMenu->addAction(asMenuText(files[i]), this, [this, path = files[i]] { openPath(path); });
        action->setShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_1 + i)));
    }
    if (files.isEmpty()) {
        m_recentMenu->addAction(tr("Nothing yet"))->setEnabled(false);
    } else {
        m_recentMenu->addSeparator();
        m_recentMenu->addAction(tr("Forget these"), this, [this] {
            clearRecentFiles();
            m_empty->refresh();
            QTimer::singleShot(0, this, &MainWindow::fillRecentMenu); // not while this action is running
        });
    }
}

void MainWindow::addEditMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    QAction* undo = m_document.undoStack().createUndoAction(this, tr("&Undo"));
    QAction* redo = m_document.undoStack().createRedoAction(this, tr("&Redo"));
    undo->setShortcut(key("Ctrl+Z"));
    redo->setShortcuts({key("Ctrl+Shift+Z"), key("Ctrl+Y")});
    undo->setObjectName(QStringLiteral("undo"));
    redo->setObjectName(QStringLiteral("redo"));
    menu->addActions({undo, redo});
    menu->addSeparator();
    QAction* stop = menu->addAction(tr("&Stop computing"), key("Esc"), this, [this] { m_jobs.cancelAll(); });
    stop->setEnabled(false);
    connect(&m_jobs, &Jobs::changed, this, [this, stop] { stop->setEnabled(!m_jobs.running().empty()); });
}

void MainWindow::addViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    QAction* back = menu->addAction(tr("&Back"), key("Alt+Left"), this, [this] { m_selection.back(); });
    QAction* forward =
        menu->addAction(tr("&Forward"), key("Alt+Right"), this, [this] { m_selection.forward(); });
    const auto update = [this, back, forward] {
        back->setEnabled(m_selection.canGoBack());
        forward->setEnabled(m_selection.canGoForward());
    };
    connect(&m_selection, &Selection::changed, back, update);
    update();
    QAction* find = menu->addAction(tr("&Go to tensor"));
    find->setShortcuts({key("Ctrl+P"), key("/"), key("Ctrl+F")});
    connect(find, &QAction::triggered, this, [this] {
        m_docks.front()->show();
        m_checkpointPanel->focusFilter();
    });
    m_needCheckpoint << find;
    menu->addSeparator();
    for (QDockWidget* dock : m_docks)
        menu->addAction(dock->toggleViewAction());
    menu->addAction(tr("&Reset layout"), this, &MainWindow::resetLayout);
    menu->addSeparator();
    addThemeMenu(menu);
    addLanguageMenu(menu);
}

void MainWindow::addThemeMenu(QMenu* view)
{
    QMenu* menu = view->addMenu(tr("&Theme"));
    auto* group = new QActionGroup(this);
    const auto add = [&](const QString& text, ThemeMode mode) {
        QAction* action = menu->addAction(text, this, [mode] {
            applyTheme(mode);
            QSettings().setValue(QStringLiteral("theme"), themeName(mode));
        });
        action->setCheckable(true);
        action->setChecked(themeMode() == mode);
        group->addAction(action);
    };
    add(tr("As the &system"), ThemeMode::System);
    add(tr("&Light"), ThemeMode::Light);
    add(tr("&Dark"), ThemeMode::Dark);
}

// Names of languages are in these languages.
void MainWindow::addLanguageMenu(QMenu* view)
{
    QMenu* menu = view->addMenu(tr("&Language"));
    auto* group = new QActionGroup(this);
    const std::pair<QString, QString> languages[] = {{tr("As the &system"), QString()},
                                                     {QStringLiteral("English"), QStringLiteral("en")},
                                                     {QStringLiteral("Русский"), QStringLiteral("ru")}};
    for (const auto& [text, language] : languages) {
        QAction* action = menu->addAction(text, this, [this, language = language] {
            chooseLanguage(language);
            emit languageChosen();
        });
        action->setCheckable(true);
        action->setChecked(chosenLanguage() == language);
        group->addAction(action);
    }
}

void MainWindow::showPalette()
{
    if (m_palette == nullptr) m_palette = new CommandPalette(m_document, m_selection, this);
    m_palette->begin(menuActions(*menuBar()));
}

void MainWindow::showKeys()
{
    (new KeyMap(menuActions(*menuBar()), this))->open();
}

void MainWindow::addHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    menu->addAction(tr("&Commands and tensors…"), key("Ctrl+Shift+P"), this, &MainWindow::showPalette);
    menu->addAction(tr("&Keys"), this, &MainWindow::showKeys)->setShortcuts({key("F1"), key("?")});
    menu->addSeparator();
    menu->addAction(tr("&About Weightbench"), this, [this] {
        QMessageBox::about(
            this, tr("About Weightbench"),
            tr("<p><b>Weightbench %1</b></p><p>Looks into the weights of language models, changes them, and "
               "shows what the change does. The source is never written.</p>"
               "<p>Free software under the GNU General Public License, version 3 or later.</p>")
                .arg(QLatin1String(WB_VERSION)));
    });
}

void MainWindow::addToolBar()
{
    QToolBar* bar = QMainWindow::addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("tools"));
    bar->setMovable(false);
    bar->setIconSize({16, 16});
    bar->toggleViewAction()->setEnabled(false);
    bar->addAction(tr("Open"), this, &MainWindow::openFolder)
        ->setToolTip(tr("Open the folder of a checkpoint (Ctrl+Shift+O)"));
    bar->addAction(findChild<QAction*>(QStringLiteral("export")));
    for (const char* name : {"undo", "redo"}) {
        auto* action = findChild<QAction*>(QLatin1String(name));
        auto* button = new QToolButton(bar);
        button->setDefaultAction(action);
        button->setObjectName(QStringLiteral("iconOnly"));
        button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        bar->addWidget(button);
    }
    bar->addWidget(seriesLegend(bar));
    setIcons();
}

void MainWindow::setIcons()
{
    const QString folder = colors().dark ? QStringLiteral(":/icons/dark/") : QStringLiteral(":/icons/light/");
    for (const char* name : {"undo", "redo"})
        findChild<QAction*>(QLatin1String(name))
            ->setIcon(QIcon(folder + QLatin1String(name) + QStringLiteral(".svg")));
}

} // namespace wb
