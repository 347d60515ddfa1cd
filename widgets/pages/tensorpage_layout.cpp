// How the tensor page is put together; what it does is in tensorpage.cpp.
#include "widgets/banner.h"
#include "widgets/charts/elementmap.h"
#include "widgets/charts/histogramchart.h"
#include "widgets/document.h"
#include "widgets/elementfeed.h"
#include "widgets/groupprofile.h"
#include "widgets/models/factsmodel.h"
#include "widgets/outlierstable.h"
#include "widgets/pages/tensorpage.h"
#include "widgets/pathlabel.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tablecopy.h"
#include "widgets/valuegrid.h"

#include <QButtonGroup>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

namespace wb {

TensorPage::TensorPage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_reportJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_neighbourJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_banner(new Banner(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
    , m_content(nullptr)
{
    constexpr int restMs = 250;
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 12, 0, 0);
    column->setSpacing(12);
    column->addLayout(buildHead());
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    m_content = buildContent();
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_content);

    connect(&m_rest, &QTimer::timeout, this, [this] { requestReport(false); });
    connect(&selection, &Selection::changed, this, &TensorPage::showSelection);
    connect(&selection, &Selection::elementRequested, this, [this](quint64 row, quint64 col) {
        showElements(ElementView::Values);
        m_grid->goTo(row, col);
    });
    connect(&document, &Document::patchedChanged, this, [this] {
        requestReport(m_document.isPreviewing());
        m_grid->reload();
        m_outliers->reload();
        m_profile->reload();
    });
    connect(m_state, &StateView::buttonClicked, this, &TensorPage::showSelection);
    showSelection();
}

QLayout* TensorPage::buildHead()
{
    m_back = flatButton(QStringLiteral("‹"), this);
    m_forward = flatButton(QStringLiteral("›"), this);
    m_back->setToolTip(tr("Back (Alt+Left)"));
    m_forward->setToolTip(tr("Forward (Alt+Right)"));
    connect(m_back, &QToolButton::clicked, &m_selection, &Selection::back);
    connect(m_forward, &QToolButton::clicked, &m_selection, &Selection::forward);
    m_path = new PathLabel(this);
    m_path->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_facts = captionLabel({}, this);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(m_back);
    row->addWidget(m_forward);
    row->addSpacing(4);
    row->addWidget(m_path);
    row->addSpacing(12);
    row->addWidget(m_facts);
    row->addStretch(1);
    return row;
}

QWidget* TensorPage::buildContent()
{
    auto* content = new QWidget(this);
    auto* top = new QHBoxLayout;
    top->setSpacing(12);
    top->addWidget(buildHistogramCard(), 5);
    top->addWidget(buildFactsCard(), 3);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addLayout(top, 5);
    column->addWidget(buildElementsCard(), 3);
    return content;
}

Card* TensorPage::buildHistogramCard()
{
    auto* card = new Card(tr("Histogram"), this);
    m_chart = new HistogramChart(card);
    m_chart->setObjectName(QStringLiteral("histogram"));
    m_chart->setMinimumHeight(180);
    m_log = flatButton(tr("log"), card);
    m_log->setCheckable(true);
    m_log->setChecked(true);
    m_log->setToolTip(tr("Logarithmic counts (L)"));
    m_log->setShortcut(QKeySequence(QStringLiteral("L")));
    m_fit = flatButton(tr("fit"), card);
    m_fit->setToolTip(tr("Show all values; or double click (F)"));
    m_fit->setShortcut(QKeySequence(QStringLiteral("F")));
    m_compare = flatButton(tr("other layers"), card);
    m_compare->setCheckable(true);
    m_compare->setChecked(true);
    m_compare->setToolTip(
        tr("Dotted: the same role in the layer whose standard deviation is in the middle of the others"));
    m_bins = captionLabel({}, card);
    for (QWidget* tool : std::initializer_list<QWidget*>{m_compare, m_log, m_fit, m_bins})
        card->head()->addWidget(tool);
    card->body()->addWidget(m_chart, 1);

    m_originalKey = new QLabel(tr("■ original"), card);
    m_originalKey->setProperty("series", QStringLiteral("original"));
    m_patchedKey = shrinkingLabel(card);
    m_patchedKey->setProperty("series", QStringLiteral("patched"));
    m_neighbourKey = shrinkingLabel(card);
    auto* keys = new QHBoxLayout;
    keys->setSpacing(16);
    for (QLabel* key : {m_originalKey, m_patchedKey, m_neighbourKey})
        keys->addWidget(key);
    keys->addStretch(1);
    card->body()->addLayout(keys);

    connect(m_log, &QToolButton::toggled, m_chart, &HistogramChart::setLogarithmic);
    const auto fit = [this] {
        m_range.reset();
        requestReport(false);
    };
    connect(m_fit, &QToolButton::clicked, this, fit);
    connect(m_chart, &ChartView::fitRequested, this, fit);
    connect(m_chart, &ChartView::rangeRequested, this, [this](double low, double high) {
        m_range = {low, high};
        requestReport(m_document.isPreviewing());
    });
    connect(m_compare, &QToolButton::toggled, this, [this] {
        m_neighbour.reset();
        requestNeighbour(true);
        requestReport(m_document.isPreviewing());
    });
    return card;
}

Card* TensorPage::buildFactsCard()
{
    constexpr int rowHeight = 20;
    auto* card = new Card(tr("Facts"), this);
    m_how = shrinkingLabel(card);
    card->head()->addWidget(m_how);
    m_factsModel = new FactsModel(this);
    m_factsView = new QTableView(card);
    installTableCopy(*m_factsView, [this] { return m_factsModel->asTable(); });
    m_factsView->setModel(m_factsModel);
    m_factsView->verticalHeader()->hide();
    m_factsView->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_factsView->verticalHeader()->setMinimumSectionSize(18);
    m_factsView->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    for (const int narrow : {0, 3}) // name and ratio leave the room to the numbers
        m_factsView->horizontalHeader()->setSectionResizeMode(narrow, QHeaderView::ResizeToContents);
    m_factsView->horizontalHeader()->setHighlightSections(false);
    m_factsView->setShowGrid(false);
    m_factsView->setWordWrap(false);
    m_factsView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_factsView->setMinimumWidth(304); // all digits of all four columns, beside a scroll bar
    m_factsView->setMinimumHeight(rowHeight * 16 + 28); // all rows and the head: no scroll bar
    m_factsView->setAccessibleName(tr("Facts of the tensor"));
    card->body()->addWidget(m_factsView, 1);
    return card;
}

Card* TensorPage::buildElementsCard()
{
    auto* card = new Card(tr("Elements"), this);
    m_mapReading = captionLabel({}, card);
    m_means = flatButton(tr("means"), card);
    m_means->setCheckable(true);
    m_means->setToolTip(tr("Where a point stands for several elements, their mean instead of the one of largest magnitude"));
    m_sampling = shrinkingLabel(card);
    card->head()->addWidget(m_mapReading);
    card->head()->addWidget(m_means);
    card->head()->addWidget(m_sampling);
    m_map = new ElementMap(card);
    m_feed = new ElementFeed(*m_map, m_jobs, this);
    m_grid = new ValueGrid(m_document, m_jobs, card);
    m_outliers = new OutliersTable(m_document, m_jobs, card);
    m_profile = new GroupProfile(m_document, m_jobs, card);
    m_elementViews = new QStackedWidget(card);
    for (QWidget* view : std::initializer_list<QWidget*>{m_map, m_grid, m_outliers, m_profile})
        m_elementViews->addWidget(view);
    card->body()->addWidget(m_elementViews, 1);
    buildElementSwitch(*card);
    connect(m_grid, &ValueGrid::chosen, m_map, &ElementMap::goTo);
    connect(m_outliers, &OutliersTable::chosen, m_grid, &ValueGrid::goTo);
    connect(m_outliers, &OutliersTable::chosen, m_map, &ElementMap::goTo);
    connect(m_map, &ElementMap::chosen, m_grid, &ValueGrid::goTo);
    connect(m_map, &ElementMap::chosen, m_profile, &GroupProfile::showPlace);
    connect(m_grid, &ValueGrid::chosen, m_profile, &GroupProfile::showPlace);
    connect(m_profile, &GroupProfile::chosen, m_grid, &ValueGrid::goTo);
    connect(m_profile, &GroupProfile::chosen, m_map, &ElementMap::goTo);
    connect(m_profile, &GroupProfile::editRequested, this, &TensorPage::editRequested);
    connect(m_feed, &ElementFeed::changed, this, [this] { m_sampling->setText(m_feed->text()); });
    connect(m_feed, &ElementFeed::failed, m_banner, &Banner::sayError);
    connect(m_means, &QToolButton::toggled, this, [this](bool means) { m_feed->setStanding(means ? Standing::Mean : Standing::Largest); });
    connect(m_map, &ElementMap::reading, m_mapReading, &QLabel::setText);
    return card;
}

// The ways to look at single elements; going to a place in one goes there in the others.
void TensorPage::buildElementSwitch(Card& card)
{
    m_elementSwitch = new QButtonGroup(&card);
    const std::array<QString, 4> names = {tr("map"), tr("values"), tr("outliers"), tr("profile")};
    for (std::size_t view = 0; view < names.size(); ++view) {
        auto* button = flatButton(names[view], &card);
        button->setCheckable(true);
        button->setChecked(view == 0);
        m_elementSwitch->addButton(button, static_cast<int>(view));
        card.head()->addWidget(button);
    }
    connect(m_elementSwitch, &QButtonGroup::idClicked, this, [this](int view) { showElements(static_cast<ElementView>(view)); });
}

void TensorPage::showElements(ElementView view)
{
    m_elementViews->setCurrentIndex(static_cast<int>(view));
    m_elementSwitch->button(static_cast<int>(view))->setChecked(true);
    m_mapReading->setVisible(view == ElementView::Map);
    m_sampling->setVisible(view == ElementView::Map);
    m_means->setVisible(view == ElementView::Map);
}

} // namespace wb
