#include "widgets/pages/statisticspage.h"

#include "widgets/banner.h"
#include "widgets/errortext.h"
#include "widgets/models/statisticsmodel.h"
#include "widgets/models/tensorfilter.h"
#include "widgets/numbertext.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/typedselection.h"

#include <nlohmann/json.hpp>

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSaveFile>
#include <QShortcut>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace wb {
namespace {

std::vector<std::size_t> namesWith(const QString& part, std::span<const TensorInfo> tensors)
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        if (fromUtf8(tensors[i].name).contains(part, Qt::CaseInsensitive)) found.push_back(i);
    return found;
}

} // namespace

StatisticsPage::StatisticsPage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_originalJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_patchedJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_filterJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_keepJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_banner(new Banner(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
    , m_model(new StatisticsModel(this))
    , m_shown(new TensorFilter(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 12, 0, 0);
    column->setSpacing(12);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    buildHead(*head);
    column->addLayout(head);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_state);
    m_state->say(tr("Nothing is open"), tr("Open a checkpoint to see the statistics of all its tensors in one table."));
    buildTable();
    connect(&m_document, &Document::opened, this, &StatisticsPage::showOpened);
    connect(&m_document, &Document::patchedChanged, this, &StatisticsPage::refresh);
    connect(&m_selection, &Selection::changed, this, &StatisticsPage::followSelection);
    showOpened();
}

void StatisticsPage::buildHead(QBoxLayout& row)
{
    m_filter = new QLineEdit(this);
    m_filter->setPlaceholderText(tr("Part of a name, or a selection: role=q_proj layer=0-9 kurtosis>20"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAccessibleName(tr("Filter of the table"));
    connect(m_filter, &QLineEdit::textChanged, this, &StatisticsPage::applyFilter);
    row.addWidget(m_filter, 1);
    m_summary = captionLabel({}, this);
    row.addWidget(m_summary);
    auto* copyButton = flatButton(tr("Copy"), this);
    copyButton->setToolTip(tr("The selected rows, or all that are shown, with full precision (Ctrl+C)"));
    connect(copyButton, &QToolButton::clicked, this, &StatisticsPage::copy);
    row.addWidget(copyButton);
    auto* exportButton = flatButton(tr("Export…"), this);
    exportButton->setToolTip(tr("The rows that are shown, as CSV or JSON with full precision"));
    connect(exportButton, &QToolButton::clicked, this, &StatisticsPage::askForExport);
    row.addWidget(exportButton);
}

void StatisticsPage::buildTable()
{
    constexpr int rowHeight = 22, nameWidth = 230, numberWidth = 84;
    auto* card = new Card(tr("Statistics of all tensors"), this);
    card->head()->addWidget(captionLabel(tr("● edited: the numbers are the patched ones, the original's on hover"), card));
    m_shown->setSourceModel(m_model);
    m_table = new QTableView(card);
    m_table->setModel(m_shown);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setAccessibleName(tr("Statistics of all tensors"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->horizontalHeader()->setHighlightSections(false);
    for (int section = 0; section < m_model->columnCount(); ++section)
        m_table->setColumnWidth(section, section == StatisticsModel::Tensor ? nameWidth : numberWidth);
    m_table->setColumnWidth(StatisticsModel::Layer, 60);
    m_table->setColumnWidth(StatisticsModel::Type, 64);
    m_table->setColumnWidth(StatisticsModel::Role, 120);
    m_table->setColumnWidth(StatisticsModel::ShapeOf, 110);
    // The numbers first: what kind of tensor it is says its name already.
    for (const int section : {StatisticsModel::Elements, StatisticsModel::Layer, StatisticsModel::Role, StatisticsModel::Type})
        m_table->horizontalHeader()->moveSection(m_table->horizontalHeader()->visualIndex(section), m_model->columnCount() - 1);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(StatisticsModel::Tensor, Qt::AscendingOrder);
    auto* copyKey = new QShortcut(QKeySequence::Copy, m_table);
    copyKey->setContext(Qt::WidgetShortcut);
    connect(copyKey, &QShortcut::activated, this, &StatisticsPage::copy);
    connect(m_table, &QTableView::doubleClicked, this, &StatisticsPage::openRow);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& current) {
        if (current.isValid()) m_selection.select(m_model->tensorOf(m_shown->mapToSource(current).row()));
    });
    card->body()->addWidget(m_table, 1);
    m_stack->addWidget(card);
}

void StatisticsPage::followSelection()
{
    const auto tensor = m_selection.tensor();
    if (!tensor || !m_document.isOpen()) return;
    const QModelIndex index = m_shown->mapFromSource(m_model->index(m_model->rowOf(*tensor), 0));
    if (!index.isValid() || index.row() == m_table->currentIndex().row()) return; // several rows may be chosen, this one last
    m_table->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_table->scrollTo(index);
}

void StatisticsPage::openRow(const QModelIndex& index)
{
    m_selection.open(m_model->tensorOf(m_shown->mapToSource(index).row()));
}

void StatisticsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale) refresh();
}

void StatisticsPage::showOpened()
{
    for (JobSlot* job : {&m_originalJob, &m_patchedJob, &m_filterJob})
        job->cancel();
    m_banner->clear();
    settleOrder();
    m_shown->showOnly({});
    m_model->setContent(m_document.content());
    m_stack->setCurrentIndex(m_document.isOpen() ? 1 : 0);
    applyFilter();
    m_stale = true;
    if (isVisible()) refresh();
}

// Nothing is computed while nobody looks.
void StatisticsPage::refresh()
{
    m_stale = !isVisible();
    if (m_stale || !m_document.isOpen()) return;
    if (!m_originalJob.busy()) requestOriginal();
    requestPatched();
}

void StatisticsPage::requestOriginal()
{
    const std::vector<std::size_t> wanted = m_model->missing();
    if (wanted.empty()) return;
    holdOrder();
    m_originalJob.start<int, OverviewPart>(
        tr("Statistics of all tensors"),
        [source = m_document.original(), wanted, cache = m_document.statistics()](
            Progress& progress, const Relay<OverviewPart>& relay) {
            return computeOverview(*source, wanted, *cache, progress, relay);
        },
        [this](const OverviewPart& part) { m_model->add(part); },
        [this](const Result<int>& result) {
            finished(result);
            if (result) keepStatistics(m_keepJob, tr("Keeping the statistics"), m_document.original(), m_model->originals());
        });
}

// Only tensors whose edits changed are computed again.
void StatisticsPage::requestPatched()
{
    const auto patched = m_document.patched();
    const std::vector<std::size_t> wanted = m_model->followPatched(*patched);
    if (wanted.empty()) {
        m_patchedJob.cancel();
        return settleOrder();
    }
    holdOrder();
    m_patchedJob.start<int, OverviewPart>(
        tr("Statistics of edited tensors"),
        [patched, wanted, cache = m_document.statistics()](Progress& progress, const Relay<OverviewPart>& relay) {
            return computeOverview(*patched, wanted, *cache, progress, relay);
        },
        [this, patched](const OverviewPart& part) { m_model->addPatched(part, *patched); },
        [this](const Result<int>& result) {
            if (result) static_cast<void>(m_model->followPatched(*m_document.patched()));
            finished(result);
        });
}

void StatisticsPage::holdOrder() { m_shown->setDynamicSortFilter(false); }

void StatisticsPage::settleOrder()
{
    if (!m_originalJob.busy() && !m_patchedJob.busy() && !m_shown->dynamicSortFilter()) m_shown->setDynamicSortFilter(true); // which sorts
}

void StatisticsPage::finished(const Result<int>& result)
{
    settleOrder();
    if (result) return;
    if (result.error().code != ErrorCode::Cancelled) return m_banner->sayError(result.error());
    m_banner->say(Banner::Kind::Calm, tr("Stopped before all tensors were looked at."), false);
    m_banner->offer(tr("Go on"), [this] {
        m_banner->clear();
        refresh();
    });
}

void StatisticsPage::setFilter(const QString& text)
{
    m_filter->setText(text);
}

void StatisticsPage::applyFilter()
{
    m_filterJob.cancel();
    m_filterProblem.clear();
    const QString text = m_filter->text().trimmed();
    if (!m_document.isOpen() || text.isEmpty()) {
        m_shown->showOnly({});
        return showSummary();
    }
    if (!isSelection(text)) return showMatches(namesWith(text, m_document.original()->tensors()));
    const Result<Selector> selector = typedSelection(text);
    if (!selector) return showMatches(failure(selector));
    if (!selector->reads()) return showMatches(selector->select(*m_document.original()));
    using Tensors = std::vector<std::size_t>;
    m_filterJob.start<Tensors>(
        tr("Selecting %1").arg(text),
        [selector = *selector, source = m_document.original()](Progress& progress) { return selector.select(*source, progress); },
        [this](const Result<Tensors>& result) { showMatches(result); });
}

// While a selection is being written it is often wrong: what was shown stays, and the reason stands beside it.
void StatisticsPage::showMatches(const Result<std::vector<std::size_t>>& matches)
{
    if (!matches && matches.error().code != ErrorCode::SelectionEmpty) {
        m_filterProblem = errorText(matches.error());
        return showSummary();
    }
    std::vector<bool> shown(m_document.content()->order.size(), false);
    if (matches)
        for (const std::size_t tensor : *matches)
            shown[tensor] = true;
    m_shown->showOnly(std::move(shown));
    showSummary();
}

void StatisticsPage::showSummary()
{
    setStyleProperty(m_filter, "invalid", !m_filterProblem.isEmpty());
    m_filter->setToolTip(m_filterProblem);
    if (!m_document.isOpen()) return m_summary->clear();
    if (!m_filterProblem.isEmpty()) return m_summary->setText(tr("not a selection yet; hover tells why"));
    std::uint64_t elements = 0;
    for (const int row : shownRows())
        elements += m_document.tensor(m_model->tensorOf(row)).elements;
    m_summary->setText(tr("%1 of %n tensor(s)", nullptr, m_model->rowCount()).arg(m_shown->rowCount()) +
                       QStringLiteral(" · ") + tr("%1 elements").arg(briefCount(elements)));
}

QString StatisticsPage::summary() const
{
    return m_summary->text();
}

std::vector<int> StatisticsPage::shownRows() const
{
    std::vector<int> rows;
    for (int row = 0; row < m_shown->rowCount(); ++row)
        rows.push_back(m_shown->mapToSource(m_shown->index(row, 0)).row());
    return rows;
}

void StatisticsPage::copy()
{
    QModelIndexList chosen = m_table->selectionModel()->selectedRows();
    std::ranges::sort(chosen, {}, [](const QModelIndex& index) { return index.row(); }); // as shown, not as clicked
    std::vector<int> rows;
    for (const QModelIndex& index : chosen)
        rows.push_back(m_shown->mapToSource(index).row());
    if (!m_document.isOpen()) return;
    QApplication::clipboard()->setText(m_model->asText(rows.empty() ? shownRows() : rows, QLatin1Char('\t')));
}

Result<void> StatisticsPage::exportTo(const QString& path) const
{
    const bool json = path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
    const QByteArray text = json ? QByteArray::fromStdString(dumpJson(m_model->asJson(shownRows()), 2)) + '\n'
                                 : m_model->asText(shownRows(), QLatin1Char(',')).toUtf8();
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return fail(ErrorCode::WriteFailed, path.toStdString(), file.errorString().toStdString());
    return {};
}

void StatisticsPage::askForExport()
{
    if (!m_document.isOpen()) return;
    const QString name = fromUtf8(m_document.content()->identity.name) + QStringLiteral("-statistics.csv");
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the table"), name, tr("Tables (*.csv);;JSON (*.json)"));
    if (path.isEmpty()) return;
    if (const auto written = exportTo(path); !written) m_banner->sayError(written.error());
}

} // namespace wb

#include "moc_statisticspage.cpp"
