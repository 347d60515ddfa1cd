// How the tokens page is put together; what it does is in tokenspage.cpp.
#include "widgets/banner.h"
#include "widgets/charts/tokenflow.h"
#include "widgets/document.h"
#include "widgets/pages/tokenspage.h"
#include "widgets/stateview.h"
#include "widgets/style.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace wb {

TokensPage::TokensPage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_loadJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_encodeJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_normsJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_nearestJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_banner(new Banner(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 12, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_state);
    m_stack->addWidget(buildContent());
    connect(&m_document, &Document::opened, this, &TokensPage::showOpened);
    connect(&m_document, &Document::patchedChanged, this, &TokensPage::followEmbedding);
    connect(m_state, &StateView::buttonClicked, this, &TokensPage::load);
    showOpened();
}

QWidget* TokensPage::buildContent()
{
    auto* content = new QWidget(this);
    auto* left = new QVBoxLayout;
    left->setSpacing(12);
    left->addWidget(buildTextCard(), 1);
    left->addWidget(buildPiecesCard(), 3);
    auto* row = new QHBoxLayout(content);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addLayout(left, 3);
    row->addWidget(buildTokenCard(), 2);
    return content;
}

QWidget* TokensPage::buildTextCard()
{
    auto* card = new Card(tr("Text"), this);
    m_special = new QCheckBox(tr("special tokens"), card);
    m_special->setToolTip(tr("With the tokens that the model's template puts around a text"));
    connect(m_special, &QCheckBox::toggled, this, &TokensPage::encode);
    card->head()->addWidget(m_special);
    m_text = new QPlainTextEdit(card);
    m_text->setPlaceholderText(tr("Type or paste a text"));
    m_text->setAccessibleName(tr("Text to cut into tokens"));
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(60);
    connect(m_text, &QPlainTextEdit::textChanged, this, &TokensPage::encode);
    card->body()->addWidget(m_text, 1);
    m_kind = captionLabel({}, card);
    card->body()->addWidget(m_kind);
    return card;
}

QWidget* TokensPage::buildPiecesCard()
{
    auto* card = new Card(tr("Pieces"), this);
    m_counts = captionLabel({}, card);
    card->head()->addWidget(m_counts);
    m_flow = new TokenFlow(card);
    connect(m_flow, &TokenFlow::chosen, this, &TokensPage::chooseToken);
    card->body()->addWidget(m_flow, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(captionLabel(tr("Ids"), card));
    m_ids = new QLineEdit(card);
    m_ids->setPlaceholderText(tr("1, 15, 7 and Enter: the text that ids stand for"));
    m_ids->setAccessibleName(tr("Ids of the tokens"));
    connect(m_ids, &QLineEdit::returnPressed, this, &TokensPage::readIds);
    row->addWidget(m_ids, 1);
    card->body()->addLayout(row);
    m_idsProblem = captionLabel({}, card);
    m_idsProblem->hide();
    card->body()->addWidget(m_idsProblem);
    return card;
}

QWidget* TokensPage::buildTokenCard()
{
    auto* card = new Card(tr("Token"), this);
    m_openRow = flatButton(tr("Embedding row"), card);
    m_openRow->setToolTip(tr("The values of this token's row on the Tensor page"));
    connect(m_openRow, &QToolButton::clicked, this, &TokensPage::openRow);
    card->head()->addWidget(m_openRow);
    m_name = headingLabel({}, card);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_name->setWordWrap(true);
    m_facts = captionLabel({}, card);
    m_facts->setWordWrap(true);
    m_norm = new QLabel(card);
    m_norm->setWordWrap(true);
    m_nearestState = captionLabel({}, card);
    m_nearestState->setWordWrap(true);
    card->body()->addWidget(m_name);
    card->body()->addWidget(m_facts);
    card->body()->addWidget(m_norm);
    card->body()->addSpacing(8);
    card->body()->addWidget(headingLabel(tr("Nearest tokens"), card));
    card->body()->addWidget(m_nearestState);
    m_nearest = new QTableWidget(0, 4, card);
    buildNearest();
    card->body()->addWidget(m_nearest, 1);
    return card;
}

void TokensPage::buildNearest()
{
    constexpr int rowHeight = 22;
    m_nearest->setHorizontalHeaderLabels({tr("piece"), tr("id"), tr("cosine"), tr("norm")});
    m_nearest->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int section = 1; section < 4; ++section)
        m_nearest->setColumnWidth(section, 64);
    for (int section = 1; section < 4; ++section)
        m_nearest->horizontalHeaderItem(section)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_nearest->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_nearest->horizontalHeader()->setHighlightSections(false);
    m_nearest->verticalHeader()->hide();
    m_nearest->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_nearest->setShowGrid(false);
    m_nearest->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_nearest->setSelectionMode(QAbstractItemView::SingleSelection);
    m_nearest->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_nearest->setAccessibleName(tr("Nearest tokens"));
    m_nearest->setToolTip(tr("Double click: look at this token"));
    connect(m_nearest, &QTableWidget::cellDoubleClicked, this, [this](int row) {
        showToken(static_cast<TokenId>(m_neighbours[static_cast<std::size_t>(row)].row));
    });
}

} // namespace wb
