#include "widgets/valuegrid.h"

#include "widgets/document.h"
#include "widgets/errortext.h"
#include "widgets/numbertext.h"
#include "widgets/style.h"
#include "widgets/tensortext.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QRegularExpression>
#include <QScrollBar>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace wb {
namespace {

struct GridBlocks {
    ElementBlock original;
    std::optional<ElementBlock> patched;
};

// The style sheet makes room for a sort mark beside the words of any head, which leaves none for the words of these.
class RowHeads : public QHeaderView {
public:
    explicit RowHeads(QWidget* parent)
        : QHeaderView(Qt::Vertical, parent)
    {
        setSectionsClickable(true);
    }

protected:
    void paintSection(QPainter* painter, const QRect& rect, int row) const override
    {
        painter->fillRect(rect, colors().panel);
        painter->setPen(colors().secondary);
        painter->drawText(rect.adjusted(0, 0, -8, 0), Qt::AlignRight | Qt::AlignVCenter, QString::number(row));
    }
};

constexpr int settleMs = 30;
constexpr std::uint64_t margin = 16; // rows and columns read around what is in sight

} // namespace

ValueGrid::ValueGrid(Document& document, Jobs& jobs, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_job(jobs, JobSlot::Mode::Follow, nullptr)
    , m_copyJob(jobs, JobSlot::Mode::Replace, nullptr)
    , m_model(new ValueModel(this))
    , m_view(new QTableView(this))
{
    constexpr int cellWidth = 84, cellHeight = 22;
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    buildHead(*head);
    column->addLayout(head);
    column->addWidget(m_view, 1);
    m_view->setVerticalHeader(new RowHeads(m_view));
    m_view->setModel(m_model);
    m_view->setAccessibleName(tr("Values"));
    m_view->setWordWrap(false);
    for (QHeaderView* header : {m_view->horizontalHeader(), m_view->verticalHeader()}) {
        header->setSectionResizeMode(QHeaderView::Fixed); // sections are not measured one by one
        header->setHighlightSections(true);
    }
    m_view->horizontalHeader()->setDefaultSectionSize(cellWidth);
    m_view->verticalHeader()->setDefaultSectionSize(cellHeight);
    m_settle.setSingleShot(true);
    m_settle.setInterval(settleMs);
    connect(&m_settle, &QTimer::timeout, this, &ValueGrid::requestSight);
    for (QScrollBar* bar : {m_view->horizontalScrollBar(), m_view->verticalScrollBar()})
        connect(bar, &QScrollBar::valueChanged, &m_settle, qOverload<>(&QTimer::start));
    connect(m_model, &ValueModel::edited, this, &ValueGrid::stage);
    connect(m_model, &ValueModel::refused, this, [this](const QString& text) { say(tr("%1 is not a finite number").arg(text)); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& now) {
        if (now.isValid()) emit chosen(static_cast<std::uint64_t>(now.row()), static_cast<std::uint64_t>(now.column()));
    });
    auto* copyKey = new QShortcut(QKeySequence::Copy, m_view);
    copyKey->setContext(Qt::WidgetShortcut);
    connect(copyKey, &QShortcut::activated, this, &ValueGrid::copy);
}

void ValueGrid::buildHead(QBoxLayout& row)
{
    constexpr int placeWidth = 150;
    m_place = new QLineEdit(this);
    m_place->setPlaceholderText(tr("row, column"));
    m_place->setAccessibleName(tr("Row and column to go to"));
    m_place->setFixedWidth(placeWidth);
    connect(m_place, &QLineEdit::returnPressed, this, &ValueGrid::readPlace);
    auto* caption = captionLabel(tr("go to"), this);
    caption->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    row.addWidget(caption);
    row.addWidget(m_place);
    m_message = shrinkingLabel(this);
    row.addWidget(m_message);
    row.addStretch(1);
}

void ValueGrid::say(const QString& text)
{
    const QString limit = limitText();
    m_message->setText(!text.isEmpty() ? text : limit.isEmpty() ? tr("F2 sets a value as a staged edit · exact, as stored") : limit);
}

QString ValueGrid::limitText() const
{
    if (!m_tensor || !m_document.isOpen()) return {};
    const Matrix matrix = matrixOf(m_document.tensor(*m_tensor));
    if (matrix.rows <= ValueModel::mostSections && matrix.cols <= ValueModel::mostSections) return {};
    const bool rows = matrix.rows > ValueModel::mostSections;
    const QString text = rows ? tr("the first %1 of %2 rows: a table holds no more; the map shows all")
                              : tr("the first %1 of %2 columns: a table holds no more; the map shows all");
    return text.arg(countText(ValueModel::mostSections), countText(rows ? matrix.rows : matrix.cols));
}

void ValueGrid::setTensor(std::optional<std::size_t> tensor)
{
    m_job.cancel();
    m_copyJob.cancel();
    m_tensor = tensor;
    m_model->setMatrix(tensor ? matrixOf(m_document.tensor(*tensor)) : Matrix{0, 0});
    constexpr int headMargin = 20;
    m_view->verticalHeader()->setFixedWidth(fontMetrics().horizontalAdvance(QString::number(m_model->rowCount())) + headMargin);
    m_view->scrollToTop();
    say({});
    reload();
}

void ValueGrid::reload()
{
    if (isVisible()) m_settle.start();
}

void ValueGrid::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    reload();
}

void ValueGrid::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    reload();
}

MatrixWindow ValueGrid::sight() const
{
    const QSize size = m_view->viewport()->size();
    const auto from = [](int first) { return static_cast<std::uint64_t>(std::max(0, first)); };
    const auto span = [](int pixels, int section) { return static_cast<std::uint64_t>(pixels / section + 2) + 2 * margin; };
    MatrixWindow window;
    window.firstRow = from(m_view->rowAt(0));
    window.firstRow -= std::min(window.firstRow, margin);
    window.firstCol = from(m_view->columnAt(0));
    window.firstCol -= std::min(window.firstCol, margin);
    window.rows = span(size.height(), m_view->verticalHeader()->defaultSectionSize());
    window.cols = span(size.width(), m_view->horizontalHeader()->defaultSectionSize());
    return window;
}

void ValueGrid::requestSight()
{
    if (!m_tensor || !m_document.isOpen() || !isVisible() || m_model->rowCount() == 0 || m_model->columnCount() == 0) return;
    const auto patched = m_document.patched();
    const bool isEdited = patched->changes(*m_tensor);
    m_job.start<GridBlocks>(
        tr("Values of %1").arg(shortName(m_document.tensor(*m_tensor).name)),
        [original = m_document.original(), patched, isEdited, tensor = *m_tensor,
         window = sight()](Progress& progress) -> Result<GridBlocks> {
            auto first = readElements(*original, tensor, window, window.rows, window.cols, progress);
            if (!first) return failure(first);
            GridBlocks blocks{std::move(*first), std::nullopt};
            if (!isEdited) return blocks;
            auto second = readElements(*patched, tensor, window, window.rows, window.cols, progress);
            if (!second) return failure(second);
            blocks.patched = std::move(*second);
            return blocks;
        },
        [this](Result<GridBlocks> result) {
            if (!result) return say(errorText(result.error()));
            m_model->setBlocks(std::move(result->original), std::move(result->patched));
        });
}

void ValueGrid::goTo(std::uint64_t row, std::uint64_t col)
{
    if (row >= static_cast<std::uint64_t>(m_model->rowCount()) || col >= static_cast<std::uint64_t>(m_model->columnCount()))
        return say(tr("There are %1 rows and %2 columns, counted from 0")
                       .arg(m_model->rowCount())
                       .arg(m_model->columnCount()));
    const QModelIndex place = m_model->index(static_cast<int>(row), static_cast<int>(col));
    m_view->setCurrentIndex(place);
    m_view->scrollTo(place, QAbstractItemView::PositionAtCenter);
    say({});
    reload();
}

void ValueGrid::readPlace()
{
    static const QRegularExpression form(QStringLiteral("^\\s*(\\d+)\\s*[,;: ]\\s*(\\d+)\\s*$"));
    const auto match = form.match(m_place->text());
    if (!match.hasMatch()) return say(tr("Write a row and a column, as 12, 340"));
    goTo(match.captured(1).toULongLong(), match.captured(2).toULongLong());
}

void ValueGrid::setBlinking(bool blinking)
{
    m_model->setBlinking(blinking);
    say(blinking ? tr("■ original") : QString());
}

void ValueGrid::copy()
{
    const QItemSelection selected = m_view->selectionModel()->selection();
    if (selected.isEmpty()) return;
    const QItemSelectionRange& range = selected.first();
    constexpr qint64 mostCells = 1'000'000; // more than a clipboard is for; wb values writes them all
    if (qint64{range.height()} * range.width() > mostCells)
        return say(tr("%1 cells are too many to copy").arg(countText(static_cast<quint64>(qint64{range.height()} * range.width()))));
    if (m_model->holds(range.top(), range.bottom(), range.left(), range.right()))
        return QApplication::clipboard()->setText(m_model->asText(range.top(), range.bottom(), range.left(), range.right()));
    if (!m_tensor || !m_document.isOpen()) return;
    const auto from = [](int first) { return static_cast<std::uint64_t>(first); };
    const MatrixWindow window{from(range.top()), from(range.height()), from(range.left()), from(range.width())};
    m_copyJob.start<ElementBlock>(
        tr("Copying %1").arg(shortName(m_document.tensor(*m_tensor).name)),
        [source = m_model->isBlinking() ? m_document.original() : SourcePtr(m_document.patched()), tensor = *m_tensor, window](Progress& progress) {
            return readElements(*source, tensor, window, window.rows, window.cols, progress);
        },
        [this](const Result<ElementBlock>& block) {
            if (!block) return say(errorText(block.error()));
            QApplication::clipboard()->setText(ValueModel::asText(*block));
            say(tr("%n cell(s) copied", nullptr, static_cast<int>(block->values.size())));
        });
}

void ValueGrid::stage(int row, int col, double value)
{
    const auto at = [](int place) { return IndexRange{static_cast<std::uint64_t>(place), static_cast<std::uint64_t>(place) + 1}; };
    const std::string& name = m_document.tensor(*m_tensor).name;
    Edit edit;
    edit.operation = Set{value};
    edit.select = Selector::forTensor(name);
    edit.elements.rows = at(row);
    edit.elements.cols = at(col);
    const Result<void> staged = m_document.change(
        m_document.recipe()->with(edit),
        tr("set [%1, %2] of %3 to %4").arg(row).arg(col).arg(shortName(name), shortText(value)));
    say(staged ? QString() : errorText(staged.error()));
}

} // namespace wb

#include "moc_valuegrid.cpp"
