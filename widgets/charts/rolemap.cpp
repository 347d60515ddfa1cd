#include "widgets/charts/rolemap.h"

#include "widgets/charts/chartexport.h"
#include "widgets/charts/colormap.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr double gap = 2;
constexpr double smallestRound = 5; // of a cell
constexpr double largestCell = 32; // higher ones only make a tower
constexpr double scaleHeight = 8;
constexpr double underCells = 60; // layer numbers, scale, its numbers

} // namespace

RoleMap::RoleMap(QWidget* parent)
    : QWidget(parent)
{
    setMouseTracking(true);
    QFont small = font();
    small.setPixelSize(11);
    setFont(small);
    installChartMenu(*this, QStringLiteral("layers-roles"), [this](QChar separator) { return numbers(separator); });
}

QString RoleMap::numbers(QChar separator) const
{
    QString text = QStringList{QStringLiteral("role"), QStringLiteral("layer"), m_data.statistic}.join(separator) + QLatin1Char('\n');
    for (std::size_t row = 0; row < static_cast<std::size_t>(m_data.rows.size()); ++row)
        for (std::size_t layer = 0; layer < m_data.layers; ++layer)
            if (const auto& cell = at(row, layer))
                text += QStringList{m_data.rows[static_cast<qsizetype>(row)], QString::number(layer), exactText(cell->value)}.join(separator) + QLatin1Char('\n');
    return text;
}

void RoleMap::setData(RoleMapData cells)
{
    m_data = std::move(cells);
    m_labels = 0;
    for (const QString& row : m_data.rows)
        m_labels = std::max(m_labels, fontMetrics().horizontalAdvance(row));
    update();
}

const std::optional<RoleMapCell>& RoleMap::at(std::size_t row, std::size_t layer) const
{
    return m_data.cells[row * m_data.layers + layer];
}

QRectF RoleMap::cellsRect() const
{
    const double left = std::min<double>(m_labels + 8, width() * 0.4);
    const double rows = std::max<double>(1, static_cast<double>(m_data.rows.size()));
    const double high = std::min(height() - underCells, rows * largestCell);
    return {left, 0, width() - left - 1, std::max(high, 1.0)};
}

QRectF RoleMap::cellRect(std::size_t row, std::size_t layer) const
{
    const QRectF all = cellsRect();
    const double w = all.width() / static_cast<double>(std::max<std::size_t>(m_data.layers, 1));
    const double h = all.height() / static_cast<double>(std::max<qsizetype>(m_data.rows.size(), 1));
    const double space = w > 6 && h > 6 ? gap : 0;
    return {all.left() + w * static_cast<double>(layer), all.top() + h * static_cast<double>(row), w - space, h - space};
}

QPoint RoleMap::placeOf(std::size_t row, std::size_t layer) const
{
    return cellRect(row, layer).center().toPoint();
}

std::optional<std::pair<std::size_t, std::size_t>> RoleMap::cellAt(const QPointF& position) const
{
    const QRectF all = cellsRect();
    if (m_data.layers == 0 || m_data.rows.isEmpty() || !all.contains(position)) return std::nullopt;
    const double x = (position.x() - all.left()) / all.width(), y = (position.y() - all.top()) / all.height();
    return std::pair(std::min(static_cast<std::size_t>(y * static_cast<double>(m_data.rows.size())),
                              static_cast<std::size_t>(m_data.rows.size()) - 1),
                     std::min(static_cast<std::size_t>(x * static_cast<double>(m_data.layers)), m_data.layers - 1));
}

double RoleMap::fractionOf(double value) const
{
    if (!(m_data.high > m_data.low)) return 0.5;
    const double fraction = isLogarithmic() && value > 0
                                ? std::log(value / m_data.low) / std::log(m_data.high / m_data.low)
                                : (value - m_data.low) / (m_data.high - m_data.low);
    return std::clamp(fraction, 0.0, 1.0);
}

void RoleMap::paintEvent(QPaintEvent*)
{
    if (m_data.rows.isEmpty() || m_data.layers == 0) return;
    QPainter painter(this);
    paintCells(painter);
    paintLabels(painter);
    paintScale(painter);
}

void RoleMap::paintCells(QPainter& painter) const
{
    const ThemeColors& c = colors();
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t row = 0; row < static_cast<std::size_t>(m_data.rows.size()); ++row)
        for (std::size_t layer = 0; layer < m_data.layers; ++layer) {
            const QRectF rect = cellRect(row, layer);
            const auto& cell = at(row, layer);
            painter.setPen(Qt::NoPen);
            painter.setBrush(!cell                       ? c.line
                             : std::isfinite(cell->value) ? QColor::fromRgb(viridisColor(fractionOf(cell->value)))
                                                          : c.nonFinite);
            if (!cell) painter.setOpacity(0.35);
            if (rect.width() < smallestRound || rect.height() < smallestRound) // of 10⁵ cells round corners would take a second
                painter.fillRect(rect, painter.brush());
            else
                painter.drawRoundedRect(rect, 2, 2);
            painter.setOpacity(1);
        }
    // On top of the neighbours, so that no outline is covered.
    painter.setBrush(Qt::NoBrush);
    for (std::size_t row = 0; row < static_cast<std::size_t>(m_data.rows.size()); ++row)
        for (std::size_t layer = 0; layer < m_data.layers; ++layer) {
            const auto& cell = at(row, layer);
            if (!cell || (!cell->edited && !cell->standsApart)) continue;
            painter.setPen(QPen(cell->edited ? c.patched : c.text, 2, cell->edited ? Qt::SolidLine : Qt::DotLine));
            painter.drawRoundedRect(cellRect(row, layer).adjusted(-0.5, -0.5, 0.5, 0.5), 2, 2);
        }
}

void RoleMap::paintLabels(QPainter& painter) const
{
    painter.setPen(colors().secondary);
    const QRectF all = cellsRect();
    const double h = all.height() / static_cast<double>(m_data.rows.size());
    const int every = std::max(1, static_cast<int>(std::ceil(fontMetrics().height() / h)));
    for (int row = 0; row < m_data.rows.size(); row += every) {
        const QRectF rect(0, all.top() + h * row - 4, all.left() - 8, h + 6);
        painter.drawText(rect, Qt::AlignRight | Qt::AlignVCenter,
                         fontMetrics().elidedText(m_data.rows[row], Qt::ElideMiddle, static_cast<int>(rect.width())));
    }
    const double w = all.width() / static_cast<double>(m_data.layers);
    const int widest = fontMetrics().horizontalAdvance(QString::number(m_data.layers)) + 8;
    int step = 1;
    for (const int candidate : {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000})
        if (step = candidate; w * candidate >= widest) break;
    for (std::size_t layer = 0; layer < m_data.layers; layer += static_cast<std::size_t>(step)) {
        const QRectF rect = cellRect(0, layer);
        painter.drawText(QRectF(rect.center().x() - 30, all.bottom() + 2, 60, 14), Qt::AlignCenter, QString::number(layer));
    }
}

void RoleMap::paintScale(QPainter& painter) const
{
    const QRectF all = cellsRect();
    const double top = all.bottom() + 24;
    painter.setPen(Qt::NoPen);
    const int steps = std::max(1, static_cast<int>(all.width()));
    for (int i = 0; i < steps; ++i) {
        painter.setBrush(QColor::fromRgb(viridisColor(static_cast<double>(i) / steps)));
        painter.drawRect(QRectF(all.left() + i, top, 1.5, scaleHeight));
    }
    painter.setPen(colors().secondary);
    const QRectF under(all.left(), top + scaleHeight + 2, all.width(), 16);
    painter.drawText(under, Qt::AlignLeft, shortText(m_data.low));
    painter.drawText(under, Qt::AlignRight, shortText(m_data.high));
    painter.drawText(under, Qt::AlignHCenter,
                     isLogarithmic() ? tr("layer · %1, log scale").arg(m_data.statistic)
                                     : tr("layer · %1").arg(m_data.statistic));
}

void RoleMap::mouseMoveEvent(QMouseEvent* event)
{
    const auto place = cellAt(event->position());
    const bool known = place && at(place->first, place->second);
    setCursor(known ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (!known) {
        emit hovered({});
        return;
    }
    const RoleMapCell& cell = *at(place->first, place->second);
    emit hovered(tr("layer %1 %2: %3").arg(place->second).arg(m_data.rows[static_cast<int>(place->first)], shortText(cell.value)));
}

void RoleMap::leaveEvent(QEvent*)
{
    emit hovered({});
}

void RoleMap::mousePressEvent(QMouseEvent* event)
{
    const auto place = cellAt(event->position());
    if (event->button() == Qt::LeftButton && place && at(place->first, place->second))
        emit clicked(at(place->first, place->second)->tensor);
}

} // namespace wb

#include "moc_rolemap.cpp"
