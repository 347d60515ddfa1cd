// What the page that edits layers looks like; what it does is in layerspage.cpp.
#include "widgets/pages/layerspage.h"

#include "widgets/askcheckpoint.h"
#include "widgets/charts/layerchart.h"
#include "widgets/document.h"
#include "widgets/style.h"
#include "widgets/tablecopy.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QVBoxLayout>

namespace wb {

LayersPage::LayersPage(Document& document, Jobs& jobs, Selection& selection)
    : ReadingPage(document, jobs, selection, tr("Open a checkpoint to see which of its layers it can do without."), 1024, 1 << 20)
    , m_mapJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_curveJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_donorJob(jobs, JobSlot::Mode::Replace, nullptr)
{
    form().leaveOutComparison();
    buildChart(column());
    buildTable(column());
    showOpened();
}

void LayersPage::buildChart(QBoxLayout& column)
{
    auto* card = new Card(tr("Loss without layers"), this);
    m_shown = new QComboBox(card);
    m_shown->addItems({tr("without each"), tr("as more and more go")});
    m_shown->setAccessibleName(tr("Chart"));
    connect(m_shown, &QComboBox::activated, this, &LayersPage::showChart);
    card->head()->addWidget(m_shown);
    m_curve = new QPushButton(tr("Draw the curve"), card);
    m_curve->setToolTip(tr("The loss without the first one, two, … layers: most linear first, cheapest first, and at random"));
    connect(m_curve, &QPushButton::clicked, this, &LayersPage::drawCurve);
    card->head()->addWidget(m_curve);
    m_verdict = headingLabel({}, card);
    m_verdict->setWordWrap(true);
    card->body()->addWidget(m_verdict);
    m_chart = new LayerChart(tr("Loss without layers"), QStringLiteral("layer-cost"), tr("Choose a text and press Measure"), card);
    connect(m_chart, &LayerChart::chosen, this, [this](int place) {
        if (m_shown->currentIndex() == 0) select(place, place);
    });
    card->body()->addWidget(m_chart, 1);
    m_caption = captionLabel({}, card);
    m_caption->setWordWrap(true);
    card->body()->addWidget(m_caption);
    column.addWidget(card, 1);
}

void LayersPage::buildTable(QBoxLayout& column)
{
    constexpr int rowHeight = 22;
    auto* card = new Card(tr("Layers"), this);
    m_leaveOut = new QPushButton(tr("Leave out"), card);
    m_leaveOut->setToolTip(tr("An edit of the recipe: the selected layers do not run, and an export is a shorter checkpoint"));
    connect(m_leaveOut, &QPushButton::clicked, this, &LayersPage::leaveOut);
    m_map = new QPushButton(tr("Linear map"), card);
    m_map->setToolTip(tr("The selected layers leave, and their best linear map on the text is folded into the layer before them (ReplaceMe)"));
    connect(m_map, &QPushButton::clicked, this, &LayersPage::replaceByMap);
    m_repeat = new QPushButton(tr("Repeat"), card);
    m_repeat->setToolTip(tr("The selected layers run once more, directly after themselves"));
    connect(m_repeat, &QPushButton::clicked, this, &LayersPage::repeat);
    for (QPushButton* button : {m_leaveOut, m_map, m_repeat})
        card->head()->addWidget(button);
    m_table = new QTableWidget(0, 6, card);
    m_table->setMinimumHeight(5 * rowHeight);
    m_table->setHorizontalHeaderLabels({tr("layer"), tr("linearity"), tr("without residual"), tr("loss without it"), tr("Δ loss"), QStringLiteral("95 %")});
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(5, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setAccessibleName(tr("Layers"));
    installTableCopy(*m_table);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (const auto layers = stretch(); layers && layers->first == layers->second) m_donorLayer->setValue(static_cast<int>(layers->first));
        showButtons();
    });
    card->body()->addWidget(m_table, 1);
    buildDonor(*card->body());
    column.addWidget(card, 1);
}

// One line below the table: which checkpoint, which of its layers.
void LayersPage::buildDonor(QBoxLayout& card)
{
    auto* line = new QHBoxLayout;
    m_chooseDonor = new QPushButton(tr("Another checkpoint…"), this);
    m_chooseDonor->setToolTip(tr("A checkpoint of the same shapes, such as a fine-tune of this one, whose layers can stand in the places of those here"));
    connect(m_chooseDonor, &QPushButton::clicked, this, [this] {
        if (const QString checkpoint = askForCheckpoint(*this, tr("A checkpoint with layers of the same shapes")); !checkpoint.isEmpty()) takeFrom(checkpoint);
    });
    m_donorLayer = new QSpinBox(this);
    m_donorLayer->setObjectName(QStringLiteral("donor layer"));
    m_donorLayer->setPrefix(tr("layer") + QLatin1Char(' '));
    m_donorLayer->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_donorLayer->setAccessibleName(tr("Layer of the other checkpoint"));
    m_transplant = new QPushButton(tr("Transplant"), this);
    m_transplant->setToolTip(tr("An edit of the recipe: this layer of the other checkpoint runs in the place of the selected one. The recipe holds its SHA-256, so that another file is noticed"));
    connect(m_transplant, &QPushButton::clicked, this, [this] { transplant(m_donorLayer->value()); });
    line->addWidget(m_chooseDonor);
    line->addWidget(m_donorLayer);
    line->addWidget(m_transplant);
    line->addStretch(1);
    card.addLayout(line);
}

} // namespace wb
