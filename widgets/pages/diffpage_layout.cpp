// How the diff page is put together; what it does is in diffpage.cpp.
#include "widgets/banner.h"
#include "widgets/charts/elementmap.h"
#include "widgets/document.h"
#include "widgets/elementfeed.h"
#include "widgets/models/diffmodel.h"
#include "widgets/pages/diffpage.h"
#include "widgets/selection.h"
#include "widgets/stateview.h"
#include "widgets/style.h"
#include "widgets/tablecopy.h"
#include "widgets/tensortext.h"
#include "widgets/theme.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTableWidget>
#include <QVBoxLayout>

namespace wb {
namespace {

// A faint bar behind the number of a share.
class BarDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QVariant fraction = index.data(DiffModel::fractionRole);
        if (fraction.isValid()) {
            QColor color = colors().patched;
            color.setAlphaF(0.22F);
            QRectF bar = QRectF(option.rect).adjusted(4, 4, -4, -4);
            bar.setLeft(bar.right() - bar.width() * fraction.toDouble());
            painter->fillRect(bar, color);
        }
        QStyledItemDelegate::paint(painter, option, index);
    }
};

} // namespace

DiffPage::DiffPage(Document& document, Jobs& jobs, Selection& selection)
    : Page(document, jobs, selection)
    , m_openJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_compareJob(jobs, JobSlot::Mode::Follow, nullptr)
    , m_banner(new Banner(this))
    , m_stack(new QStackedWidget(this))
    , m_state(new StateView(this))
    , m_model(new DiffModel(this))
    , m_sorted(new QSortFilterProxyModel(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 12, 0, 0);
    column->setSpacing(12);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    buildSides(*head);
    column->addLayout(head);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_state);
    buildTable();
    connect(&m_document, &Document::opened, this, [this] {
        m_openJob.cancel();
        setOther(nullptr);
        chooseSides(Original, Patched);
        refreshAnew();
    });
    connect(&m_selection, &Selection::changed, this, &DiffPage::followSelection);
    connect(&m_document, &Document::patchedChanged, this, &DiffPage::refresh);
    connect(m_state, &StateView::buttonClicked, this, &DiffPage::askForOther);
    refresh();
}

void DiffPage::buildSides(QBoxLayout& row)
{
    m_left = new QComboBox(this);
    m_right = new QComboBox(this);
    for (QComboBox* box : {m_left, m_right}) {
        box->addItem(tr("■ Original"), Original);
        box->addItem(tr("□ Patched"), Patched);
    }
    m_right->addItem(tr("Another checkpoint…"), Ask);
    m_right->setCurrentIndex(Patched);
    m_summary = headingLabel({}, this);
    m_summary->setWordWrap(true); // a long sentence must not widen the page: the docks would give way
    for (QComboBox* box : {m_left, m_right}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        box->setProperty(choiceOfOwner, true);
        connect(box, &QComboBox::activated, this, &DiffPage::sidesChanged);
    }
    row.addWidget(m_left);
    row.addWidget(captionLabel(tr("against"), this));
    row.addWidget(m_right);
    row.addSpacing(12);
    m_summary->setMinimumWidth(80); // the docks keep their width; the tip has all of it
    row.addWidget(m_summary, 1);
    auto* next = flatButton(tr("next ▾"), this);
    next->setToolTip(tr("Next difference (F8); Shift+F8 goes back"));
    connect(next, &QToolButton::clicked, this, [this] { step(1); });
    row.addWidget(next);
    connect(new QShortcut(QKeySequence(QStringLiteral("F8")), this), &QShortcut::activated, this, [this] { step(1); });
    connect(new QShortcut(QKeySequence(QStringLiteral("Shift+F8")), this), &QShortcut::activated, this, [this] { step(-1); });
}

void DiffPage::buildTable()
{
    constexpr int rowHeight = 22;
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto* tensors = new Card(tr("Tensors that differ"), content);
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(DiffModel::sortRole);
    m_table = new QTableView(tensors);
    installTableCopy(*m_table, [this] { return tableText(); });
    m_table->setModel(m_sorted);
    m_table->setItemDelegate(new BarDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSortingEnabled(true);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_table->horizontalHeader()->setHighlightSections(false);
    // Room for the words of the head and the mark of the sorted column beside them.
    const int widths[DiffModel::ColumnCount] = {0, 104, 70, 92, 78, 84, 128};
    for (int section = 1; section < DiffModel::ColumnCount; ++section)
        m_table->setColumnWidth(section, widths[section]);
    m_table->horizontalHeader()->setSectionResizeMode(DiffModel::Tensor, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSortIndicator(DiffModel::Relative, Qt::DescendingOrder);
    m_table->setAccessibleName(tr("Tensors that differ"));
    tensors->body()->addWidget(m_table, 1);
    column->addWidget(tensors, 3);

    auto* elements = new Card(tr("Largest differences"), content);
    m_elementsTitle = shrinkingLabel(elements);
    elements->head()->addWidget(m_elementsTitle);
    m_elements = new QTableWidget(0, 4, elements);
    installTableCopy(*m_elements);
    m_elements->setHorizontalHeaderLabels({tr("place"), tr("left"), tr("right"), tr("difference")});
    m_elements->verticalHeader()->hide();
    m_elements->verticalHeader()->setDefaultSectionSize(rowHeight);
    m_elements->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_elements->horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_elements->setShowGrid(false);
    m_elements->setEditTriggers(QAbstractItemView::NoEditTriggers);
    buildMap(*elements);
    column->addWidget(elements, 2);
    m_stack->addWidget(content);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &DiffPage::showElements);
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        if (const auto tensor = m_document.original()->find(index.data(DiffModel::nameRole).toString().toStdString()))
            m_selection.open(*tensor);
    });
}

// The table of the largest differences, or a picture of all of them.
void DiffPage::buildMap(Card& card)
{
    m_map = new ElementMap(&card);
    m_map->setHeading(tr("right − left"));
    m_feed = new ElementFeed(*m_map, m_jobs, this);
    m_mapReading = captionLabel({}, &card);
    m_elementViews = new QStackedWidget(&card);
    m_elementViews->addWidget(m_elements);
    m_elementViews->addWidget(m_map);
    card.head()->addWidget(m_mapReading);
    auto* group = new QButtonGroup(&card);
    for (const auto& [name, view] : {std::pair(tr("largest"), 0), std::pair(tr("map"), 1)}) {
        auto* button = flatButton(name, &card);
        button->setCheckable(true);
        button->setChecked(view == 0);
        group->addButton(button, view);
        card.head()->addWidget(button);
    }
    card.body()->addWidget(m_elementViews, 1);
    m_viewSwitch = group;
    connect(group, &QButtonGroup::idClicked, this, &DiffPage::showMap);
    connect(m_feed, &ElementFeed::failed, m_banner, &Banner::sayError);
    connect(m_feed, &ElementFeed::changed, this, [this] {
        const TensorDifference* difference = m_model->difference(m_sorted->mapToSource(m_table->currentIndex()).row());
        if (difference != nullptr && m_viewSwitch->checkedId() == 1)
            m_elementsTitle->setText(tr("%1 · %2").arg(shortName(difference->name), m_feed->text()));
    });
    connect(m_map, &ElementMap::reading, m_mapReading, &QLabel::setText);
}

} // namespace wb
