// What the Activations page looks like; what it does is in activationspage.cpp.
#include "widgets/pages/activationspage.h"

#include "widgets/charts/layerchart.h"
#include "widgets/charts/tokenmap.h"
#include "widgets/style.h"
#include "widgets/tablecopy.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QTabBar>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace wb {
namespace {

// The column of words takes the room that is left.
QTableWidget* makeTable(const QString& name, const QStringList& head, int words, QWidget* parent)
{
    constexpr int rowHeight = 22;
    auto* table = new QTableWidget(0, static_cast<int>(head.size()), parent);
    table->setHorizontalHeaderLabels(head);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setShowGrid(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(rowHeight);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setSectionResizeMode(words, QHeaderView::Stretch);
    table->setAccessibleName(name);
    installTableCopy(*table);
    return table;
}

} // namespace

ActivationsPage::ActivationsPage(Document& document, Jobs& jobs, Selection& selection)
    : ReadingPage(document, jobs, selection, tr("Open a checkpoint to see what flows through it on a text of yours."), 2048, 1 << 20)
{
    auto* card = new Card(tr("Values by layer"), this);
    m_site = new QComboBox(card);
    m_site->setAccessibleName(tr("Site"));
    const std::pair<Site, QString> sites[] = {{Site::Block, tr("stream after the block")},        {Site::AttentionIn, tr("attention reads")},         {Site::AttentionMix, tr("heads side by side")},
                                              {Site::AttentionOut, tr("attention adds")},         {Site::FeedForwardIn, tr("feed-forward reads")},    {Site::FeedForwardMix, tr("inside the feed-forward")},
                                              {Site::FeedForwardOut, tr("feed-forward adds")}};
    for (const auto& [site, name] : sites)
        m_site->addItem(name, static_cast<int>(site));
    connect(m_site, &QComboBox::activated, this, &ActivationsPage::showProfile);
    card->head()->addWidget(m_site);
    m_figure = new QComboBox(card);
    m_figure->setAccessibleName(tr("Figure"));
    m_figure->addItems({tr("root mean square"), tr("largest"), tr("kurtosis (3: normal)"), tr("standard deviation"), tr("mean")});
    connect(m_figure, &QComboBox::activated, this, &ActivationsPage::showProfile);
    card->head()->addWidget(m_figure);
    m_verdict = headingLabel({}, card);
    m_verdict->setWordWrap(true);
    card->body()->addWidget(m_verdict);
    m_chart = new LayerChart(tr("Values by layer"), QStringLiteral("activations"), tr("Choose a text and press Measure"), card);
    connect(m_chart, &LayerChart::chosen, this, &ActivationsPage::choose);
    card->body()->addWidget(m_chart, 1);
    m_caption = captionLabel({}, card);
    m_caption->setWordWrap(true);
    card->body()->addWidget(m_caption);
    column().addWidget(card, 3);
    buildBelow(column());
    showOpened();
}

void ActivationsPage::buildBelow(QBoxLayout& column)
{
    m_below = new QTabWidget(this);
    m_below->setDocumentMode(true);
    m_below->tabBar()->setDrawBase(false);
    m_channels = new LayerChart(tr("Strongest channels"), QStringLiteral("channels"), tr("The strongest channels of a layer, once it is measured"), m_below);
    m_channels->setToolTip(tr("Root mean square of the strongest channels, by number"));
    m_below->addTab(m_channels, tr("Channels of layer %1").arg(0));
    m_peaks = makeTable(tr("Weights behind the largest values"),
                        {tr("layer"), tr("adds at most"), tr("over typical"), tr("token"), tr("row"), tr("column"), tr("weight"), tr("input"), tr("share")}, 3, m_below);
    m_peaks->setObjectName(QStringLiteral("peaks"));
    m_peaks->setToolTip(tr("The largest value each feed-forward adds, and the element of its down matrix that makes most of it; double click leads there"));
    connect(m_peaks, &QTableWidget::cellDoubleClicked, this, [this](int row, int) { openPeak(row); });
    m_below->addTab(m_peaks, tr("Weights behind"));
    m_massive = makeTable(tr("Massive activations"), {tr("before layer"), tr("place"), tr("token"), tr("channel"), tr("value"), tr("over median"), tr("of so many")}, 2, m_below);
    m_below->addTab(m_massive, tr("Massive"));
    m_routing = new TokenMap(tr("Choice of experts"), QStringLiteral("routing"), {}, m_below);
    m_below->addTab(m_routing, tr("Experts"));
    column.addWidget(m_below, 2);
}

} // namespace wb
