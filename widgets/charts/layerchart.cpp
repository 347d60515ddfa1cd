#include "widgets/charts/layerchart.h"

#include "widgets/charts/axis.h"
#include "widgets/charts/chartexport.h"
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
namespace {

QColor colorOf(SeriesRole role)
{
    switch (role) {
    case SeriesRole::Original: return colors().original;
    case SeriesRole::Patched: return colors().patched;
    case SeriesRole::Third: break;
    }
    return colors().secondary;
}

bool hasInterval(const LayerSeries& series, std::size_t place)
{
    return place < series.low.size() && std::isfinite(series.low[place]) && std::isfinite(series.high[place]);
}

} // namespace

LayerChart::LayerChart(const QString& name, const QString& stem, const QString& waiting, QWidget* parent)
    : QWidget(parent)
    , m_waiting(waiting)
{
    setAccessibleName(name);
    setCursor(Qt::PointingHandCursor);
    installChartMenu(*this, stem, [this](QChar separator) { return numbers(separator); });
}

void LayerChart::setData(LayerChartData chart)
{
    m_chart = std::move(chart);
    if (m_current && *m_current >= static_cast<std::size_t>(m_chart.places.size())) m_current.reset();
    m_range = range();
    update();
}

void LayerChart::setCurrent(std::optional<std::size_t> place)
{
    m_current = place;
    update();
}

void LayerChart::setCompact(bool compact)
{
    m_compact = compact;
    updateGeometry();
    update();
}

bool LayerChart::isLogarithmic() const
{
    if (!m_chart.logarithmic) return false;
    return std::ranges::all_of(m_chart.series, [](const LayerSeries& series) { return std::ranges::all_of(series.values, [](double v) { return !(v <= 0); }); });
}

std::pair<double, double> LayerChart::range() const
{
    if (m_chart.range) return *m_chart.range;
    double low = 1e300, high = -1e300;
    const auto take = [&](double value) {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    };
    for (const LayerSeries& series : m_chart.series)
        for (std::size_t i = 0; i < series.values.size(); ++i) {
            take(series.values[i]);
            if (hasInterval(series, i) && !isLogarithmic()) {
                take(series.low[i]);
                take(series.high[i]);
            }
        }
    if (low > high) return {0, 1};
    if (isLogarithmic()) {
        low = std::log10(low);
        high = std::log10(high);
    }
    const double room = high > low ? 0.06 * (high - low) : std::max(0.5 * std::abs(high), 0.05);
    return {low - room, high + room};
}

QRectF LayerChart::plot() const
{
    const QFontMetrics metrics = fontMetrics();
    const int label = metrics.horizontalAdvance(QStringLiteral("0.0000")) + 10, line = metrics.height();
    int names = 8;
    if (!m_compact) {
        for (const LayerSeries& series : m_chart.series)
            names = std::max(names, metrics.horizontalAdvance(series.name) + 14);
        if (m_chart.floor) names = std::max(names, metrics.horizontalAdvance(m_chart.floorName) + 14);
        names = std::min(std::max(names, metrics.horizontalAdvance(m_chart.placeName) + 14), width() / 3);
    }
    const int value = m_compact || m_chart.valueName.isEmpty() ? 0 : line;
    return QRectF(rect()).adjusted(label + value, line / 2.0 + 2, -names, -1.0 * line - 8);
}

double LayerChart::xOf(std::size_t place) const
{
    const QRectF area = plot();
    const auto count = static_cast<double>(m_chart.places.size());
    return area.left() + (static_cast<double>(place) + 0.5) / count * area.width();
}

double LayerChart::yOf(double value) const
{
    const QRectF area = plot();
    const double at = isLogarithmic() ? std::log10(value) : value;
    return std::clamp(area.bottom() - (at - m_range.first) / (m_range.second - m_range.first) * area.height(), area.top() - 2, area.bottom() + 2);
}

std::optional<std::size_t> LayerChart::placeAt(double x) const
{
    const QRectF area = plot();
    if (m_chart.places.isEmpty() || x < area.left() || x >= area.right()) return std::nullopt;
    return static_cast<std::size_t>((x - area.left()) / area.width() * static_cast<double>(m_chart.places.size()));
}

void LayerChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors().secondary);
    if (m_chart.series.empty() || m_chart.places.isEmpty()) return painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_waiting);
    if (m_current) {
        const QRectF area = plot();
        const double step = area.width() / static_cast<double>(m_chart.places.size());
        painter.fillRect(QRectF(xOf(*m_current) - step / 2, area.top(), step, area.height()), colors().selection);
    }
    paintAxes(painter);
    for (const LayerSeries& series : m_chart.series)
        paintSeries(painter, series);
    if (!m_compact) paintNames(painter);
}

void LayerChart::paintAxes(QPainter& painter) const
{
    const QRectF area = plot();
    const int line = painter.fontMetrics().height(), most = std::max(2, static_cast<int>(area.height() / (1.6 * line)));
    const std::vector<double> ticks = isLogarithmic() ? logTicks(std::pow(10, m_range.first), std::pow(10, m_range.second), most) : niceTicks(m_range.first, m_range.second, most);
    for (const double tick : ticks) {
        const double y = yOf(tick);
        painter.setPen(colors().line);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(colors().secondary);
        painter.drawText(QRectF(0, y - line, area.left() - 6, 2.0 * line), Qt::AlignRight | Qt::AlignVCenter, axisText(tick));
    }
    if (!m_compact) paintAxisNames(painter);
    const int widest = painter.fontMetrics().horizontalAdvance(m_chart.places.back()) + 12;
    const double step = area.width() / static_cast<double>(m_chart.places.size());
    const auto every = static_cast<qsizetype>(std::max(1.0, std::ceil(widest / step)));
    for (qsizetype i = 0; i < m_chart.places.size(); i += every)
        painter.drawText(QRectF(xOf(static_cast<std::size_t>(i)) - widest, area.bottom() + 4, 2.0 * widest, line), Qt::AlignCenter, m_chart.places[i]);
    if (!m_chart.floor) return;
    painter.setPen(QPen(colors().secondary, 1, Qt::DotLine));
    painter.drawLine(QPointF(area.left(), yOf(*m_chart.floor)), QPointF(area.right(), yOf(*m_chart.floor)));
}

// That of the values upwards at the left, that of the places behind the last of them.
void LayerChart::paintAxisNames(QPainter& painter) const
{
    const QRectF area = plot();
    const int line = painter.fontMetrics().height();
    painter.drawText(QRectF(area.right() + 6, area.bottom() + 4, width() - area.right() - 6, line), Qt::AlignLeft | Qt::AlignVCenter, m_chart.placeName);
    paintValueName(painter, area, m_chart.valueName);
}

void LayerChart::paintSeries(QPainter& painter, const LayerSeries& series) const
{
    const QColor color = colorOf(series.role);
    const bool outlined = series.role == SeriesRole::Patched;
    QPainterPath curve;
    bool pen = false;
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (!std::isfinite(series.values[i])) {
            pen = false;
            continue;
        }
        const QPointF at(xOf(i), yOf(series.values[i]));
        pen ? curve.lineTo(at) : curve.moveTo(at);
        pen = true;
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1.6, series.dashed ? Qt::DashLine : Qt::SolidLine));
    painter.drawPath(curve);
    painter.setPen(QPen(color, 1.2));
    painter.setBrush(outlined ? colors().panel : color);
    const double radius = m_chart.places.size() > 40 ? 1.5 : 2.8;
    for (std::size_t i = 0; i < series.values.size(); ++i) {
        if (!std::isfinite(series.values[i])) continue;
        if (hasInterval(series, i)) painter.drawLine(QPointF(xOf(i), yOf(series.low[i])), QPointF(xOf(i), yOf(series.high[i])));
        painter.drawEllipse(QPointF(xOf(i), yOf(series.values[i])), radius, radius);
    }
}

// At the right end of each curve, moved apart where they would cover each other.
void LayerChart::paintNames(QPainter& painter) const
{
    struct Name {
        double y;
        QString text;
        QColor color;
    };
    std::vector<Name> names;
    for (const LayerSeries& series : m_chart.series)
        for (std::size_t i = series.values.size(); i-- > 0;)
            if (std::isfinite(series.values[i])) {
                names.push_back({yOf(series.values[i]), series.name, colorOf(series.role)});
                break;
            }
    if (m_chart.floor) names.push_back({yOf(*m_chart.floor), m_chart.floorName, colors().secondary});
    std::ranges::sort(names, {}, &Name::y);
    const double line = painter.fontMetrics().height();
    for (std::size_t i = 1; i < names.size(); ++i)
        names[i].y = std::max(names[i].y, names[i - 1].y + line);
    double most = height() - line / 2;
    for (std::size_t i = names.size(); i-- > 0; most = names[i].y - line)
        names[i].y = std::min(names[i].y, most);
    const QRectF area = plot();
    for (const Name& name : names) {
        const QRectF place(area.right() + 6, name.y - line / 2, width() - area.right() - 6, line);
        painter.setPen(name.color);
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(name.text, Qt::ElideRight, static_cast<int>(place.width())));
    }
}

void LayerChart::mousePressEvent(QMouseEvent* event)
{
    if (const auto place = placeAt(event->position().x()); place && event->button() == Qt::LeftButton) emit chosen(static_cast<int>(*place));
}

bool LayerChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto place = placeAt(help->pos().x());
    if (!place) {
        QToolTip::hideText();
        return true;
    }
    QString text = m_chart.places[static_cast<qsizetype>(*place)];
    for (const LayerSeries& series : m_chart.series) {
        if (*place >= series.values.size()) continue;
        text += QStringLiteral("\n%1: %2").arg(series.name, shortText(series.values[*place]));
        if (hasInterval(series, *place)) text += QStringLiteral(" (%1 … %2)").arg(shortText(series.low[*place]), shortText(series.high[*place]));
    }
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

QString LayerChart::numbers(QChar separator) const
{
    QStringList head{QStringLiteral("place")};
    for (const LayerSeries& series : m_chart.series) {
        head << series.name;
        if (!series.low.empty()) head << series.name + QStringLiteral(" low") << series.name + QStringLiteral(" high");
    }
    QString text = head.join(separator) + QLatin1Char('\n');
    for (qsizetype i = 0; i < m_chart.places.size(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        QStringList row{m_chart.places[i]};
        for (const LayerSeries& series : m_chart.series) {
            row << (at < series.values.size() ? exactText(series.values[at]) : QString());
            if (!series.low.empty()) row << exactText(series.low[at]) << exactText(series.high[at]);
        }
        text += row.join(separator) + QLatin1Char('\n');
    }
    return text;
}

} // namespace wb

#include "moc_layerchart.cpp"
