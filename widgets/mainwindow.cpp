#include "widgets/mainwindow.h"

#include "widgets/askcheckpoint.h"
#include "widgets/banner.h"
#include "widgets/dialogs/exportdialog.h"
#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/jobs.h"
#include "widgets/jobslot.h"
#include "widgets/journal.h"
#include "widgets/numbertext.h"
#include "widgets/pages/emptypage.h"
#include "widgets/pages/page.h"
#include "widgets/processmemory.h"
#include "widgets/quickscore.h"
#include "widgets/recentfiles.h"
#include "widgets/selection.h"
#include "widgets/style.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <utility>

namespace wb {
namespace {

constexpr int layoutVersion = 1; // a saved layout of another version is not restored

// The same key on a Russian keyboard is a letter.
bool isBlinkKey(const QKeyEvent& event) { return event.key() == Qt::Key_QuoteLeft || event.key() == QChar(u'Ё').unicode(); }

// Prompts are texts of several lines, with programs in them.
bool takesText(const QWidget* widget)
{
    const auto* text = qobject_cast<const QPlainTextEdit*>(widget);
    return qobject_cast<const QLineEdit*>(widget) != nullptr || (text != nullptr && !text->isReadOnly());
}

std::filesystem::path toPath(const QString& path)
{
    return path.toStdString();
}

} // namespace

MainWindow::MainWindow(Document& document, Jobs& jobs, Selection& selection, QWidget* parent)
    : QMainWindow(parent)
    , m_document(document)
    , m_jobs(jobs)
    , m_selection(selection)
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyPage(this))
    , m_tabs(new QTabWidget(this))
    , m_banner(new Banner(this))
    , m_journal(new Journal(document, this))
    , m_score(new QuickScore(document, jobs, this))
    , m_recipeSlot(new JobSlot(jobs, JobSlot::Mode::Replace, this))
    , m_status(new QLabel(this))
{
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    resize(1440, 900);
    auto* centre = new QWidget(this);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(16, 8, 16, 12);
    column->setSpacing(8);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_tabs);
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
    setCentralWidget(centre);
    addPages();
    addPanels();
    addFileMenu();
    addEditMenu();
    addViewMenu();
    addHelpMenu();
    addToolBar();
    addStatus();
    connectDocument();
    m_defaultLayout = saveState(layoutVersion);
    QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("layout")).toByteArray(), layoutVersion);
    qApp->installEventFilter(this);
    showDocument();
}

// Its parts stop their jobs when they go, after the window itself: it must not hear of that.
MainWindow::~MainWindow()
{
    m_jobs.disconnect(this);
    m_document.disconnect(this);
    m_selection.disconnect(this);
}

void MainWindow::openPath(const QString& path)
{
    m_banner->clear();
    const QFileInfo info(path);
    const bool recipe = info.isFile() && info.suffix() == QStringLiteral("json") &&
                        !info.fileName().endsWith(QStringLiteral(".index.json"));
    if (recipe && m_document.isOpen()) {
        takeRecipeFile(toPath(path));
        return;
    }
    if (!mayLoseEdits()) return;
    m_opening = QDir::cleanPath(info.absoluteFilePath()); // a folder completed by a shell ends with a slash
    m_document.open(toPath(path));
}

void MainWindow::openWithRecipe(const QString& checkpoint, const QString& recipe)
{
    const auto waiting = connect(&m_document, &Document::opened, this, [this, recipe] { openPath(recipe); },
                                 Qt::ConnectionType(Qt::QueuedConnection | Qt::SingleShotConnection));
    connect(&m_document, &Document::openFailed, this, [waiting] { disconnect(waiting); }, Qt::SingleShotConnection);
    openPath(checkpoint);
}

void MainWindow::openFile()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a checkpoint"), {}, checkpointFilter());
    if (!path.isEmpty()) openPath(path);
}

void MainWindow::openFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Open the folder of a checkpoint"));
    if (!path.isEmpty()) openPath(path);
}

void MainWindow::openRecipe()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a recipe"), {}, tr("Recipes (*.json)"));
    if (!path.isEmpty()) openPath(path); // one step of undo: nothing is lost
}

bool MainWindow::saveRecipe()
{
    const std::filesystem::path& known = m_document.recipePath();
    if (known.empty()) return saveRecipeAs();
    const Result<void> saved = m_document.saveRecipe(known);
    if (!saved) m_banner->sayError(saved.error());
    return saved.has_value();
}

bool MainWindow::saveRecipeAs()
{
    QString path = QFileDialog::getSaveFileName(this, tr("Save the recipe"), QStringLiteral("recipe.json"),
                                                tr("Recipes (*.json)"));
    if (path.isEmpty()) return false;
    if (QFileInfo(path).suffix().isEmpty()) path += QStringLiteral(".json");
    const Result<void> saved = m_document.saveRecipe(toPath(path));
    if (!saved) m_banner->sayError(saved.error());
    return saved.has_value();
}

bool MainWindow::mayLoseEdits()
{
    if (m_document.undoStack().isClean() || m_document.recipe()->empty()) return true;
    const auto answer = QMessageBox::question(this, tr("Staged edits"),
                                              tr("The recipe with %n edit(s) is not saved. Save it first?",
                                                 nullptr, static_cast<int>(m_document.recipe()->size())),
                                              QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel,
                                              QMessageBox::Save);
    if (answer == QMessageBox::Save) return saveRecipe();
    return answer == QMessageBox::Discard;
}

// Closing stops all jobs.
bool MainWindow::mayStopExport()
{
    if (!isExporting()) return true;
    return QMessageBox::question(this, tr("Export"), tr("An export is being written. Stop it and leave nothing at its destination?"), QMessageBox::Yes | QMessageBox::No,
                                 QMessageBox::No) == QMessageBox::Yes;
}

void MainWindow::showOpened()
{
    m_selection.reset();
    const bool asked = m_document.isOpen() && !m_opening.isEmpty();
    if (asked) noteRecentFile(std::exchange(m_opening, {}));
    showDocument();
    if (!asked) return;
    showPage(0);
    offerJournal();
}

void MainWindow::showDocument()
{
    m_stack->setCurrentWidget(m_document.isOpen() ? static_cast<QWidget*>(m_tabs) : m_empty);
    m_empty->refresh();
    fillRecentMenu();
    for (QDockWidget* dock : m_docks)
        dock->widget()->setEnabled(m_document.isOpen());
    updateState();
}

void MainWindow::showPage(int index)
{
    m_tabs->setCurrentIndex(index);
}

int MainWindow::page() const { return m_tabs->currentIndex(); }

bool MainWindow::isExporting() const { return m_export != nullptr && m_export->isRunning(); }

void MainWindow::keepLayout() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("geometry"), saveGeometry());
    settings.setValue(QStringLiteral("layout"), saveState(layoutVersion));
}

void MainWindow::showPageOfTensor()
{
    const auto* current = qobject_cast<Page*>(m_tabs->currentWidget());
    if (current && current->showsOneTensor()) return;
    for (int i = 0; i < m_tabs->count(); ++i)
        if (static_cast<Page*>(m_tabs->widget(i))->showsOneTensor()) return showPage(i);
}

void MainWindow::updateState()
{
    const bool open = m_document.isOpen();
    for (QAction* action : m_needCheckpoint)
        action->setEnabled(open);
    setWindowModified(open && !m_document.undoStack().isClean());
    setWindowTitle(open ? fromUtf8(m_document.content()->identity.name) + QStringLiteral("[*] — ") +
                              tr("Weightbench")
                        : tr("Weightbench"));
    updateStatus();
}

void MainWindow::updateStatus()
{
    QStringList parts;
    if (m_document.isOpen()) {
        const ModelSummary& summary = m_document.content()->summary;
        const int edits = static_cast<int>(m_document.recipe()->size());
        parts << tr("Source is read-only")
              << (edits == 0 ? tr("no edits") : tr("%n edit(s) staged, not exported", nullptr, edits))
              << (summary.architecture.empty() ? tr("unknown architecture") : fromUtf8(summary.architecture))
              << tr("%1 parameters").arg(briefCount(summary.parameters));
    } else {
        parts << tr("Nothing is open");
    }
    if (const quint64 used = processMemory(); used > 0) parts << tr("%1 used").arg(bytesText(used));
    m_status->setText(parts.join(QStringLiteral("  ·  ")));
}

void MainWindow::resetLayout()
{
    restoreState(m_defaultLayout, layoutVersion);
    for (QDockWidget* dock : m_docks)
        dock->show();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!mayStopExport() || !mayLoseEdits()) {
        event->ignore();
        return;
    }
    keepLayout();
    event->accept();
    emit closed();
}

void MainWindow::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::BackButton) return m_selection.back();
    if (event->button() == Qt::ForwardButton) return m_selection.forward();
    QMainWindow::mousePressEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.front().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    openPath(event->mimeData()->urls().front().toLocalFile());
}

bool MainWindow::event(QEvent* event)
{
    if (event->type() == QEvent::ThemeChange && themeMode() == ThemeMode::System)
        applyTheme(ThemeMode::System);
    if (event->type() == QEvent::PaletteChange) setIcons();
    return QMainWindow::event(event);
}

// The blink key, wherever the focus is but in a text. A shortcut would not tell when it is let go.
bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    const bool press = event->type() == QEvent::KeyPress;
    if ((!press && event->type() != QEvent::KeyRelease) || !isBlinkKey(*static_cast<QKeyEvent*>(event)))
        return QMainWindow::eventFilter(watched, event);
    if (!isActiveWindow() || (press && takesText(QApplication::focusWidget()))) return false;
    if (!static_cast<QKeyEvent*>(event)->isAutoRepeat())
        for (int i = 0; i < m_tabs->count(); ++i)
            static_cast<Page*>(m_tabs->widget(i))->setBlinking(press);
    return true;
}

} // namespace wb

#include "moc_mainwindow.cpp"
