// The pages, the panels and the status line of the main window, and what they ask of one another.
#include "widgets/banner.h"
#include "widgets/document.h"
#include "widgets/journal.h"
#include "widgets/mainwindow.h"
#include "widgets/pages/activationspage.h"
#include "widgets/pages/diffpage.h"
#include "widgets/pages/emptypage.h"
#include "widgets/pages/evaluatepage.h"
#include "widgets/pages/expertspage.h"
#include "widgets/pages/generatepage.h"
#include "widgets/pages/layerspage.h"
#include "widgets/pages/lenspage.h"
#include "widgets/pages/linearitypage.h"
#include "widgets/pages/overviewpage.h"
#include "widgets/pages/page.h"
#include "widgets/pages/pagegroup.h"
#include "widgets/pages/spectrapage.h"
#include "widgets/pages/spectrumpage.h"
#include "widgets/pages/statisticspage.h"
#include "widgets/pages/sweeppage.h"
#include "widgets/pages/tensorpage.h"
#include "widgets/pages/textpage.h"
#include "widgets/pages/tokenspage.h"
#include "widgets/panels/checkpointpanel.h"
#include "widgets/panels/editpanel.h"
#include "widgets/panels/jobspanel.h"
#include "widgets/panels/recipepanel.h"
#include "widgets/quickscore.h"
#include "widgets/quickscorestrip.h"
#include "widgets/selection.h"

#include <QDockWidget>
#include <QLabel>
#include <QStatusBar>
#include <QTabWidget>
#include <QTimer>
#include <QUndoStack>

namespace wb {
namespace {

constexpr int memoryPollMs = 2000;

} // namespace

void MainWindow::addStatus()
{
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(m_status);
    auto* strip = new QuickScoreStrip(*m_score, this);
    connect(strip, &QToolButton::clicked, this, [this] { m_tabs->setCurrentWidget(m_tabs->findChild<TextPage*>()); });
    statusBar()->addPermanentWidget(strip);
    statusBar()->addPermanentWidget(new JobsPanel(m_jobs, this));
}

// One line a page; the order is that of the tabs.
void MainWindow::addPages()
{
    addPage(new OverviewPage(m_document, m_jobs, m_selection));
    addPage(new TensorPage(m_document, m_jobs, m_selection));
    addPage(new DiffPage(m_document, m_jobs, m_selection));
    addPage(new StatisticsPage(m_document, m_jobs, m_selection));
    addPage(new TokensPage(m_document, m_jobs, m_selection));
    addPage(new GeneratePage(m_document, m_jobs, m_selection));
    addPage(new EvaluatePage(m_document, m_jobs, m_selection));
    addPage(new TextPage(m_document, m_jobs, m_selection, *m_score));
    addPage(new SweepPage(m_document, m_jobs, m_selection));
    auto* layers = new PageGroup(tr("Layers"), m_document, m_jobs, m_selection);
    layers->add(new LinearityPage(m_document, m_jobs, m_selection));
    layers->add(new LensPage(m_document, m_jobs, m_selection));
    layers->add(new ActivationsPage(m_document, m_jobs, m_selection));
    layers->add(new LayersPage(m_document, m_jobs, m_selection));
    addPage(layers);
    auto* spectra = new PageGroup(tr("Spectrum"), m_document, m_jobs, m_selection);
    auto* matrix = new SpectrumPage(m_document, m_jobs, m_selection);
    auto* matrices = new SpectraPage(m_document, m_jobs, m_selection);
    connect(matrices, &SpectraPage::matrixOpened, spectra, [spectra, matrix] { spectra->bringUp(matrix); });
    spectra->add(matrix);
    spectra->add(matrices);
    spectra->add(new ExpertsPage(m_document, m_jobs, m_selection));
    addPage(spectra);
}

void MainWindow::addPage(Page* page)
{
    m_tabs->addTab(page, page->title());
}

void MainWindow::addPanels()
{
    m_checkpointPanel = new CheckpointPanel(m_document, m_selection, this);
    addPanel(QStringLiteral("checkpoint"), tr("Checkpoint"), m_checkpointPanel, Qt::LeftDockWidgetArea);
    m_editPanel = new EditPanel(m_document, m_jobs, m_selection, this);
    addPanel(QStringLiteral("edit"), tr("Edit"), m_editPanel, Qt::RightDockWidgetArea);
    connectRequests();
    auto* recipe = new RecipePanel(m_document, m_jobs, this);
    connect(recipe, &RecipePanel::changeRequested, m_editPanel, &EditPanel::changeStaged);
    addPanel(QStringLiteral("recipe"), tr("Recipe"), recipe, Qt::RightDockWidgetArea);
    resizeDocks({m_docks[0], m_docks[1]}, {264, 264}, Qt::Horizontal);
    resizeDocks({m_docks[1], m_docks[2]}, {500, 190}, Qt::Vertical); // the form with all its parts
}

// What one view asks another to do.
void MainWindow::connectRequests()
{
    const auto showEdit = [this] {
        m_docks[1]->show();
        m_docks[1]->raise();
    };
    connect(m_tabs->findChild<TensorPage*>(), &TensorPage::editRequested, this, [this, showEdit](const Elements& elements) {
        showEdit();
        m_editPanel->chooseElements(elements);
    });
    connect(m_checkpointPanel, &CheckpointPanel::editRequested, this, [this, showEdit](const QString& selection) {
        showEdit();
        m_editPanel->chooseTensors(selection);
    });
    connect(m_checkpointPanel, &CheckpointPanel::stageRequested, m_editPanel, &EditPanel::stageNow);
    connect(m_checkpointPanel, &CheckpointPanel::statisticsRequested, this, [this](const QString& filter) {
        auto* page = m_tabs->findChild<StatisticsPage*>();
        m_tabs->setCurrentWidget(page);
        page->setFilter(filter);
    });
    connect(m_checkpointPanel, &CheckpointPanel::differencesRequested, this,
            [this] { m_tabs->setCurrentWidget(m_tabs->findChild<DiffPage*>()); });
}

void MainWindow::addPanel(const QString& id, const QString& title, QWidget* content, Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(id);
    auto* head = new QLabel(title.toUpper(), dock);
    head->setProperty("dockTitle", true);
    head->setProperty("sidePanel", true);
    head->setContentsMargins(12, 12, 12, 8);
    dock->setTitleBarWidget(head); // still draggable: a label leaves the mouse to the dock
    dock->setWidget(content);
    addDockWidget(area, dock);
    m_docks << dock;
}

void MainWindow::connectDocument()
{
    connect(&m_document, &Document::opened, this, &MainWindow::showOpened);
    connect(&m_document, &Document::openFailed, this,
            [this](const Error& error) { m_banner->sayError(error); });
    connect(&m_document, &Document::stepFailed, this, [this](const Error& error) { m_banner->sayError(error); });
    connect(&m_document, &Document::recipeChanged, this, &MainWindow::updateState);
    connect(&m_document.undoStack(), &QUndoStack::cleanChanged, this, &MainWindow::updateState);
    connect(m_journal, &Journal::failed, this, [this](const Error& error) { m_banner->sayError(error); });
    connect(&m_selection, &Selection::openRequested, this, &MainWindow::showPageOfTensor);
    connect(m_empty, &EmptyPage::openFileRequested, this, &MainWindow::openFile);
    connect(m_empty, &EmptyPage::openFolderRequested, this, &MainWindow::openFolder);
    connect(m_empty, &EmptyPage::openRequested, this, &MainWindow::openPath);
    auto* memory = new QTimer(this);
    memory->setInterval(memoryPollMs);
    connect(memory, &QTimer::timeout, this, &MainWindow::updateStatus);
    memory->start();
}

} // namespace wb
