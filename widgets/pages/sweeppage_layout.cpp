// What the Sweep page looks like; what it does is in sweeppage.cpp.
#include "widgets/pages/sweeppage.h"

#include "widgets/banner.h"
#include "widgets/charts/sweepchart.h"
#include "widgets/document.h"
#include "widgets/numberfield.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tablecopy.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <limits>

namespace wb {

SweepPage::SweepPage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_job(jobs, JobSlot::Mode::Replace, nullptr)
    , m_banner(new Banner(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
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
    buildResult(*column);
    m_stack->addWidget(content);
    connect(&m_document, &Document::opened, this, &SweepPage::showOpened);
    connect(&m_document, &Document::recipeChanged, this, &SweepPage::showRecipe);
    showMethod();
    showOpened();
}

SweepPage::KnobRow SweepPage::makeKnobRow(QWidget* parent, QBoxLayout& column)
{
    auto* holder = new QWidget(parent);
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    KnobRow out{holder, new QComboBox(holder), new NumberField(holder), new NumberField(holder), new QSpinBox(holder)};
    out.what->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    out.what->setMinimumContentsLength(16);
    out.what->setAccessibleName(tr("Number of the recipe"));
    row->addWidget(out.what, 1);
    for (auto [field, name] : {std::pair(out.low, tr("from")), std::pair(out.high, tr("to"))}) {
        row->addWidget(captionLabel(name, holder));
        field->setFixedWidth(84);
        field->setAccessibleName(name);
        connect(field, &QLineEdit::textEdited, this, &SweepPage::showButtons);
        row->addWidget(field);
    }
    out.points->setRange(1, 101);
    out.points->setValue(11);
    out.points->setSuffix(tr(" points"));
    out.points->setButtonSymbols(QAbstractSpinBox::NoButtons);
    row->addWidget(out.points);
    column.addWidget(holder);
    return out;
}

void SweepPage::buildHead(QBoxLayout& column)
{
    auto* card = new Card(tr("Score against numbers of the recipe"), this);
    for (int which = 0; which < knobRows; ++which) {
        m_knobs[which] = makeKnobRow(card, *card->body());
        connect(m_knobs[which].what, &QComboBox::currentIndexChanged, this, [this, which] {
            suggestRange(which);
            showButtons();
        });
    }
    buildScoreRow(card);
    m_verdict = headingLabel({}, card);
    m_verdict->setWordWrap(true);
    card->body()->addWidget(m_verdict);
    m_caution = captionLabel({}, card);
    m_caution->setWordWrap(true);
    card->body()->addWidget(m_caution);
    column.addWidget(card);
}

// What is scored, on what the best is scored again, how points are chosen.
void SweepPage::buildScoreRow(Card* card)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_tasks = new QComboBox(card);
    m_tasks->setAccessibleName(tr("Task or text"));
    m_tasks->setToolTip(tr("A task is scored by the share of right answers, a text by nats a token (its first 4096 tokens)"));
    m_heldOut = new QComboBox(card);
    for (QComboBox* box : {m_tasks, m_heldOut}) box->setProperty(choiceOfOwner, true); // "A file…" asks for one
    m_heldOut->setObjectName(QStringLiteral("heldOut"));
    m_heldOut->setAccessibleName(tr("Held-out task or text"));
    m_heldOut->setToolTip(tr("Items or a text of the same kind, on which only the best point is scored: what it is worth on others"));
    for (QComboBox* box : {m_tasks, m_heldOut}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(12);
        connect(box, &QComboBox::activated, this, [this, box](int index) { chooseFile(*box, index); });
        row->addWidget(box, 1);
    }
    card->body()->addLayout(row);
    row = new QHBoxLayout; // one row would be too wide beside two docks
    row->setSpacing(8);
    m_method = new QComboBox(card);
    m_method->setObjectName(QStringLiteral("method"));
    m_method->addItems({tr("grid"), tr("search")});
    m_method->setToolTip(tr("Grid: every point of one or two numbers. Search: up to four numbers, points chosen by a seeded search (controlled random search)"));
    connect(m_method, &QComboBox::currentIndexChanged, this, &SweepPage::showMethod);
    row->addWidget(m_method);
    m_evaluations = new QSpinBox(card);
    m_evaluations->setRange(1, 10'000);
    m_evaluations->setValue(60);
    m_evaluations->setSuffix(tr(" points"));
    m_evaluations->setToolTip(tr("Points that the search may score"));
    m_limit = new QSpinBox(card);
    m_limit->setObjectName(QStringLiteral("limit"));
    m_limit->setRange(0, 1'000'000);
    m_limit->setSpecialValueText(tr("all items"));
    m_limit->setSuffix(tr(" items"));
    m_limit->setToolTip(tr("So many items of a task, chosen by the seed; the same for every point"));
    m_seed = new QSpinBox(card);
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setPrefix(tr("seed "));
    for (QSpinBox* box : {m_evaluations, m_limit, m_seed}) {
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        row->addWidget(box);
    }
    m_button = new QPushButton(tr("Sweep"), card);
    m_button->setProperty("main", true);
    m_button->setObjectName(QStringLiteral("sweep"));
    connect(m_button, &QPushButton::clicked, this, [this] { m_job.busy() ? stop() : start(); });
    row->addStretch(1);
    row->addWidget(m_button);
    card->body()->addLayout(row);
}

void SweepPage::buildResult(QBoxLayout& column)
{
    constexpr int rowHeight = 22;
    auto* card = new Card(tr("Points"), this);
    m_take = new QPushButton(tr("Take into the recipe"), card);
    m_take->setToolTip(tr("The numbers of the chosen point, or of the best, replace those of the staged recipe; one step of undo"));
    connect(m_take, &QPushButton::clicked, this, [this] { takePoint(m_table->currentRow() >= 0 ? m_table->currentRow() : m_report ? static_cast<int>(m_report->best) : -1); });
    card->head()->addWidget(m_take);
    m_chart = new SweepChart(card);
    connect(m_chart, &SweepChart::chosen, this, &SweepPage::choosePoint);
    card->body()->addWidget(m_chart, 3);
    m_table = new QTableWidget(0, 0, card);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->setAccessibleName(tr("Points"));
    installTableCopy(*m_table);
    connect(m_table, &QTableWidget::currentCellChanged, this, [this](int row) { choosePoint(row); });
    card->body()->addWidget(m_table, 2);
    column.addWidget(card, 1);
}

} // namespace wb
