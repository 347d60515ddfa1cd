#include "widgets/charts/elementmap.h"

#include "widgets/charts/chartexport.h"
#include "widgets/charts/colormap.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr int headHeight = 20;  // "original", "patched"
constexpr int scaleHeight = 22; // colour scale with numbers
constexpr int gap = 12;         // between the two pictures
constexpr double zoomStep = 1.5;
constexpr double valueCellWidth = 52; // cells at least this large show their value
constexpr double valueCellHeight = 16;

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
    const bool two = m_patched && m_patched->values.size() == m_original.values.size();
    QStringList names{QStringLiteral("row"), QStringLiteral("column"), QStringLiteral("original")};
    if (two) names << QStringLiteral("patched");
    QString text = names.join(separator) + QLatin1Char('\n');
    for (std::size_t i = 0; i < m_original.values.size(); ++i) {
        const std::uint64_t row = m_original.window.firstRow + i / m_original.cols * m_original.rowStep;
        const std::uint64_t col = m_original.window.firstCol + i % m_original.cols * m_original.colStep;
        text += QString::number(row) + separator + QString::number(col) + separator + exactText(m_original.values[i]);
        if (two) text += separator + exactText(m_patched->values[i]);
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
    m_original = std::move(original);
    m_patched = std::move(patched);
    m_limit = limit;
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
    const QSizeF size = area(false).size();
    const double width = two && !m_patched ? (size.width() - gap) / 2 : size.width();
    return (QSizeF(width, size.height()) * devicePixelRatioF()).toSize().expandedTo({16, 16});
}

QString ElementMap::samplingText() const
{
    if (m_original.values.empty()) return {};
    if (m_original.isComplete()) return tr("every element");
    if (m_original.largest)
        return tr("the largest of each %1 × %2").arg(countText(m_original.rowStep), countText(m_original.colStep));
    const QString rows =
        m_original.rowStep == 1 ? tr("every row") : tr("1 of %1 rows").arg(countText(m_original.rowStep));
    const QString cols = m_original.colStep == 1 ? tr("every column")
                                                 : tr("1 of %1 columns").arg(countText(m_original.colStep));
    return rows + QStringLiteral(", ") + cols;
}

QRectF ElementMap::area(bool patched) const
{
    const QRectF all(0, headHeight, width(), height() - headHeight - scaleHeight);
    if (!m_patched) return all;
    const double half = (all.width() - gap) / 2;
    return {patched ? half + gap : 0, all.top(), half, all.height()};
}

QImage ElementMap::render(const ElementBlock& block) const
{
    QImage image(static_cast<int>(block.cols), static_cast<int>(block.rows), QImage::Format_RGB32);
    for (std::size_t row = 0; row < block.rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(row)));
        for (std::size_t col = 0; col < block.cols; ++col)
            line[col] = divergingColor(block.values[row * block.cols + col], m_limit);
    }
    return image;
}

void ElementMap::renderAll()
{
    m_originalImage = m_original.values.empty() ? QImage() : render(m_original);
    m_patchedImage = m_patched && !m_patched->values.empty() ? render(*m_patched) : QImage();
    update();
}

void ElementMap::paintBlock(QPainter& painter, const ElementBlock& block, const QImage& image,
                            const QRectF& area) const
{
    // Until the requested elements arrive the old ones are drawn where they belong.
    const auto& have = block.window;
    const double cellWidth = area.width() / static_cast<double>(m_window.cols);
    const double cellHeight = area.height() / static_cast<double>(m_window.rows);
    const auto offset = [](std::uint64_t a, std::uint64_t b) {
        return static_cast<double>(a) - static_cast<double>(b);
    };
    const QRectF target(area.left() + offset(have.firstCol, m_window.firstCol) * cellWidth,
                        area.top() + offset(have.firstRow, m_window.firstRow) * cellHeight,
                        static_cast<double>(block.cols * block.colStep) * cellWidth,
                        static_cast<double>(block.rows * block.rowStep) * cellHeight);
    painter.save();
    painter.setClipRect(area);
    painter.drawImage(target, image);
    if (cellWidth >= valueCellWidth && cellHeight >= valueCellHeight && block.isComplete() &&
        have == m_window)
        paintValues(painter, block, area);
    paintMark(painter, area);
    painter.restore();
}

void ElementMap::paintValues(QPainter& painter, const ElementBlock& block, const QRectF& area) const
{
    QFont font = this->font();
    font.setPixelSize(11);
    painter.setFont(font);
    const double cellWidth = area.width() / static_cast<double>(block.cols);
    const double cellHeight = area.height() / static_cast<double>(block.rows);
    for (std::size_t row = 0; row < block.rows; ++row)
        for (std::size_t col = 0; col < block.cols; ++col) {
            const double value = block.values[row * block.cols + col];
            painter.setPen(qGray(divergingColor(value, m_limit)) > 140 ? Qt::black : Qt::white);
            painter.drawText(QRectF(area.left() + static_cast<double>(col) * cellWidth,
                                    area.top() + static_cast<double>(row) * cellHeight, cellWidth,
                                    cellHeight),
                             Qt::AlignCenter, shortText(value));
        }
}

void ElementMap::paintMark(QPainter& painter, const QRectF& area) const
{
    if (!m_mark || m_mark->first < m_window.firstRow || m_mark->second < m_window.firstCol) return;
    const double cellWidth = area.width() / static_cast<double>(m_window.cols);
    const double cellHeight = area.height() / static_cast<double>(m_window.rows);
    const QRectF cell(area.left() + static_cast<double>(m_mark->second - m_window.firstCol) * cellWidth,
                      area.top() + static_cast<double>(m_mark->first - m_window.firstRow) * cellHeight,
                      std::max(cellWidth, 4.0), std::max(cellHeight, 4.0));
    painter.setPen(QPen(colors().text, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(cell);
}

void ElementMap::paintScale(QPainter& painter) const
{
    const QString limit = shortText(m_limit);
    const QString low = QStringLiteral("−") + limit;
    constexpr int barWidth = 160;
    const QFontMetrics metrics = painter.fontMetrics();
    const int y = height() - scaleHeight + 6;
    int x = 0;
    painter.setPen(colors().secondary);
    const auto write = [&](const QString& text) {
        painter.drawText(QRect(x, y, metrics.horizontalAdvance(text), 16), Qt::AlignVCenter, text);
        x += metrics.horizontalAdvance(text) + 8;
    };
    write(low);
    for (int i = 0; i < barWidth; ++i)
        painter.fillRect(x + i, y + 4, 1, 8,
                         divergingColor(m_limit * (2.0 * i / (barWidth - 1) - 1), m_limit));
    x += barWidth + 8;
    write(limit);
    x += 4;
    write(tr("zero in the middle, square-root scale"));
}

void ElementMap::paintEvent(QPaintEvent*)
{
    if (m_originalImage.isNull()) return;
    QPainter painter(this);
    QFont font = this->font();
    font.setPixelSize(12);
    painter.setFont(font);
    const auto head = [&](const QRectF& below, const QString& text, const QColor& color) {
        painter.setPen(color);
        painter.drawText(QRectF(below.left(), 0, below.width(), headHeight - 4), Qt::AlignVCenter, text);
    };
    head(area(false), m_heading.isEmpty() ? tr("■ original") : m_heading, colors().original);
    paintBlock(painter, m_original, m_originalImage, area(false));
    if (m_patched) {
        const QColor color = m_blinking ? colors().original : colors().patched;
        head(area(true), m_blinking ? tr("■ original") : tr("□ patched"), color);
        paintBlock(painter, m_blinking ? m_original : *m_patched,
                   m_blinking ? m_originalImage : m_patchedImage, area(true));
        painter.setPen(QPen(color, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(area(true).adjusted(0.5, 0.5, -0.5, -0.5));
    }
    paintScale(painter);
}

std::optional<ElementMap::Cell> ElementMap::cellAt(const QPointF& position) const
{
    const auto& block = m_original;
    for (const bool patched : {false, true}) {
        const QRectF place = area(patched);
        if ((patched && !m_patched) || !place.contains(position) || block.values.empty() ||
            !(block.window == m_window))
            continue;
        const double x = (position.x() - place.left()) / place.width() * static_cast<double>(m_window.cols);
        const double y = (position.y() - place.top()) / place.height() * static_cast<double>(m_window.rows);
        const std::size_t col =
            std::min(static_cast<std::size_t>(x / static_cast<double>(block.colStep)), block.cols - 1);
        const std::size_t row =
            std::min(static_cast<std::size_t>(y / static_cast<double>(block.rowStep)), block.rows - 1);
        return Cell{m_window.firstRow + row * block.rowStep, m_window.firstCol + col * block.colStep,
                    row * block.cols + col};
    }
    return std::nullopt;
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
    const auto cell = cellAt(event->position());
    if (!cell) {
        emit reading({});
        return;
    }
    QString text =
        tr("row %1, column %2   %3")
            .arg(countText(cell->row), countText(cell->col), shortText(m_original.values[cell->at]));
    if (m_patched && cell->at < m_patched->values.size())
        text += QStringLiteral(" → ") + shortText(m_patched->values[cell->at]);
    emit reading(text);
}

void ElementMap::mouseReleaseEvent(QMouseEvent* event)
{
    const bool clicked = m_dragFrom && !m_dragged && event->button() == Qt::LeftButton;
    m_dragFrom.reset();
    const auto cell = clicked ? cellAt(event->position()) : std::nullopt;
    if (!cell) return;
    m_mark = std::pair(cell->row, cell->col);
    update();
    emit chosen(cell->row, cell->col);
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
