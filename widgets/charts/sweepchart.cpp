#include "widgets/charts/sweepchart.h"

#include "widgets/charts/axis.h"
#include "widgets/charts/chartexport.h"
#include "widgets/charts/colormap.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace wb {

SweepChart::SweepChart(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Score against the knobs"));
    setCursor(Qt::PointingHandCursor);
    installChartMenu(*this, QStringLiteral("sweep"), [this](QChar separator) { return numbers(separator); });
}

void SweepChart::setData(SweepChartData sweep)
{
    m_data = std::move(sweep);
    if (m_current && *m_current >= m_data.points.size()) m_current.reset();
    update();
}

void SweepChart::setCurrent(std::optional<std::size_t> point)
{
    m_current = point;
    update();
}

QString SweepChart::knobText(double value) { return QString::number(value, 'g', 6).replace(QLatin1Char('-'), QChar(0x2212)); }

QString SweepChart::scoreText(double score, bool shares)
{
    return shares ? QStringLiteral("%1 %").arg(100 * score, 0, 'f', 1) : shortText(score);
}

QRectF SweepChart::plot() const
{
    const int label = fontMetrics().horizontalAdvance(QStringLiteral("−00.000 %")) + 8, line = fontMetrics().height();
    return QRectF(rect()).adjusted(label, line + 8, -16, -2.0 * line - 10);
}

std::pair<double, double> SweepChart::scoreRange() const
{
    double low = m_data.base ? m_data.base->ci95.low : 1e300, high = m_data.base ? m_data.base->ci95.high : -1e300;
    for (const SweepPoint& point : m_data.points)
        if (std::isfinite(point.score.mean)) {
            low = std::min({low, point.score.mean, std::isfinite(point.score.ci95.low) ? point.score.ci95.low : point.score.mean});
            high = std::max({high, point.score.mean, std::isfinite(point.score.ci95.high) ? point.score.ci95.high : point.score.mean});
        }
    if (!(low < high)) {
        low -= 0.05;
        high = low + 0.1;
    }
    const double room = 0.05 * (high - low);
    return m_data.shares ? std::pair(std::max(0.0, low - room), std::min(1.0, high + room)) : std::pair(low - room, high + room);
}

QPointF SweepChart::placeOf(const SweepPoint& point, const std::pair<double, double>& range) const
{
    const QRectF area = plot();
    const Knob& knob = m_data.knobs.front();
    const double x = knob.high == knob.low ? 0.5 : (point.knobs.front() - knob.low) / (knob.high - knob.low);
    return {area.left() + x * area.width(), area.bottom() - (point.score.mean - range.first) / (range.second - range.first) * area.height()};
}

// Rows from below: the second knob upwards.
QRectF SweepChart::cellOf(std::size_t point) const
{
    const QRectF area = plot();
    const std::size_t rows = m_data.knobs[1].points, cols = m_data.knobs[0].points, col = point / rows, row = point % rows;
    const double width = area.width() / static_cast<double>(cols), height = area.height() / static_cast<double>(rows);
    return {area.left() + static_cast<double>(col) * width, area.bottom() - static_cast<double>(row + 1) * height, width - 1, height - 1};
}

void SweepChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors().secondary);
    if (m_data.knobs.empty() || (m_data.points.empty() && !m_data.base)) return painter.drawText(rect(), Qt::AlignCenter, tr("Choose a number of the recipe and press Sweep"));
    isMap() ? paintMap(painter) : paintCurve(painter);
    paintKnobAxis(painter);
}

void SweepChart::paintKnobAxis(QPainter& painter) const
{
    const QRectF area = plot();
    const Knob& knob = m_data.knobs.front();
    const int line = painter.fontMetrics().height();
    painter.setPen(colors().secondary);
    for (const double tick : niceTicks(std::min(knob.low, knob.high), std::max(knob.low, knob.high), 7)) {
        double x = area.left() + (knob.high == knob.low ? 0.5 : (tick - knob.low) / (knob.high - knob.low)) * area.width();
        if (isMap()) { // the middle of its cell
            const double cell = area.width() / static_cast<double>(knob.points);
            x = area.left() + cell / 2 + (knob.high == knob.low ? 0 : (tick - knob.low) / (knob.high - knob.low)) * (area.width() - cell);
        }
        painter.drawText(QRectF(x - 40, area.bottom() + 3, 80, line), Qt::AlignCenter, axisText(tick));
    }
    painter.drawText(QRectF(area.left(), area.bottom() + 3 + line, area.width(), line), Qt::AlignRight, QString::fromStdString(knob.name()));
}

void SweepChart::paintCurve(QPainter& painter) const
{
    const QRectF area = plot();
    const auto range = scoreRange();
    const auto yOf = [&](double score) { return area.bottom() - (score - range.first) / (range.second - range.first) * area.height(); };
    for (const double tick : niceTicks(range.first, range.second, 6)) {
        painter.setPen(colors().line);
        painter.drawLine(QPointF(area.left(), yOf(tick)), QPointF(area.right(), yOf(tick)));
        painter.setPen(colors().secondary);
        painter.drawText(QRectF(0, yOf(tick) - 10, area.left() - 6, 20), Qt::AlignRight | Qt::AlignVCenter, m_data.shares ? QStringLiteral("%1 %").arg(axisText(100 * tick)) : axisText(tick));
    }
    painter.drawText(QRectF(area.left(), 0, area.width(), area.top()), Qt::AlignLeft | Qt::AlignVCenter,
                     m_data.shares ? tr("share right; bars: 95 % of each point; band: without the recipe") : tr("nats a token, less is better; bars: 95 % of each point; band: without the recipe"));
    if (m_data.base) {
        QColor band = colors().original;
        band.setAlphaF(0.15F);
        painter.fillRect(QRectF(QPointF(area.left(), yOf(m_data.base->ci95.high)), QPointF(area.right(), yOf(m_data.base->ci95.low))), band);
        painter.setPen(QPen(colors().original, 1.5));
        painter.drawLine(QPointF(area.left(), yOf(m_data.base->mean)), QPointF(area.right(), yOf(m_data.base->mean)));
    }
    QPainterPath curve;
    for (std::size_t i = 0; i < m_data.points.size(); ++i) {
        const QPointF at = placeOf(m_data.points[i], range);
        i == 0 ? curve.moveTo(at) : curve.lineTo(at);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors().patched, 1.5, Qt::DashLine));
    if (!m_data.searched) painter.drawPath(curve);
    for (std::size_t i = 0; i < m_data.points.size(); ++i) {
        const SweepPoint& point = m_data.points[i];
        const QPointF at = placeOf(point, range);
        painter.setPen(QPen(colors().patched, 1.5));
        if (std::isfinite(point.score.ci95.low)) painter.drawLine(QPointF(at.x(), yOf(point.score.ci95.low)), QPointF(at.x(), yOf(point.score.ci95.high)));
        painter.setBrush(m_current == i ? colors().patched : colors().panel);
        painter.drawEllipse(at, 4, 4);
        if (m_data.best == i) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(colors().accent, 2));
            painter.drawEllipse(at, 8, 8);
        }
    }
}

void SweepChart::paintMap(QPainter& painter) const
{
    double low = 1e300, high = -1e300;
    for (const SweepPoint& point : m_data.points) {
        low = std::min(low, point.score.mean);
        high = std::max(high, point.score.mean);
    }
    const int line = painter.fontMetrics().height();
    const QRectF area = plot();
    for (std::size_t i = 0; i < m_data.points.size(); ++i) {
        const double share = high > low ? (m_data.points[i].score.mean - low) / (high - low) : 0.5;
        const QRectF cell = cellOf(i);
        painter.fillRect(cell, QColor::fromRgb(viridisColor(m_data.moreIsBetter ? share : 1 - share)));
        if (m_data.best == i || m_current == i) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(m_data.best == i ? colors().accent : colors().text, 2));
            painter.drawRect(cell.adjusted(1, 1, -1, -1));
        }
    }
    painter.setPen(colors().secondary);
    const Knob& knob = m_data.knobs[1];
    for (std::size_t row = 0; row < knob.points; row += std::max<std::size_t>(1, knob.points / 6)) {
        const QRectF cell = cellOf(row);
        painter.drawText(QRectF(0, cell.center().y() - 10, area.left() - 6, 20), Qt::AlignRight | Qt::AlignVCenter, axisText(knob.at(row)));
    }
    QString range;
    if (!m_data.points.empty())
        range = QStringLiteral(" · ") + (m_data.moreIsBetter ? tr("dark %1, light %2").arg(scoreText(low, m_data.shares), scoreText(high, m_data.shares))
                                                              : tr("dark %1, light %2").arg(scoreText(high, m_data.shares), scoreText(low, m_data.shares)));
    painter.drawText(QRectF(4, 0, width() - 8, line + 6), Qt::AlignLeft | Qt::AlignVCenter, QString::fromStdString(knob.name()) + range);
}

std::optional<std::size_t> SweepChart::pointAt(const QPointF& position) const
{
    if (m_data.points.empty()) return std::nullopt;
    if (isMap()) {
        for (std::size_t i = 0; i < m_data.points.size(); ++i)
            if (cellOf(i).contains(position)) return i;
        return std::nullopt;
    }
    const auto range = scoreRange();
    const auto distance = [&](const SweepPoint& point) { return std::abs(placeOf(point, range).x() - position.x()); };
    const auto nearest = std::ranges::min_element(m_data.points, {}, distance);
    return distance(*nearest) < 30 ? std::optional(static_cast<std::size_t>(nearest - m_data.points.begin())) : std::nullopt;
}

void SweepChart::mousePressEvent(QMouseEvent* event)
{
    if (const auto point = pointAt(event->position()); point && event->button() == Qt::LeftButton) emit chosen(static_cast<int>(*point));
}

bool SweepChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto at = pointAt(help->pos());
    if (!at) {
        QToolTip::hideText();
        return true;
    }
    const SweepPoint& point = m_data.points[*at];
    QString text;
    for (std::size_t k = 0; k < point.knobs.size(); ++k)
        text += QStringLiteral("%1 = %2\n").arg(QString::fromStdString(m_data.knobs[k].name()), knobText(point.knobs[k]));
    text += tr("%1, 95 % from %2 to %3").arg(scoreText(point.score.mean, m_data.shares), scoreText(point.score.ci95.low, m_data.shares), scoreText(point.score.ci95.high, m_data.shares));
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

QString SweepChart::numbers(QChar separator) const
{
    QStringList head;
    for (const Knob& knob : m_data.knobs)
        head << QString::fromStdString(knob.name());
    head << QStringLiteral("score") << QStringLiteral("stderr") << QStringLiteral("ci_low") << QStringLiteral("ci_high") << QStringLiteral("delta");
    QString text = head.join(separator) + QLatin1Char('\n');
    for (const SweepPoint& point : m_data.points) {
        QStringList row;
        for (const double value : point.knobs)
            row << exactText(value);
        for (const double value : {point.score.mean, point.score.standardError, point.score.ci95.low, point.score.ci95.high, point.delta.mean})
            row << exactText(value);
        text += row.join(separator) + QLatin1Char('\n');
    }
    return text;
}

} // namespace wb
