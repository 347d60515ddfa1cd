// What the Linearity page looks like; what it does is in linearitypage.cpp.
#include "widgets/pages/linearitypage.h"

#include "widgets/charts/layerchart.h"
#include "widgets/charts/tokenmap.h"
#include "widgets/style.h"
#include "widgets/tablecopy.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QTabBar>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace wb {

LinearityPage::LinearityPage(Document& document, Jobs& jobs, Selection& selection)
    : ReadingPage(document, jobs, selection, tr("Open a checkpoint to see how linear its layers are on a text of yours."), 4096, 1 << 20)
{
    buildProfile(column());
    buildBelow(column());
    showOpened();
}

void LinearityPage::buildProfile(QBoxLayout& column)
{
    auto* card = new Card(tr("Linearity of the steps between layers"), this);
    const auto box = [&](QBoxLayout& row, const QString& text, const QString& tip, bool on) {
        auto* out = new QCheckBox(text, card);
        out->setToolTip(tip);
        out->setChecked(on);
        row.addWidget(out);
        return out;
    };
    QBoxLayout& shown = *card->head();
    m_residual = box(shown, tr("residual"), tr("The whole step, the residual stream included"), true);
    m_without = box(shown, tr("without"), tr("What the layer itself adds, without the residual stream"), true);
    m_adjusted = box(shown, tr("adjusted"), tr("1 − (1 − R²)(N − 1)/(N − d − 1): 0 for unrelated states whatever the number of tokens"), false);
    m_zoom = box(shown, tr("zoom"), tr("The axis over the values alone, not from 0 to 1"), false);
    for (QCheckBox* each : {m_residual, m_without, m_adjusted, m_zoom})
        connect(each, &QCheckBox::toggled, this, &LinearityPage::showProfile);
    m_verdict = headingLabel({}, card);
    m_verdict->setWordWrap(true);
    auto* measured = new QHBoxLayout;
    measured->addWidget(m_verdict, 1);
    m_excludeFirst = box(*measured, tr("first token excluded"), tr("The first token of each window is often a massive activation that makes all the rest look linear"), false);
    card->body()->addLayout(measured);
    connect(m_excludeFirst, &QCheckBox::toggled, this, [this] {
        if (m_result.a) start();
    });
    m_chart = new LayerChart(tr("Linearity by step"), QStringLiteral("linearity"), tr("Choose a text and press Measure"), card);
    connect(m_chart, &LayerChart::chosen, this, &LinearityPage::choose);
    card->body()->addWidget(m_chart, 1);
    m_caption = captionLabel({}, card);
    m_caption->setWordWrap(true);
    card->body()->addWidget(m_caption);
    column.addWidget(card, 3);
}

void LinearityPage::buildBelow(QBoxLayout& column)
{
    constexpr int rowHeight = 22;
    auto* tabs = new QTabWidget(this);
    tabs->setDocumentMode(true);
    tabs->tabBar()->setDrawBase(false);
    auto* shape = new QWidget(tabs);
    auto* row = new QHBoxLayout(shape);
    row->setContentsMargins(0, 8, 0, 0);
    const auto small = [&](const QString& name, const QString& tip, const QString& stem) {
        auto* card = new Card(name, shape);
        card->setToolTip(tip);
        auto* chart = new LayerChart(name, stem, {}, card);
        chart->setCompact(true);
        connect(chart, &LayerChart::chosen, this, &LinearityPage::choose);
        card->body()->addWidget(chart, 1);
        row->addWidget(card);
        return chart;
    };
    m_anisotropy = small(tr("Anisotropy"), tr("Share of the variance of the states before the step that lies in one direction"), QStringLiteral("anisotropy"));
    m_dimension = small(tr("Intrinsic dimension"), tr("Of the states before the step, by the two nearest neighbours of each (TwoNN) of at most 1024 tokens"), QStringLiteral("dimension"));
    m_normRatio = small(tr("Added length"), tr("Mean length of what the layer adds over the mean length of the stream after it"), QStringLiteral("norm-ratio"));
    tabs->addTab(shape, tr("Shape of the states"));
    m_map = new TokenMap(tr("Non-linearity by token"), QStringLiteral("non-linearity"), tr("Token by token once a measurement has ended"), tabs);
    connect(m_map, &TokenMap::chosen, this, [this](int step, int) { choose(step); });
    tabs->addTab(m_map, tr("Tokens"));
    m_table = new QTableWidget(0, 10, tabs);
    m_table->setHorizontalHeaderLabels({tr("step"), tr("score"), QStringLiteral("95 %"), tr("adjusted"), tr("without"), tr("anisotropy"), tr("dimension"), tr("added"), tr("Δ score"), tr("95 % of Δ")});
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->setAccessibleName(tr("Linearity as numbers"));
    installTableCopy(*m_table);
    connect(m_table, &QTableWidget::cellClicked, this, [this](int step, int) { choose(step); });
    tabs->addTab(m_table, tr("Numbers"));
    column.addWidget(tabs, 2);
}

} // namespace wb
