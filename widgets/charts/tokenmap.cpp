#include "widgets/charts/tokenmap.h"

#include "widgets/charts/chartexport.h"
#include "widgets/charts/colormap.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr int textColumn = 74, textRow = 20, thinColumn = 3;

} // namespace

TokenMap::TokenMap(const QString& name, const QString& stem, const QString& waiting, QWidget* parent)
    : QAbstractScrollArea(parent)
    , m_waiting(waiting)
{
    setAccessibleName(name);
    setFrameShape(QFrame::NoFrame);
    viewport()->setCursor(Qt::PointingHandCursor);
    installChartMenu(*this, stem, [this](QChar separator) { return numbers(separator); });
}

void TokenMap::setData(TokenMapData map)
{
    m_map = std::move(map);
    m_current.reset();
    fitScrollBars();
    viewport()->update();
}

void TokenMap::setCurrent(std::optional<std::pair<std::size_t, std::size_t>> cell)
{
    m_current = cell;
    viewport()->update();
}

int TokenMap::labelWidth() const
{
    int widest = 0;
    for (const QString& row : m_map.rows)
        widest = std::max(widest, fontMetrics().horizontalAdvance(row));
    return widest + 10;
}

int TokenMap::bottomHeight() const { return 2 * fontMetrics().height() + 8; }

double TokenMap::columnWidth() const
{
    const double room = viewport()->width() - labelWidth(), count = static_cast<double>(std::max<qsizetype>(1, m_map.columns.size()));
    return std::max(room / count, static_cast<double>(m_map.texts.isEmpty() ? thinColumn : textColumn));
}

double TokenMap::rowHeight() const
{
    const double room = viewport()->height() - bottomHeight(), count = static_cast<double>(std::max<qsizetype>(1, m_map.rows.size()));
    return m_map.texts.isEmpty() ? std::max(3.0, room / count) : std::max<double>(textRow, std::min(room / count, 30.0));
}

void TokenMap::fitScrollBars()
{
    const int wide = static_cast<int>(columnWidth() * static_cast<double>(m_map.columns.size())) + labelWidth(), tall = static_cast<int>(rowHeight() * static_cast<double>(m_map.rows.size())) + bottomHeight();
    horizontalScrollBar()->setRange(0, std::max(0, wide - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(textColumn);
    verticalScrollBar()->setRange(0, std::max(0, tall - viewport()->height()));
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(textRow);
}

void TokenMap::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    fitScrollBars();
}

QRectF TokenMap::cell(std::size_t row, std::size_t column) const
{
    const double width = columnWidth(), height = rowHeight();
    return {labelWidth() + static_cast<double>(column) * width - horizontalScrollBar()->value(), static_cast<double>(row) * height - verticalScrollBar()->value(), width, height};
}

std::optional<std::pair<std::size_t, std::size_t>> TokenMap::cellAt(const QPointF& position) const
{
    if (position.x() < labelWidth() || position.y() >= viewport()->height() - bottomHeight()) return std::nullopt;
    const auto column = static_cast<qsizetype>((position.x() - labelWidth() + horizontalScrollBar()->value()) / columnWidth());
    const auto row = static_cast<qsizetype>((position.y() + verticalScrollBar()->value()) / rowHeight());
    if (row < 0 || row >= m_map.rows.size() || column >= m_map.columns.size()) return std::nullopt;
    return std::pair(static_cast<std::size_t>(row), static_cast<std::size_t>(column));
}

QColor TokenMap::colorOf(float value) const
{
    if (!std::isfinite(value)) return colors().nonFinite;
    const double share = m_map.high > m_map.low ? (static_cast<double>(value) - m_map.low) / (m_map.high - m_map.low) : 0;
    return QColor::fromRgb(viridisColor(std::clamp(share, 0.0, 1.0)));
}

void TokenMap::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.setPen(colors().secondary);
    if (m_map.values.empty()) return painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, m_waiting);
    const QRect area = viewport()->rect().adjusted(labelWidth(), 0, 0, -bottomHeight());
    painter.setClipRect(area);
    const auto columns = static_cast<std::size_t>(m_map.columns.size());
    for (std::size_t row = 0; row < static_cast<std::size_t>(m_map.rows.size()); ++row)
        for (std::size_t column = 0; column < columns; ++column) {
            const QRectF place = cell(row, column);
            if (!place.intersects(area)) continue;
            const QColor color = colorOf(m_map.values[row * columns + column]);
            const bool wide = !m_map.texts.isEmpty();
            painter.fillRect(wide ? place.adjusted(0.5, 0.5, -0.5, -0.5) : place.toAlignedRect(), color);
            if (!wide) continue;
            painter.setPen(color.lightnessF() > 0.5F ? Qt::black : Qt::white);
            painter.drawText(place.adjusted(3, 0, -3, 0), Qt::AlignCenter, painter.fontMetrics().elidedText(m_map.texts[static_cast<qsizetype>(row * columns + column)], Qt::ElideRight, static_cast<int>(place.width()) - 6));
        }
    if (m_current) {
        painter.setPen(QPen(colors().accent, 2));
        painter.drawRect(cell(m_current->first, m_current->second).adjusted(1, 1, -1, -1));
    }
    painter.setClipping(false);
    paintLabels(painter);
}

void TokenMap::paintLabels(QPainter& painter) const
{
    painter.setPen(colors().secondary);
    const int line = painter.fontMetrics().height(), left = labelWidth();
    const auto every = static_cast<qsizetype>(std::max(1.0, std::ceil(line / rowHeight())));
    const int bottom = viewport()->height() - bottomHeight();
    painter.setClipRect(0, 0, left, bottom);
    for (qsizetype row = 0; row < m_map.rows.size(); row += every) {
        const QRectF place = cell(static_cast<std::size_t>(row), 0);
        painter.drawText(QRectF(0, place.center().y() - line, left - 6, 2.0 * line), Qt::AlignRight | Qt::AlignVCenter, m_map.rows[row]);
    }
    painter.setClipRect(left, bottom, viewport()->width() - left, line + 4);
    const double step = columnWidth(), needed = 56;
    const auto each = static_cast<qsizetype>(m_map.texts.isEmpty() ? std::max(1.0, std::ceil(needed / step)) : 1);
    for (qsizetype column = 0; column < m_map.columns.size(); column += each) {
        const QRectF place = cell(0, static_cast<std::size_t>(column));
        const double room = step * static_cast<double>(each) - 6;
        painter.drawText(QRectF(place.left() + 2, bottom + 2, room, line), Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(m_map.columns[column], Qt::ElideRight, static_cast<int>(room)));
    }
    painter.setClipping(false);
    const QString ends = QStringLiteral("%1: %2 … %3").arg(m_map.scale, shortText(m_map.low), shortText(m_map.high));
    const int bar = 90;
    const QRect legend(left, bottom + line + 7, bar, line - 6);
    for (int x = 0; x < bar; ++x)
        painter.fillRect(legend.left() + x, legend.top(), 1, legend.height(), QColor::fromRgb(viridisColor(x / static_cast<double>(bar - 1))));
    painter.drawText(QRect(legend.right() + 8, bottom + line + 4, viewport()->width() - legend.right() - 8, line), Qt::AlignLeft | Qt::AlignVCenter, ends);
}

void TokenMap::mousePressEvent(QMouseEvent* event)
{
    const auto at = cellAt(event->position());
    if (!at || event->button() != Qt::LeftButton) return;
    setCurrent(at);
    emit chosen(static_cast<int>(at->first), static_cast<int>(at->second));
}

bool TokenMap::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto at = cellAt(help->pos()); at && m_map.reading)
        QToolTip::showText(help->globalPos(), m_map.reading(at->first, at->second), this);
    else
        QToolTip::hideText();
    return true;
}

QString TokenMap::numbers(QChar separator) const
{
    QString text = QStringLiteral("row%1column%1token%1value").arg(separator) + (m_map.texts.isEmpty() ? QString() : separator + QStringLiteral("text")) + QLatin1Char('\n');
    const auto columns = m_map.columns.size();
    const auto quoted = [](QString token) { return QLatin1Char('"') + token.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"'); };
    for (qsizetype row = 0; row < m_map.rows.size(); ++row)
        for (qsizetype column = 0; column < columns; ++column) {
            QStringList cells{m_map.rows[row], QString::number(column), quoted(m_map.columns[column]), exactText(static_cast<double>(m_map.values[static_cast<std::size_t>(row * columns + column)]))};
            if (!m_map.texts.isEmpty()) cells << quoted(m_map.texts[row * columns + column]);
            text += cells.join(separator) + QLatin1Char('\n');
        }
    return text;
}

} // namespace wb

#include "moc_tokenmap.cpp"
