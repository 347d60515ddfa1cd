// What the Text page looks like; what it does is in textpage.cpp.
#include "widgets/pages/textpage.h"

#include "widgets/banner.h"
#include "widgets/candidatestable.h"
#include "widgets/charts/changechart.h"
#include "widgets/charts/tokenflow.h"
#include "widgets/quickscore.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/textchooser.h"

#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace wb {

TextPage::TextPage(Document& document, Jobs& jobs, Selection& selection, QuickScore& score)
    : Page(document, jobs, selection)
    , m_score(score)
    , m_candidatesJob(jobs, JobSlot::Mode::Replace, nullptr)
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
    buildTokens(*column);
    m_stack->addWidget(content);
    connect(&m_score, &QuickScore::changed, this, &TextPage::showScore);
    connect(&m_score, &QuickScore::ready, this, &TextPage::measureIfQuiet);
    showScore();
}

void TextPage::buildHead(QBoxLayout& column)
{
    auto* card = new Card(tr("Loss of a text"), this);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    m_texts = new TextChooser(card);
    connect(m_texts, &TextChooser::chosen, this, [this] { setText(m_texts->source()); });
    row->addWidget(m_texts, 1);
    m_limit = new QSpinBox(card);
    m_limit->setRange(16, 16384);
    m_limit->setSingleStep(256);
    m_limit->setValue(static_cast<int>(m_score.limit()));
    m_limit->setPrefix(tr("first "));
    m_limit->setSuffix(tr(" tokens"));
    m_limit->setToolTip(tr("So many tokens of the text are read, in windows of at most 512"));
    m_limit->setKeyboardTracking(false);
    m_limit->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_limit->setAccessibleName(tr("Tokens at most"));
    connect(m_limit, &QSpinBox::valueChanged, this, [this](int tokens) { m_score.setLimit(static_cast<std::size_t>(tokens)); });
    row->addWidget(m_limit);
    m_button = new QPushButton(tr("Measure"), card);
    m_button->setProperty("main", true);
    connect(m_button, &QPushButton::clicked, this, [this] { m_score.state() == QuickScore::State::Computing ? m_score.stop() : m_score.turnOn(); });
    row->addWidget(m_button);
    card->body()->addLayout(row);
    m_verdict = headingLabel({}, card);
    m_verdict->setWordWrap(true);
    card->body()->addWidget(m_verdict);
    m_caution = captionLabel({}, card);
    m_caution->setWordWrap(true);
    card->body()->addWidget(m_caution);
    m_chart = new ChangeChart(card);
    connect(m_chart, &ChangeChart::chosen, this, &TextPage::choose);
    card->body()->addWidget(m_chart);
    column.addWidget(card);
}

void TextPage::buildTokens(QBoxLayout& column)
{
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    auto* tokens = new Card(tr("Tokens"), this);
    m_legend = captionLabel({}, tokens);
    m_legend->setWordWrap(true);
    m_flow = new TokenFlow(tokens);
    connect(m_flow, &TokenFlow::chosen, this, &TextPage::choose);
    tokens->body()->addWidget(m_flow, 1);
    tokens->body()->addWidget(m_legend);
    splitter->addWidget(tokens);
    auto* likeliest = new Card(tr("Likeliest in its place"), this);
    m_facts = captionLabel({}, likeliest);
    m_facts->setWordWrap(true);
    likeliest->body()->addWidget(m_facts);
    m_table = new CandidatesTable(tr("Likeliest in its place"), tr("□ patched"), likeliest);
    likeliest->body()->addWidget(m_table, 1);
    splitter->addWidget(likeliest);
    splitter->setStretchFactor(0, 1);
    splitter->setSizes({420, 290});
    splitter->setChildrenCollapsible(false);
    column.addWidget(splitter, 1);
}

} // namespace wb
