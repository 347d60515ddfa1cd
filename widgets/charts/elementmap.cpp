#include "widgets/charts/elementmap.h"

#include "widgets/charts/chartexport.h"
#include "widgets/numbertext.h"

#include <QApplication>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr double zoomStep = 1.5;

std::uint64_t zoomed(std::uint64_t count, std::uint64_t limit, double factor)
{
    const double wanted = std::round(static_cast<double>(count) * factor);
    return static_cast<std::uint64_t>(
        std::clamp(wanted, std::min(4.0, static_cast<double>(limit)), static_cast<double>(limit)));
}

// First index so that the point at `part` of the view stays where it is.
std::uint64_t anchored(std::uint64_t first, std::uint64_t count, std::uint64_t newCount, std::uint64_t limit,
                       double part)
{
    const double start =
        static_cast<double>(first) + part * (static_cast<double>(count) - static_cast<double>(newCount));
    return static_cast<std::uint64_t>(
        std::clamp(std::round(start), 0.0, static_cast<double>(limit - newCount)));
}

// Where the cell of an element is in the block.
std::optional<std::size_t> cellOf(const ElementBlock& block, std::uint64_t row, std::uint64_t col)
{
    const MatrixWindow& window = block.window;
    if (row < window.firstRow || row - window.firstRow >= window.rows || col < window.firstCol || col - window.firstCol >= window.cols)
        return std::nullopt;
    return (row - window.firstRow) / block.rowStep * block.cols + (col - window.firstCol) / block.colStep;
}

} // namespace

ElementMap::ElementMap(QWidget* parent)
    : QWidget(parent)
{
    setMouseTracking(true);
    setMinimumHeight(96); // the window fits on 800 lines
    setAccessibleName(tr("Map of the elements"));
    installChartMenu(*this, QStringLiteral("elements"), [this](QChar separator) { return numbers(separator); });
}

QString ElementMap::numbers(QChar separator) const
{
    const ElementBlock& block = m_original.block;
    const bool two = m_patched && m_patched->block.values.size() == block.values.size();
    QStringList names{QStringLiteral("row"), QStringLiteral("column"), QStringLiteral("original")};
    if (two) names << QStringLiteral("patched");
    QString text = names.join(separator) + QLatin1Char('\n');
    for (std::size_t i = 0; i < block.values.size(); ++i) {
        const std::uint64_t row = block.window.firstRow + i / block.cols * block.rowStep;
        const std::uint64_t col = block.window.firstCol + i % block.cols * block.colStep;
        text += QString::number(row) + separator + QString::number(col) + separator + exactText(block.values[i]);
        if (two) text += separator + exactText(m_patched->block.values[i]);
        text += QLatin1Char('\n');
    }
    return text;
}

void ElementMap::setMatrix(const Matrix& matrix)
{
    m_mark.reset();
    m_matrix = matrix;
    m_window = {0, matrix.rows, 0, matrix.cols};
    clear();
}

void ElementMap::setHeading(const QString& text)
{
    m_heading = text;
    update();
}

void ElementMap::clear()
{
    m_original = {};
    m_patched.reset();
    renderAll();
}

void ElementMap::setBlocks(ElementBlock original, std::optional<ElementBlock> patched, double limit)
{
    const bool otherColors = limit != m_limit;
    m_limit = limit;
    m_original.block = std::move(original);
    if (!patched)
        m_patched.reset();
    else if (!m_patched)
        m_patched.emplace();
    if (m_patched) m_patched->block = std::move(*patched);
    if (otherColors) return renderAll();
    m_original.image = render(m_original.block);
    if (m_patched) m_patched->image = render(m_patched->block);
    update();
}

void ElementMap::setOverview(ElementBlock original, std::optional<ElementBlock> patched)
{
    m_original.overview = std::move(original);
    if (patched && !m_patched) m_patched.emplace();
    if (m_patched) m_patched->overview = patched ? std::move(*patched) : ElementBlock();
    renderAll();
}

void ElementMap::fit()
{
    setWindow({0, m_matrix.rows, 0, m_matrix.cols});
}

void ElementMap::goTo(std::uint64_t row, std::uint64_t col)
{
    if (row >= m_matrix.rows || col >= m_matrix.cols) return;
    static constexpr std::uint64_t around = 16; // cells large enough for their values
    const auto part = [](std::uint64_t at, std::uint64_t all) {
        const std::uint64_t size = std::min<std::uint64_t>(all, around);
        return std::pair(std::min(at - std::min(at, size / 2), all - size), size);
    };
    m_mark = std::pair(row, col);
    const auto [firstRow, rows] = part(row, m_matrix.rows);
    const auto [firstCol, cols] = part(col, m_matrix.cols);
    update();
    setWindow({firstRow, rows, firstCol, cols});
}

void ElementMap::setBlinking(bool blinking)
{
    m_blinking = blinking;
    update();
}

void ElementMap::setWindow(MatrixWindow window)
{
    if (window == m_window) return;
    m_window = window;
    update();
    emit windowRequested();
}

QSize ElementMap::capacity(bool two) const
{
    const double width = two ? (this->width() - gap) / 2.0 : this->width();
    return (QSizeF(width, area(false).height()) * devicePixelRatioF()).toSize().expandedTo({16, 16});
}

QString ElementMap::samplingText() const
{
    const ElementBlock& block = m_original.block;
    if (block.values.empty()) return {};
    if (block.isComplete()) return tr("every element");
    if (block.standing == Standing::Largest)
        return tr("the largest of each %1 × %2").arg(countText(block.rowStep), countText(block.colStep));
    if (block.standing == Standing::Mean)
        return tr("the mean of each %1 × %2").arg(countText(block.rowStep), countText(block.colStep));
    const QString rows = block.rowStep == 1 ? tr("every row") : tr("1 of %1 rows").arg(countText(block.rowStep));
    const QString cols = block.colStep == 1 ? tr("every column") : tr("1 of %1 columns").arg(countText(block.colStep));
    return rows + QStringLiteral(", ") + cols;
}

QRectF ElementMap::area(bool patched) const
{
    const QRectF all(0, headHeight, width(), height() - headHeight - scaleHeight);
    if (!m_patched) return all;
    const double half = (all.width() - gap) / 2;
    return {patched ? half + gap : 0, all.top(), half, all.height()};
}

void ElementMap::renderAll()
{
    const auto renderPicture = [this](Picture& picture) {
        picture.image = render(picture.block);
        picture.overviewImage = render(picture.overview);
    };
    renderPicture(m_original);
    if (m_patched) renderPicture(*m_patched);
    update();
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> ElementMap::elementAt(const QPointF& position) const
{
    if (m_original.block.values.empty()) return std::nullopt;
    for (const bool patched : {false, true}) {
        const QRectF place = area(patched);
        if ((patched && !m_patched) || !place.contains(position)) continue;
        const auto at = [](double part, std::uint64_t first, std::uint64_t count) {
            return first + std::min(static_cast<std::uint64_t>(part * static_cast<double>(count)), count - 1);
        };
        return std::pair(at((position.y() - place.top()) / place.height(), m_window.firstRow, m_window.rows),
                         at((position.x() - place.left()) / place.width(), m_window.firstCol, m_window.cols));
    }
    return std::nullopt;
}

QString ElementMap::readingAt(std::uint64_t row, std::uint64_t col) const
{
    const auto& block = m_original.block;
    const auto cell = cellOf(block, row, col);
    if (!cell) return {};
    QString value = shortText(block.values[*cell]);
    if (m_patched)
        if (const auto other = cellOf(m_patched->block, row, col)) value += QStringLiteral(" → ") + shortText(m_patched->block.values[*other]);
    const std::uint64_t firstRow = row / block.rowStep * block.rowStep, firstCol = col / block.colStep * block.colStep;
    if (block.isComplete() || block.standing == Standing::First)
        return tr("row %1, column %2   %3").arg(countText(firstRow), countText(firstCol), value);
    const auto range = [](std::uint64_t first, std::uint64_t step, std::uint64_t all) {
        const std::uint64_t last = std::min(first + step, all) - 1;
        return last == first ? countText(first) : countText(first) + QStringLiteral("–") + countText(last);
    };
    const QString rows = range(firstRow, block.rowStep, m_matrix.rows), cols = range(firstCol, block.colStep, m_matrix.cols);
    return block.standing == Standing::Mean ? tr("rows %1, columns %2: mean %3").arg(rows, cols, value)
                                            : tr("rows %1, columns %2: largest %3").arg(rows, cols, value);
}

void ElementMap::wheelEvent(QWheelEvent* event)
{
    const QPointF position = event->position();
    const QRectF place = area(m_patched && position.x() >= area(true).left());
    if (m_window.rows == 0 || m_window.cols == 0 || !place.contains(position) ||
        event->angleDelta().y() == 0) {
        event->ignore();
        return;
    }
    const double factor = std::pow(zoomStep, -event->angleDelta().y() / 120.0);
    MatrixWindow next;
    next.rows = zoomed(m_window.rows, m_matrix.rows, factor);
    next.cols = zoomed(m_window.cols, m_matrix.cols, factor);
    next.firstRow = anchored(m_window.firstRow, m_window.rows, next.rows, m_matrix.rows,
                             (position.y() - place.top()) / place.height());
    next.firstCol = anchored(m_window.firstCol, m_window.cols, next.cols, m_matrix.cols,
                             (position.x() - place.left()) / place.width());
    setWindow(next);
    event->accept();
}

void ElementMap::mousePressEvent(QMouseEvent* event)
{
    m_dragFrom = event->position();
    m_dragWindow = m_window;
    m_dragged = false;
}

void ElementMap::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragFrom && (event->buttons() & Qt::LeftButton)) {
        const QRectF place = area(false);
        const QPointF moved = *m_dragFrom - event->position();
        m_dragged = m_dragged || moved.manhattanLength() >= QApplication::startDragDistance();
        if (!m_dragged) return;
        MatrixWindow next = m_dragWindow;
        const auto shifted = [](std::uint64_t first, double by, std::uint64_t last) {
            return static_cast<std::uint64_t>(
                std::clamp(static_cast<double>(first) + by, 0.0, static_cast<double>(last)));
        };
        next.firstCol =
            shifted(m_dragWindow.firstCol, moved.x() / place.width() * static_cast<double>(m_window.cols),
                    m_matrix.cols - m_window.cols);
        next.firstRow =
            shifted(m_dragWindow.firstRow, moved.y() / place.height() * static_cast<double>(m_window.rows),
                    m_matrix.rows - m_window.rows);
        setWindow(next);
        return;
    }
    const auto element = elementAt(event->position());
    emit reading(element ? readingAt(element->first, element->second) : QString());
}

void ElementMap::mouseReleaseEvent(QMouseEvent* event)
{
    const bool clicked = m_dragFrom && !m_dragged && event->button() == Qt::LeftButton;
    m_dragFrom.reset();
    const auto element = clicked ? elementAt(event->position()) : std::nullopt;
    if (!element) return;
    m_mark = element;
    update();
    emit chosen(element->first, element->second);
}

void ElementMap::mouseDoubleClickEvent(QMouseEvent*)
{
    fit();
}

void ElementMap::leaveEvent(QEvent*)
{
    emit reading({});
}

void ElementMap::resizeEvent(QResizeEvent*)
{
    emit windowRequested();
}

void ElementMap::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) renderAll();
}

} // namespace wb

#include "moc_elementmap.cpp"
