#include "widgets/charts/changechart.h"

#include "widgets/charts/chartexport.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace wb {

ChangeChart::ChangeChart(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Change of the loss by place"));
    setCursor(Qt::PointingHandCursor);
    installChartMenu(*this, QStringLiteral("loss-change"), [this](QChar separator) { return numbers(separator); });
}

void ChangeChart::setValues(std::vector<double> values)
{
    m_values = std::move(values);
    m_most = 0;
    for (const double value : m_values)
        m_most = std::max(m_most, std::abs(value));
    if (m_current && static_cast<std::size_t>(*m_current) >= m_values.size()) m_current.reset();
    update();
}

void ChangeChart::setCurrent(std::optional<int> place)
{
    m_current = place;
    update();
}

QRect ChangeChart::plot() const
{
    const int label = fontMetrics().horizontalAdvance(QStringLiteral("−0.0000")) + 8;
    return rect().adjusted(label, 6, -8, -fontMetrics().height() - 6);
}

void ChangeChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect area = plot();
    painter.setPen(colors().secondary);
    if (m_values.empty()) return painter.drawText(rect(), Qt::AlignCenter, tr("Nothing is measured yet"));
    const double middle = area.center().y(), half = area.height() / 2.0, scale = m_most > 0 ? half / m_most : 0;
    for (const double tick : {m_most, 0.0, -m_most}) {
        const auto y = static_cast<int>(std::lround(middle - tick * scale));
        painter.setPen(colors().line);
        painter.drawLine(area.left(), y, area.right(), y);
        painter.setPen(colors().secondary);
        painter.drawText(QRect(0, y - 10, area.left() - 6, 20), Qt::AlignRight | Qt::AlignVCenter, shortText(tick));
        if (m_most == 0) break;
    }
    const double step = area.width() / static_cast<double>(m_values.size());
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const double height = m_values[i] * scale, left = area.left() + static_cast<double>(i) * step;
        const bool current = m_current == static_cast<int>(i);
        if (current) painter.fillRect(QRectF(left, area.top(), std::max(step, 1.0), area.height()), colors().selection);
        painter.fillRect(QRectF(left, middle - std::max(height, 0.0), std::max(step - 0.5, 1.0), std::abs(height)), height > 0 ? colors().negative : colors().positive);
    }
    painter.setPen(colors().secondary);
    painter.drawText(QRect(area.left(), area.bottom() + 2, area.width(), fontMetrics().height() + 4), Qt::AlignLeft, tr("nats by token: up is worse, down is better"));
    painter.drawText(QRect(area.left(), area.bottom() + 2, area.width(), fontMetrics().height() + 4), Qt::AlignRight, countText(m_values.size()));
}

std::optional<int> ChangeChart::placeAt(const QPoint& position) const
{
    const QRect area = plot();
    if (m_values.empty() || position.x() < area.left() || position.x() > area.right()) return std::nullopt;
    const double share = (position.x() - area.left()) / static_cast<double>(area.width());
    return std::min(static_cast<int>(m_values.size()) - 1, static_cast<int>(share * static_cast<double>(m_values.size())));
}

void ChangeChart::mousePressEvent(QMouseEvent* event)
{
    if (const auto place = placeAt(event->position().toPoint()); place && event->button() == Qt::LeftButton) emit chosen(*place);
}

bool ChangeChart::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto place = placeAt(help->pos());
        if (place)
            QToolTip::showText(help->globalPos(), tr("token %1: %2 nats").arg(*place).arg(shortText(m_values[static_cast<std::size_t>(*place)])), this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

QString ChangeChart::numbers(QChar separator) const
{
    QString text = QStringLiteral("token%1delta_nll\n").arg(separator);
    for (std::size_t i = 0; i < m_values.size(); ++i)
        text += QStringLiteral("%1%2%3\n").arg(i).arg(separator).arg(exactText(m_values[i]));
    return text;
}

} // namespace wb
