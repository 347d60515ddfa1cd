#include "widgets/charts/spectrumchart.h"

#include "widgets/charts/axis.h"
#include "widgets/charts/chartexport.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace wb {
namespace {

QColor colorOf(SeriesRole role)
{
    return role == SeriesRole::Original ? colors().original : role == SeriesRole::Patched ? colors().patched : colors().secondary;
}

} // namespace

SpectrumChart::SpectrumChart(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Singular values"));
    setMouseTracking(true);
    setCursor(Qt::PointingHandCursor);
    installChartMenu(*this, QStringLiteral("spectrum"), [this](QChar separator) { return numbers(separator); });
}

double SpectrumChart::placeOf(double component, std::size_t count, bool logarithmic)
{
    if (count < 2) return 0.5;
    return logarithmic ? std::log1p(component) / std::log(static_cast<double>(count)) : component / static_cast<double>(count - 1);
}

double SpectrumChart::componentAt(double place, std::size_t count, bool logarithmic)
{
    if (count < 2) return 0;
    const double most = static_cast<double>(count - 1);
    return std::clamp(logarithmic ? std::pow(static_cast<double>(count), place) - 1 : place * most, 0.0, most);
}

std::pair<double, double> SpectrumChart::rangeOf(std::span<const SpectrumSeries> series)
{
    constexpr double margin = 0.08, most = 8, kept = 1e-2;
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (const SpectrumSeries& one : series) {
        const double largest = one.values.empty() ? 0 : std::ranges::max(one.values);
        for (const double value : one.values) {
            if (!(value > 0) || !std::isfinite(value)) continue;
            high = std::max(high, value);
            if (one.role == SeriesRole::Original || value > kept * largest) low = std::min(low, value); // what a cut leaves must not squeeze the rest
        }
    }
    return high > 0 ? std::pair(std::max(std::log10(low) - margin, std::log10(high) + margin - most), std::log10(high) + margin) : std::pair(-1.0, 0.0);
}

void SpectrumChart::setData(SpectrumChartData content)
{
    m_data = std::move(content);
    std::tie(m_low, m_high) = rangeOf(m_data.series);
    update();
}

void SpectrumChart::setCurrent(std::optional<std::size_t> component)
{
    m_current = component;
    update();
}

std::size_t SpectrumChart::count() const
{
    std::size_t most = 0;
    for (const SpectrumSeries& series : m_data.series)
        most = std::max(most, series.values.size());
    return most;
}

QRectF SpectrumChart::plot() const { return QRectF(rect()).adjusted(leftMargin, fontMetrics().height() + 6, -rightMargin, -1.0 * fontMetrics().height() - 8); }

double SpectrumChart::xOf(double component) const
{
    const QRectF area = plot();
    return area.left() + placeOf(component, count(), m_data.logarithmicPlaces) * area.width();
}

double SpectrumChart::yOf(double value) const
{
    const QRectF area = plot();
    if (!(value > 0)) return area.bottom() + 2;
    return std::clamp(area.bottom() - (std::log10(value) - m_low) / (m_high - m_low) * area.height(), area.top() - 2, area.bottom() + 2);
}

void SpectrumChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (count() == 0) return;
    if (m_current && *m_current < count()) {
        painter.setPen(QPen(colors().selection, 5));
        painter.drawLine(QPointF(xOf(static_cast<double>(*m_current)), plot().top()), QPointF(xOf(static_cast<double>(*m_current)), plot().bottom()));
    }
    paintAxes(painter);
    for (const SpectrumSeries& series : m_data.series)
        paintSeries(painter, series);
    paintNames(painter);
}

void SpectrumChart::paintAxes(QPainter& painter) const
{
    const QRectF area = plot();
    const int line = painter.fontMetrics().height(), most = std::max(2, static_cast<int>(area.height() / (1.7 * line)));
    double below = std::numeric_limits<double>::infinity(); // where the tick before stands: the last one ends the axis and may come close
    for (const double tick : logTicks(std::pow(10, m_low), std::pow(10, m_high), most)) {
        if (below - yOf(tick) < line) continue;
        below = yOf(tick);
        painter.setPen(colors().line);
        painter.drawLine(QPointF(area.left(), yOf(tick)), QPointF(area.right(), yOf(tick)));
        painter.setPen(colors().secondary);
        painter.drawText(QRectF(0, yOf(tick) - line, area.left() - 6, 2.0 * line), Qt::AlignRight | Qt::AlignVCenter, axisText(tick));
    }
    paintValueName(painter, area, tr("singular value"));
    const auto n = static_cast<double>(count());
    const auto ticks = m_data.logarithmicPlaces ? logTicks(1, n, 8) : niceTicks(1, n, 8);
    const QString placeName = tr("component");
    const QRectF named(area.right() - painter.fontMetrics().horizontalAdvance(placeName), area.bottom() + 4, painter.fontMetrics().horizontalAdvance(placeName) + 2, line);
    painter.drawText(named, Qt::AlignLeft | Qt::AlignVCenter, placeName);
    for (const double tick : ticks)
        if (xOf(tick - 1) + painter.fontMetrics().horizontalAdvance(axisText(tick)) / 2.0 + 8 < named.left())
            painter.drawText(QRectF(xOf(tick - 1) - 40, area.bottom() + 4, 80, line), Qt::AlignCenter, axisText(tick));
    if (!m_data.edge || !(*m_data.edge > 0)) return;
    painter.setPen(QPen(colors().secondary, 1, Qt::DotLine));
    painter.drawLine(QPointF(area.left(), yOf(*m_data.edge)), QPointF(area.right(), yOf(*m_data.edge)));
    painter.setPen(colors().secondary);
    const double nameTop = yOf(*m_data.edge) - line - 2; // at the right, where the curve has fallen
    painter.drawText(QRectF(area.center().x(), std::max(nameTop, area.top()), area.width() / 2 - 6, line), Qt::AlignRight | Qt::AlignVCenter, tr("edge of noise %1").arg(shortText(*m_data.edge)));
}

void SpectrumChart::paintSeries(QPainter& painter, const SpectrumSeries& series) const
{
    QPainterPath curve;
    bool pen = false;
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (!(series.values[i] > 0)) {
            pen = false;
            continue;
        }
        const QPointF at(xOf(static_cast<double>(i)), yOf(series.values[i]));
        pen ? curve.lineTo(at) : curve.moveTo(at);
        pen = true;
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colorOf(series.role), series.role == SeriesRole::Third ? 1.2 : 1.8, series.dashed ? Qt::DashLine : Qt::SolidLine));
    painter.drawPath(curve);
}

// A legend in one line above the plot.
void SpectrumChart::paintNames(QPainter& painter) const
{
    if (m_data.series.size() < 2) return;
    const int line = painter.fontMetrics().height();
    double right = plot().right();
    for (auto series = m_data.series.rbegin(); series != m_data.series.rend(); ++series) {
        const int width = painter.fontMetrics().horizontalAdvance(series->name);
        painter.setPen(colors().text);
        painter.drawText(QRectF(right - width - 2, 0, width + 2, line), Qt::AlignLeft | Qt::AlignVCenter, series->name);
        painter.setPen(QPen(colorOf(series->role), 1.8, series->dashed ? Qt::DashLine : Qt::SolidLine));
        painter.drawLine(QPointF(right - width - 32, line / 2.0), QPointF(right - width - 8, line / 2.0));
        right -= width + 48;
    }
}

void SpectrumChart::mousePressEvent(QMouseEvent* event)
{
    const QRectF area = plot();
    if (count() == 0 || event->button() != Qt::LeftButton) return;
    const double place = std::clamp((event->position().x() - area.left()) / area.width(), 0.0, 1.0);
    emit chosen(static_cast<int>(std::lround(componentAt(place, count(), m_data.logarithmicPlaces))));
}

void SpectrumChart::mouseMoveEvent(QMouseEvent* event)
{
    const QRectF area = plot();
    if (count() == 0 || !area.contains(event->position())) return QToolTip::hideText();
    const double place = (event->position().x() - area.left()) / area.width();
    const auto at = static_cast<std::size_t>(std::lround(componentAt(place, count(), m_data.logarithmicPlaces)));
    QString text = tr("component %1").arg(at + 1);
    for (const SpectrumSeries& series : m_data.series)
        if (at < series.values.size()) text += QStringLiteral("\n%1: %2").arg(series.name, shortText(series.values[at]));
    QToolTip::showText(event->globalPosition().toPoint(), text, this);
}

QString SpectrumChart::numbers(QChar separator) const
{
    QStringList head{QStringLiteral("component")};
    for (const SpectrumSeries& series : m_data.series)
        head << series.name;
    QString text = head.join(separator) + QLatin1Char('\n');
    for (std::size_t i = 0; i < count(); ++i) {
        QStringList row{QString::number(i + 1)};
        for (const SpectrumSeries& series : m_data.series)
            row << (i < series.values.size() ? exactText(series.values[i]) : QString());
        text += row.join(separator) + QLatin1Char('\n');
    }
    return text;
}

} // namespace wb

#include "moc_spectrumchart.cpp"
