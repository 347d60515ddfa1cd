// What the page of one matrix's singular values looks like; what it does is in spectrumpage.cpp.
#include "widgets/pages/spectrumpage.h"

#include "widgets/charts/gaineditor.h"
#include "widgets/charts/spectrumchart.h"
#include "widgets/document.h"
#include "widgets/numberfield.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tablecopy.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace wb {
namespace {

QTableWidget* plainTable(const QStringList& heads, QWidget* parent)
{
    constexpr int rowHeight = 20;
    auto* table = new QTableWidget(0, static_cast<int>(heads.size()), parent);
    table->setHorizontalHeaderLabels(heads);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setShowGrid(false);
    table->setFrameShape(QFrame::NoFrame);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(rowHeight);
    table->verticalHeader()->setMinimumSectionSize(rowHeight);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    installTableCopy(*table);
    return table;
}

} // namespace

SpectrumPage::SpectrumPage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_job(jobs, JobSlot::Mode::Replace, nullptr)
    , m_effectJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_wordsJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
{
    constexpr int restMs = 200;
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    connect(&m_rest, &QTimer::timeout, this, &SpectrumPage::requestEffect);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 12, 0, 0);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_state);
    m_stack->addWidget(buildContent());
    connect(&document, &Document::opened, this, &SpectrumPage::showOpened);
    connect(&selection, &Selection::changed, this, &SpectrumPage::showSelection);
    connect(&selection, &Selection::matrixSelected, this, &SpectrumPage::chooseMatrix);
    connect(&document, &Document::recipeChanged, this, [this] {
        m_stale = true;
        if (isVisible()) request();
    });
    chooseRule(Rule::Bars, std::nullopt);
    showOpened();
}

QWidget* SpectrumPage::buildContent()
{
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    m_card = new Card(tr("Singular values"), content);
    m_expert = new QSpinBox(m_card);
    m_expert->setPrefix(tr("expert "));
    m_expert->setButtonSymbols(QAbstractSpinBox::NoButtons);
    connect(m_expert, &QSpinBox::valueChanged, this, &SpectrumPage::showAnother);
    m_card->head()->addWidget(m_expert);
    m_fusedPart = new QComboBox(m_card);
    m_fusedPart->setObjectName(QStringLiteral("fusedPart"));
    m_fusedPart->setAccessibleName(tr("Part of the matrix"));
    m_fusedPart->setToolTip(tr("Several matrices are stored as one here: the whole, or one of them alone. Its gains are then an edit of that part."));
    connect(m_fusedPart, &QComboBox::activated, this, &SpectrumPage::showAnother);
    m_card->head()->addWidget(m_fusedPart);
    m_control = new QCheckBox(tr("shuffled"), m_card);
    m_control->setToolTip(tr("The singular values of the same elements in random order (seed 0): what structure is compared with"));
    connect(m_control, &QCheckBox::toggled, this, &SpectrumPage::request);
    m_card->head()->addWidget(m_control);
    m_logPlaces = new QCheckBox(tr("log x"), m_card);
    m_logPlaces->setToolTip(tr("The first components wide, the last ones narrow"));
    connect(m_logPlaces, &QCheckBox::toggled, this, &SpectrumPage::followGains);
    m_card->head()->addWidget(m_logPlaces);
    m_chart = new SpectrumChart(m_card);
    connect(m_chart, &SpectrumChart::chosen, this, &SpectrumPage::chooseComponent);
    m_chart->setMinimumHeight(m_chart->minimumSizeHint().height()); // a hint alone gives way to the labels that wrap
    m_card->body()->addWidget(m_chart, 3);
    m_editor = new GainEditor(m_card);
    connect(m_editor, &GainEditor::edited, this, &SpectrumPage::followGains);
    m_card->body()->addWidget(m_editor, 1);
    buildRules(*m_card->body());
    column->addWidget(m_card, 1);
    constexpr int lowerHeight = 204; // what is won in height is the chart's
    auto* lower = new QWidget(content);
    lower->setFixedHeight(lowerHeight);
    auto* below = new QHBoxLayout(lower);
    below->setContentsMargins(0, 0, 0, 0);
    below->setSpacing(12);
    below->addWidget(buildFigures(), 1);
    below->addWidget(buildWords(), 1);
    column->addWidget(lower);
    return content;
}

void SpectrumPage::buildRules(QBoxLayout& column)
{
    m_rule = new QComboBox(this);
    m_rule->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon); // the window fits on 1280 pixels
    m_rule->setMinimumContentsLength(5);
    for (const QString& name : {tr("Bars"), tr("Curve"), tr("Power"), tr("Energy cut"), tr("Rank cut")})
        m_rule->addItem(name);
    m_rule->setAccessibleName(tr("Rule of the gains"));
    connect(m_rule, &QComboBox::activated, this, [this](int index) { chooseRule(static_cast<Rule>(index), index == static_cast<int>(Rule::Power) ? std::optional(1.0) : std::nullopt); });
    m_value = new NumberRow(this);
    connect(m_value, &NumberRow::edited, this, &SpectrumPage::followGains);
    m_keepNorm = new QCheckBox(tr("keep Σσ"), this);
    m_keepNorm->setToolTip(tr("Afterwards all singular values are multiplied by one factor, so that their sum stays what it was."));
    connect(m_keepNorm, &QCheckBox::toggled, this, &SpectrumPage::followGains);
    m_target = new QComboBox(this);
    m_target->addItem(tr("This matrix"));
    m_target->addItem(tr("All layers"));
    m_target->setAccessibleName(tr("Edited matrices"));
    m_reset = new QPushButton(tr("Reset"), this);
    connect(m_reset, &QPushButton::clicked, this, &SpectrumPage::resetGains);
    m_stage = new QPushButton(tr("Stage edit"), this);
    m_stage->setProperty("main", true);
    connect(m_stage, &QPushButton::clicked, this, &SpectrumPage::stage);
    m_effect = captionLabel({}, this);
    m_effect->setWordWrap(true);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_rule, 1);
    row->addWidget(m_keepNorm);
    row->addWidget(m_target, 1);
    row->addWidget(m_reset);
    row->addWidget(m_stage);
    column.addLayout(row);
    column.addWidget(m_value);
    column.addWidget(m_effect);
}

QWidget* SpectrumPage::buildFigures()
{
    auto* card = new Card(tr("What they say"), this);
    m_figures = plainTable({QString(), tr("original"), tr("edited"), tr("shuffled")}, card);
    m_figures->setAccessibleName(tr("Figures of the spectrum"));
    m_figures->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_figures->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_figures->setToolTip(tr("Stable rank ‖W‖F² / σ₁²; effective rank: exponential of the entropy of σ / Σσ; α of p(σ²) ~ σ²^−α by maximum likelihood above the least "
                             "Kolmogorov-Smirnov distance; edge of noise: the largest singular value of a random matrix of this size and variance (Marchenko and Pastur)."));
    card->body()->addWidget(m_figures, 1);
    m_caption = captionLabel({}, card);
    m_caption->setWordWrap(true);
    card->body()->addWidget(m_caption);
    return card;
}

QWidget* SpectrumPage::buildWords()
{
    auto* card = new Card(tr("Through the vocabulary"), this);
    m_words = plainTable({tr("along"), tr("cosine"), tr("against"), tr("cosine")}, card);
    m_words->setAccessibleName(tr("Tokens of the singular vector"));
    m_words->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_words->horizontalHeader()->setSectionResizeMode(3, QHeaderView::ResizeToContents);
    card->body()->addWidget(m_words, 1);
    m_wordsCaption = captionLabel({}, card);
    m_wordsCaption->setWordWrap(true);
    card->body()->addWidget(m_wordsCaption);
    return card;
}

} // namespace wb
