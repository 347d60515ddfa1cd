// How the generate page is put together; what it does is in generatepage.cpp.
#include "widgets/banner.h"
#include "widgets/candidatescard.h"
#include "widgets/chatform.h"
#include "widgets/document.h"
#include "widgets/pages/generatepage.h"
#include "widgets/samplingform.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/temperaturestrip.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QShortcut>
#include <QStackedWidget>
#include <QTableView>

namespace wb {

using Side = TokenView::Side;

GeneratePage::GeneratePage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_prepareJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_originalJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_patchedJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
    , m_banner(new Banner(this))
    , m_content(new QWidget(this))
    , m_runs(new RunsModel(this))
    , m_candidates(new CandidatesCard(this))
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 12, 0, 0);
    outer->setSpacing(12);
    outer->addWidget(m_banner);
    outer->addWidget(m_stack, 1);
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_content);
    auto* column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    buildHalves(*column);
    buildPrompt(*column);
    buildRuns(*column);
    connect(&m_document, &Document::opened, this, &GeneratePage::showOpened);
    connect(&m_document, &Document::patchedChanged, this, &GeneratePage::patchedChanged);
    auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &GeneratePage::stop);
    showOpened();
}

void GeneratePage::buildHalves(QBoxLayout& column)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    for (const Side side : {Side::Original, Side::Patched}) {
        auto* card = new Card(side == Side::Original ? tr("■ Original") : tr("□ Patched"), m_content);
        Half& one = half(side);
        one.prompt = shrinkingLabel(card);
        one.note = captionLabel({}, card);
        one.note->setWordWrap(true);
        card->body()->addWidget(one.prompt);
        card->body()->addWidget(one.note);
        one.view = new TokenView(side, card);
        connect(one.view, &TokenView::hovered, this, [this, side](int token, const QRect& at) { hoverToken(side, token, at); });
        one.strip = new TemperatureStrip(card);
        connect(one.strip, &TemperatureStrip::hovered, this, [this, side, strip = one.strip](int token, const QRect& at) {
            if (token < 0 || token >= half(side).view->count()) return m_candidates->hide();
            m_candidates->show(half(side).view->token(token), m_ready ? m_ready->tokenizer.get() : nullptr, QRect(strip->mapTo(this, at.topLeft()), at.size()));
        });
        card->body()->insertWidget(1, one.view, 1); // prompt, text, what is to be said of it
        card->body()->insertWidget(2, one.strip);
        row->addWidget(card, 1);
    }
    // The two sides scroll together.
    QScrollBar* left = m_halves[0].view->verticalScrollBar();
    QScrollBar* right = m_halves[1].view->verticalScrollBar();
    connect(left, &QScrollBar::valueChanged, right, &QScrollBar::setValue);
    connect(right, &QScrollBar::valueChanged, left, &QScrollBar::setValue);
    column.addLayout(row, 3);
}

void GeneratePage::buildPrompt(QBoxLayout& column)
{
    constexpr int promptHeight = 56;
    auto* card = new Card(tr("Prompt"), m_content);
    card->head()->addWidget(captionLabel(tr("Enter generates · Shift+Enter begins a line · Esc stops"), card));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_promptEdit = new QPlainTextEdit(card);
    m_promptEdit->setPlaceholderText(tr("What the model goes on with"));
    m_promptEdit->setAccessibleName(tr("Prompt"));
    m_promptEdit->setFixedHeight(promptHeight);
    m_promptEdit->setTabChangesFocus(true);
    m_promptEdit->installEventFilter(this);
    row->addWidget(m_promptEdit, 1);
    m_button = new QPushButton(tr("Generate"), card);
    m_button->setProperty("main", true);
    m_button->setObjectName(QStringLiteral("generate"));
    connect(m_button, &QPushButton::clicked, this, [this] { m_originalJob.busy() || m_patchedJob.busy() ? stop() : begin(); });
    row->addWidget(m_button, 0, Qt::AlignBottom);
    card->body()->addLayout(row);
    m_chat = new ChatForm(m_jobs, card);
    card->body()->addWidget(m_chat);
    connect(m_promptEdit, &QPlainTextEdit::textChanged, this, [this] { m_chat->setPrompt(m_promptEdit->toPlainText()); });
    auto* settings = new QHBoxLayout;
    settings->setSpacing(8);
    m_form = new SamplingForm(card);
    settings->addWidget(m_form, 1);
    m_follow = new QCheckBox(tr("follow the edits"), card);
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Run the patched model again after each edit"));
    settings->addWidget(m_follow, 0, Qt::AlignTop);
    card->body()->addLayout(settings);
    column.addWidget(card);
    connect(m_promptEdit, &QPlainTextEdit::textChanged, this, &GeneratePage::showButtons);
}

void GeneratePage::buildRuns(QBoxLayout& column)
{
    constexpr int rowHeight = 22;
    auto* card = new Card(tr("Runs"), m_content);
    card->head()->addWidget(captionLabel(tr("click: the texts of that run and its settings"), card));
    m_runsTable = new QTableView(card);
    m_runsTable->setModel(m_runs);
    m_runsTable->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_runsTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_runsTable->setShowGrid(false);
    m_runsTable->setWordWrap(false);
    m_runsTable->verticalHeader()->hide();
    m_runsTable->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_runsTable->horizontalHeader()->setHighlightSections(false);
    m_runsTable->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_runsTable->horizontalHeader()->setSectionResizeMode(RunsModel::Prompt, QHeaderView::Stretch);
    for (const int section : {RunsModel::Recipe, RunsModel::Settings, RunsModel::Difference})
        m_runsTable->horizontalHeader()->setSectionResizeMode(section, QHeaderView::ResizeToContents);
    m_runsTable->setAccessibleName(tr("Runs"));
    m_runsTable->setMinimumHeight(3 * rowHeight);
    connect(m_runsTable, &QTableView::clicked, this, [this](const QModelIndex& index) { showRun(index.row()); });
    card->body()->addWidget(m_runsTable, 1);
    column.addWidget(card, 1);
}

} // namespace wb
