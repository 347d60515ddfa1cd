// How the map of the elements is drawn.
#include "widgets/charts/colormap.h"
#include "widgets/charts/elementmap.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QPainter>

#include <algorithm>

namespace wb {
namespace {

constexpr double valueCellWidth = 52; // cells at least this large show their value
constexpr double valueCellHeight = 16;

} // namespace

QImage ElementMap::render(const ElementBlock& block) const
{
    if (block.values.empty()) return {};
    QImage image(static_cast<int>(block.cols), static_cast<int>(block.rows), QImage::Format_RGB32);
    for (std::size_t row = 0; row < block.rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(row)));
        for (std::size_t col = 0; col < block.cols; ++col)
            line[col] = divergingColor(block.values[row * block.cols + col], m_limit);
    }
    return image;
}

QRectF ElementMap::placeOf(const ElementBlock& block, const QRectF& area) const
{
    const double cellWidth = area.width() / static_cast<double>(m_window.cols);
    const double cellHeight = area.height() / static_cast<double>(m_window.rows);
    const auto offset = [](std::uint64_t a, std::uint64_t b) { return static_cast<double>(a) - static_cast<double>(b); };
    return {area.left() + offset(block.window.firstCol, m_window.firstCol) * cellWidth,
            area.top() + offset(block.window.firstRow, m_window.firstRow) * cellHeight,
            static_cast<double>(block.cols * block.colStep) * cellWidth, static_cast<double>(block.rows * block.rowStep) * cellHeight};
}

// Until the requested elements arrive the old ones are drawn where they belong, over the coarse picture of all.
void ElementMap::paintPicture(QPainter& painter, const Picture& picture, const QRectF& area) const
{
    const ElementBlock& block = picture.block;
    painter.save();
    painter.setClipRect(area);
    const QRectF place = placeOf(block, area);
    if (!picture.overviewImage.isNull() && !place.contains(area)) painter.drawImage(placeOf(picture.overview, area), picture.overviewImage);
    if (!picture.image.isNull()) painter.drawImage(place, picture.image);
    if (area.width() / static_cast<double>(m_window.cols) >= valueCellWidth && area.height() / static_cast<double>(m_window.rows) >= valueCellHeight &&
        block.isComplete() && block.window == m_window)
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
    if (m_original.image.isNull()) return;
    QPainter painter(this);
    QFont font = this->font();
    font.setPixelSize(12);
    painter.setFont(font);
    const auto head = [&](const QRectF& below, const QString& text, const QColor& color) {
        painter.setPen(color);
        painter.drawText(QRectF(below.left(), 0, below.width(), headHeight - 4), Qt::AlignVCenter, text);
    };
    head(area(false), m_heading.isEmpty() ? tr("■ original") : m_heading, colors().original);
    paintPicture(painter, m_original, area(false));
    if (m_patched) {
        const QColor color = m_blinking ? colors().original : colors().patched;
        head(area(true), m_blinking ? tr("■ original") : tr("□ patched"), color);
        paintPicture(painter, m_blinking ? m_original : *m_patched, area(true));
        painter.setPen(QPen(color, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(area(true).adjusted(0.5, 0.5, -0.5, -0.5));
    }
    paintScale(painter);
}

} // namespace wb
