// How the Evaluate page is put together; what it does is in evaluatepage.cpp.
#include "widgets/banner.h"
#include "widgets/charts/intervalchart.h"
#include "widgets/document.h"
#include "widgets/importedview.h"
#include "widgets/pages/evaluatepage.h"
#include "widgets/stateview.h"
#include "widgets/style.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <limits>

namespace wb {
namespace {

using Kind = ItemsModel::Kind;

// Rows of one kind; Waiting stands for all.
class KindFilter : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void show(Kind kind)
    {
        m_kind = kind;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex&) const override
    {
        return m_kind == Kind::Waiting || static_cast<const ItemsModel*>(sourceModel())->kind(row) == m_kind;
    }

private:
    Kind m_kind = Kind::Waiting;
};

void prepareTable(QTableView& table)
{
    constexpr int rowHeight = 22;
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setShowGrid(false);
    table.setWordWrap(false);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(rowHeight);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

} // namespace

EvaluatePage::EvaluatePage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_taskJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_originalJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_patchedJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_floorJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_controlJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_historyJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_exportJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_bothJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_banner(new Banner(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
    , m_items(new ItemsModel(this))
    , m_history(new HistoryModel(this))
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 12, 0, 0);
    outer->setSpacing(12);
    outer->addWidget(m_banner);
    outer->addWidget(m_stack, 1);
    m_stack->addWidget(m_state);
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    buildHead(*column);
    buildResults(*column);
    m_stack->addWidget(content);
    connect(&m_document, &Document::opened, this, &EvaluatePage::showOpened);
    connect(&m_document, &Document::patchedChanged, this, &EvaluatePage::patchedChanged);
    showOpened();
}

void EvaluatePage::buildHead(QBoxLayout& column)
{
    auto* card = new Card(tr("Task"), this);
    card->body()->addLayout(buildTaskRow(card));
    card->body()->addLayout(buildSettingsRow(card));
    m_verdict = headingLabel({}, card);
    m_verdict->setWordWrap(true);
    card->body()->addWidget(m_verdict);
    m_caution = captionLabel({}, card);
    m_caution->setWordWrap(true);
    card->body()->addWidget(m_caution);
    m_chart = new IntervalChart(card);
    card->body()->addWidget(m_chart);
    column.addWidget(card);
}

QLayout* EvaluatePage::buildTaskRow(QWidget* parent)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_tasks = new QComboBox(parent);
    m_tasks->setProperty(choiceOfOwner, true); // another choice forgets the scores
    m_tasks->setAccessibleName(tr("Task"));
    m_tasks->setToolTip(tr("JSON lines: exact answers, choices by log-likelihood, HumanEval programs (run in a sandbox), GSM8K numbers"));
    connect(m_tasks, &QComboBox::activated, this, &EvaluatePage::chooseTask);
    row->addWidget(m_tasks, 1);
    m_limitBox = new QSpinBox(parent);
    m_limitBox->setRange(0, 1'000'000);
    m_limitBox->setSpecialValueText(tr("all items"));
    m_limitBox->setSuffix(tr(" items"));
    m_limitBox->setToolTip(tr("So many items, chosen by the seed; the same for both sides"));
    m_seedBox = new QSpinBox(parent);
    m_seedBox->setRange(0, std::numeric_limits<int>::max());
    m_seedBox->setPrefix(tr("seed "));
    m_seedBox->setToolTip(tr("Of the choice of items and examples, of drawn answers and of the resampling"));
    for (QSpinBox* box : {m_limitBox, m_seedBox}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        row->addWidget(box);
    }
    m_button = new QPushButton(tr("Score"), parent);
    m_button->setProperty("main", true);
    m_button->setObjectName(QStringLiteral("score"));
    connect(m_button, &QPushButton::clicked, this, [this] { busy() ? stop() : start(); });
    row->addWidget(m_button);
    return row;
}

QLayout* EvaluatePage::buildSettingsRow(QWidget* parent)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_samplesBox = new QSpinBox(parent);
    m_samplesBox->setObjectName(QStringLiteral("samples"));
    m_samplesBox->setRange(1, 200);
    m_samplesBox->setSpecialValueText(tr("1 answer, greedy"));
    m_samplesBox->setSuffix(tr(" answers each"));
    m_samplesBox->setToolTip(tr("Several answers to each item are drawn; pass@k then says how likely one of k is right"));
    m_temperatureBox = new QDoubleSpinBox(parent);
    m_temperatureBox->setRange(0.01, 2);
    m_temperatureBox->setSingleStep(0.1);
    m_temperatureBox->setValue(0.2);
    m_temperatureBox->setPrefix(tr("T "));
    m_temperatureBox->setToolTip(tr("Temperature of drawn answers; with top-p 0.95, as HumanEval is published"));
    m_shotsBox = new QSpinBox(parent);
    m_shotsBox->setObjectName(QStringLiteral("shots"));
    m_shotsBox->setRange(0, 64);
    m_shotsBox->setSpecialValueText(tr("no examples"));
    m_shotsBox->setSuffix(tr(" examples"));
    m_shotsBox->setToolTip(tr("Worked examples of the same task before each item, never the item itself"));
    m_chatBox = new QCheckBox(tr("chat"), parent);
    m_chatBox->setObjectName(QStringLiteral("chat"));
    m_chatBox->setToolTip(tr("Prompts as what a user says, examples as what was said before, in the model's own chat template"));
    m_floorBox = new QCheckBox(tr("noise floor"), parent);
    m_floorBox->setObjectName(QStringLiteral("floor"));
    m_floorBox->setToolTip(tr("Also scores the original again in another order: how many items flip without any edit (A/A)"));
    m_controlBox = new QCheckBox(tr("control edit"), parent);
    m_controlBox->setObjectName(QStringLiteral("control"));
    m_controlBox->setToolTip(tr("Also scores a random edit of equal norm on the same tensors"));
    m_earlyBox = new QCheckBox(tr("stop early"), parent);
    m_earlyBox->setObjectName(QStringLiteral("early"));
    m_earlyBox->setToolTip(tr("Scores both sides together, block by block, and stops when the answer is clear; the chance of a false alarm is counted exactly and at most 5 %"));
    for (QAbstractSpinBox* box : {static_cast<QAbstractSpinBox*>(m_samplesBox), static_cast<QAbstractSpinBox*>(m_temperatureBox), static_cast<QAbstractSpinBox*>(m_shotsBox)}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        row->addWidget(box);
    }
    row->addWidget(m_chatBox);
    row->addStretch(1);
    auto* rows = new QVBoxLayout; // one row would be too wide beside two docks
    rows->setSpacing(8);
    rows->addLayout(row);
    auto* more = new QHBoxLayout;
    more->setSpacing(8);
    for (QCheckBox* box : {m_floorBox, m_controlBox, m_earlyBox})
        more->addWidget(box);
    more->addStretch(1);
    rows->addLayout(more);
    connect(m_samplesBox, &QSpinBox::valueChanged, this, &EvaluatePage::showSettings);
    connect(m_earlyBox, &QCheckBox::toggled, this, &EvaluatePage::showSettings);
    for (QCheckBox* box : {m_floorBox, m_controlBox})
        connect(box, &QCheckBox::toggled, this, [this](bool on) { if (on) scoreMore(); });
    return rows;
}

void EvaluatePage::buildResults(QBoxLayout& column)
{
    auto* card = new Card({}, this);
    m_views = new QTabBar(card);
    m_views->setDrawBase(false);
    m_views->setUsesScrollButtons(false); // the bold word of the tab in front is wider than its hint
    m_views->addTab(tr("Items"));
    m_views->addTab(tr("History"));
    m_views->addTab(tr("Other programs"));
    m_results = new QStackedWidget(card);
    m_results->addWidget(buildItems(card));
    m_results->addWidget(buildHistory(card));
    m_imported = new ImportedView(m_jobs, card);
    m_imported->setScored([this] { return ScoredHere{m_task, m_options, m_original, m_patched}; });
    m_results->addWidget(m_imported);
    connect(m_views, &QTabBar::currentChanged, this, [this](int view) {
        m_results->setCurrentIndex(view);
        for (QWidget* widget : std::initializer_list<QWidget*>{m_filter, m_export})
            widget->setVisible(view == 0);
        m_take->setVisible(view == 1);
        if (view == 1) loadHistory();
    });
    card->head()->insertWidget(0, m_views);
    m_filter = new QComboBox(card);
    for (const Kind kind : {Kind::Waiting, Kind::Fixed, Kind::Broken, Kind::Both, Kind::Neither})
        m_filter->addItem({}, static_cast<int>(kind)); // showCounts() writes the words
    m_filter->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_filter->setObjectName(QStringLiteral("kinds"));
    m_filter->setAccessibleName(tr("Which items"));
    connect(m_filter, &QComboBox::currentIndexChanged, this, &EvaluatePage::applyFilter);
    m_export = flatButton(tr("Export…"), card);
    m_export->setToolTip(tr("A page for a browser, a table (CSV) or JSON lines"));
    connect(m_export, &QToolButton::clicked, this, &EvaluatePage::chooseExport);
    m_take = new QPushButton(tr("Stage these edits"), card);
    m_take->setToolTip(tr("Takes the recipe that gave the chosen score; one step to undo"));
    m_take->hide();
    connect(m_take, &QPushButton::clicked, this, [this] { takeRecipe(m_historyTable->currentIndex().row()); });
    for (QWidget* widget : std::initializer_list<QWidget*>{m_filter, m_export, m_take})
        card->head()->addWidget(widget);
    card->body()->addWidget(m_results, 1);
    column.addWidget(card, 1);
}

QWidget* EvaluatePage::buildItems(QWidget* parent)
{
    auto* page = new QWidget(parent);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_shown = new KindFilter(this);
    m_shown->setSourceModel(m_items);
    m_table = new QTableView(page);
    m_table->setObjectName(QStringLiteral("items"));
    m_table->setModel(m_shown);
    prepareTable(*m_table);
    m_table->setColumnWidth(ItemsModel::Item, 120);
    m_table->horizontalHeader()->setSectionResizeMode(ItemsModel::Verdict, QHeaderView::ResizeToContents);
    for (const int section : {ItemsModel::Prompt, ItemsModel::Original, ItemsModel::Patched})
        m_table->horizontalHeader()->setSectionResizeMode(section, QHeaderView::Stretch);
    m_table->setAccessibleName(tr("Items"));
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &EvaluatePage::showItem);
    column->addWidget(m_table, 3);
    m_prompt = new QPlainTextEdit(page);
    m_prompt->setPlaceholderText(tr("Choose an item: its prompt, what both sides wrote, and why it counts as it does"));
    m_prompt->setAccessibleName(tr("Prompt of the chosen item"));
    auto* sides = new QHBoxLayout;
    sides->setSpacing(8);
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
        auto* half = new QVBoxLayout;
        half->setSpacing(2);
        m_answerHeads[side] = shrinkingLabel(page);
        m_answers[side] = new QPlainTextEdit(page);
        m_answers[side]->setAccessibleName(side == 0 ? tr("Answer of the original") : tr("Answer of the patched model"));
        half->addWidget(m_answerHeads[side]);
        half->addWidget(m_answers[side], 1);
        sides->addLayout(half, 1);
    }
    for (QPlainTextEdit* text : {m_prompt, m_answers[0], m_answers[1]}) {
        text->setReadOnly(true);
        text->setMinimumHeight(32);
    }
    column->addWidget(m_prompt, 1);
    column->addLayout(sides, 2);
    return page;
}

QWidget* EvaluatePage::buildHistory(QWidget* parent)
{
    auto* page = new QWidget(parent);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_historyNote = captionLabel({}, page);
    m_historyNote->setWordWrap(true);
    m_historyTable = new QTableView(page);
    m_historyTable->setObjectName(QStringLiteral("history"));
    m_historyTable->setModel(m_history);
    m_historyTable->setAccessibleName(tr("Scores so far and the edits that gave them"));
    prepareTable(*m_historyTable);
    for (int section = 0; section < HistoryModel::Edits; ++section)
        m_historyTable->horizontalHeader()->setSectionResizeMode(section, QHeaderView::ResizeToContents);
    m_historyTable->horizontalHeader()->setSectionResizeMode(HistoryModel::Edits, QHeaderView::Stretch);
    connect(m_historyTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &EvaluatePage::showButtons);
    connect(m_historyTable, &QTableView::doubleClicked, this, [this](const QModelIndex& index) { takeRecipe(index.row()); });
    column->addWidget(m_historyNote);
    column->addWidget(m_historyTable, 1);
    return page;
}

void EvaluatePage::applyFilter() { static_cast<KindFilter*>(m_shown)->show(static_cast<Kind>(m_filter->currentData().toInt())); }

} // namespace wb
