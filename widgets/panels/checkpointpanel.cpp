#include "widgets/panels/checkpointpanel.h"

#include "widgets/document.h"
#include "widgets/models/tensortree.h"
#include "widgets/panels/treemenu.h"
#include "widgets/selection.h"
#include "widgets/style.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

namespace wb {
namespace {

constexpr int oneScreenRows = 32;
constexpr int markWidth = 14;
constexpr int narrowest = 216; // names of projections can be told apart

class FilteredTree : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void filterAgain() { invalidateFilter(); }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        return sourceModel()->index(row, 0, parent).data(TensorTree::FilteredRole).toBool();
    }
};

// Draws the mark of edited tensors after the name, with their number on folders.
class TensorDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem item = option;
        if (index.column() == 1) item.palette.setColor(QPalette::Text, colors().secondary);
        const qulonglong edited = index.column() == 0 ? index.data(TensorTree::EditedRole).toULongLong() : 0;
        if (edited != 0) { // a long name gives way to the mark
            option.widget->style()->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
            item.rect.setRight(item.rect.right() - markWidth);
        }
        QStyledItemDelegate::paint(painter, item, index);
        if (edited == 0) return;
        const int x =
            option.rect.left() + 6 + option.fontMetrics.horizontalAdvance(index.data().toString()) + 10;
        const QPointF centre(std::min(x, option.rect.right() - 6), option.rect.center().y() + 1);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors().patched);
        painter->drawEllipse(centre, 3.5, 3.5);
        if (edited > 1 && centre.x() + 24 < option.rect.right()) {
            painter->setPen(colors().patched);
            painter->drawText(
                QPointF(centre.x() + 7, option.rect.center().y() + option.fontMetrics.ascent() / 2.0 - 1),
                QString::number(edited));
        }
        painter->restore();
    }
};

} // namespace

CheckpointPanel::CheckpointPanel(Document& document, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_selection(selection)
    , m_tree(new TensorTree(this))
    , m_shown(new FilteredTree(this))
    , m_filter(new QLineEdit(this))
    , m_view(new QTreeView(this))
    , m_nothing(captionLabel({}, this))
{
    m_shown->setSourceModel(m_tree);
    buildLayout();
    connect(&document, &Document::opened, this, &CheckpointPanel::showContent);
    connect(&document, &Document::patchedChanged, this, [this] {
        m_tree->setEdited(m_document.staged().get());
        m_view->viewport()->update(); // all of it, even where the tree tells of its top level alone
    });
    connect(&selection, &Selection::changed, this, &CheckpointPanel::showSelection);
    connect(m_filter, &QLineEdit::textChanged, this, &CheckpointPanel::applyFilter);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QTreeView::customContextMenuRequested, this, [this](const QPoint& at) {
        const QModelIndex index = m_view->indexAt(at);
        if (!index.isValid()) return;
        QMenu menu(this);
        fillMenu(menu, index);
        menu.exec(m_view->viewport()->mapToGlobal(at));
    });
    connect(m_view, &QTreeView::clicked, this, [this](const QModelIndex& index) { choose(index, true); });
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex& index) { choose(index, true); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) { choose(index, false); });
    showContent();
}

void CheckpointPanel::buildLayout()
{
    setProperty("sidePanel", true);
    setMinimumWidth(narrowest);
    setAttribute(Qt::WA_StyledBackground); // a plain widget paints no background of the style sheet
    m_filter->setPlaceholderText(tr("Filter   /"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setToolTip(tr("Words of a name, or a selection: role=q_proj layer=10-27"));
    m_filter->setAccessibleName(tr("Filter tensors"));
    m_filter->installEventFilter(this);
    m_view->setModel(m_shown);
    m_view->setItemDelegate(new TensorDelegate(m_view));
    m_view->setHeaderHidden(true);
    m_view->setUniformRowHeights(true);
    m_view->setIndentation(14);
    m_view->setAccessibleName(tr("Tensors of the checkpoint"));
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_view->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_nothing->setWordWrap(true);
    m_nothing->setContentsMargins(12, 4, 12, 4);
    m_nothing->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 0);
    row->addWidget(m_filter);
    column->addLayout(row);
    column->addWidget(m_nothing);
    column->addWidget(m_view, 1);
}

void CheckpointPanel::focusFilter()
{
    m_filter->setFocus();
    m_filter->selectAll();
}

void CheckpointPanel::showContent()
{
    m_filter->clear();
    m_filter->setEnabled(m_document.isOpen());
    m_tree->setContent(m_document.content());
    if (m_document.isOpen()) m_tree->setEdited(m_document.staged().get()); // a window made anew
    m_nothing->hide();
    openToOneScreen();
}

// Opens level after level, as long as everything opened still fits one screen.
void CheckpointPanel::openToOneScreen()
{
    m_view->collapseAll();
    int rows = m_shown->rowCount();
    QModelIndexList level;
    for (int row = 0; row < rows; ++row)
        level << m_shown->index(row, 0);
    while (!level.isEmpty()) {
        int more = 0;
        for (const QModelIndex& index : level)
            more += m_shown->rowCount(index);
        if (more == 0 || rows + more > oneScreenRows) return;
        rows += more;
        QModelIndexList below;
        for (const QModelIndex& index : level) {
            m_view->expand(index);
            for (int row = 0; row < m_shown->rowCount(index); ++row)
                below << m_shown->index(row, 0, index);
        }
        level = below;
    }
}

void CheckpointPanel::showSelection()
{
    const auto tensor = m_selection.tensor();
    const QModelIndex index = tensor ? m_shown->mapFromSource(m_tree->indexOf(*tensor)) : QModelIndex();
    if (!index.isValid()) {
        m_view->selectionModel()->clear();
        return;
    }
    if (m_view->currentIndex().siblingAtColumn(0) != index) m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
}

void CheckpointPanel::applyFilter()
{
    const QString text = m_filter->text().trimmed();
    const std::size_t left = m_tree->setFilter(text);
    static_cast<FilteredTree*>(m_shown)->filterAgain();
    m_nothing->setText(m_tree->filterProblem().isEmpty() ? tr("No tensor matches.") : m_tree->filterProblem());
    m_nothing->setVisible(m_document.isOpen() && left == 0);
    if (text.isEmpty()) {
        openToOneScreen();
        showSelection();
    } else if (left <= 2000) { // expanding more is slow and shows nothing that helps
        m_view->expandAll();
    }
}

void CheckpointPanel::choose(const QModelIndex& index, bool open)
{
    const QVariant tensor = index.siblingAtColumn(0).data(TensorTree::TensorRole);
    if (!tensor.isValid()) return;
    if (open)
        m_selection.open(static_cast<std::size_t>(tensor.toULongLong()));
    else
        m_selection.select(static_cast<std::size_t>(tensor.toULongLong()));
}

void CheckpointPanel::fillMenu(QMenu& menu, const QModelIndex& index)
{
    const QModelIndex place = m_shown->mapToSource(index.siblingAtColumn(0));
    const std::vector<std::size_t> tensors = m_tree->tensorsBelow(place);
    if (tensors.empty()) return;
    const TreeTarget target = treeTarget(*m_document.original(), tensors);
    if (tensors.size() == 1)
        menu.addAction(tr("Show tensor"), this, [this, tensor = tensors.front()] { m_selection.open(tensor); });
    menu.addAction(tr("Copy %n name(s)", nullptr, static_cast<int>(tensors.size())), this,
                   [names = target.names] { QApplication::clipboard()->setText(names.join(QLatin1Char('\n'))); });
    menu.addAction(tr("Copy as selection"), this, [text = target.selection] { QApplication::clipboard()->setText(text); });
    menu.addSeparator();
    menu.addAction(tr("Edit…"), this, [this, text = target.selection] { emit editRequested(text); });
    const std::pair<QString, Operation> operations[] = {{tr("Scale by 1/2"), Scale{0.5}}, {tr("Scale by 2"), Scale{2}}, {tr("Set to zero"), Zero{}}};
    for (const auto& [text, operation] : operations)
        menu.addAction(text, this, [this, operation = operation, selection = target.selection] { emit stageRequested(operation, selection); });
    menu.addSeparator();
    menu.addAction(tr("Statistics"), this, [this, text = target.selection] { emit statisticsRequested(text); });
    menu.addAction(tr("Differences"), this, [this, tensor = tensors.front()] {
        m_selection.select(tensor);
        emit differencesRequested();
    });
}

// Down moves from the filter into the tree, Return goes to the first tensor that is left, Escape clears.
bool CheckpointPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_filter || (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)) return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (event->type() == QEvent::ShortcutOverride) {
        if (key != Qt::Key_Escape || m_filter->text().isEmpty()) return QWidget::eventFilter(watched, event);
        event->accept(); // else the key would stop whatever is computed
        return true;
    }
    if (key == Qt::Key_Escape) {
        m_filter->clear();
        m_view->setFocus();
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Down) {
        QModelIndex index = m_shown->index(0, 0);
        while (index.isValid() && !index.data(TensorTree::TensorRole).isValid() &&
               m_shown->rowCount(index) > 0)
            index = m_shown->index(0, 0, index);
        m_view->setCurrentIndex(index);
        m_view->setFocus();
        if (key != Qt::Key_Down) choose(index, true);
        return true;
    }
    return false;
}

} // namespace wb

#include "moc_checkpointpanel.cpp"
