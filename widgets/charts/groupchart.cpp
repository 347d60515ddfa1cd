#include "widgets/charts/groupchart.h"

#include "widgets/charts/axis.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QCategoryAxis>
#include <QLineSeries>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace wb {
namespace {

constexpr int pixelsPerLine = 24;
constexpr int pixelsPerTick = 72;
constexpr std::size_t mostPairs = 2000; // of smallest and largest: about a pair a pixel

double countOf(const std::vector<double>& values) { return static_cast<double>(values.size()); }

} // namespace

GroupChart::GroupChart(QWidget* parent)
    : ChartView(parent)
    , m_original(new QLineSeries(this))
    , m_patched(new QLineSeries(this))
    , m_markLine(new QLineSeries(this))
    , m_x(new QCategoryAxis(this))
    , m_y(new QCategoryAxis(this))
{
    chart()->addAxis(m_x, Qt::AlignBottom);
    chart()->addAxis(m_y, Qt::AlignLeft);
    for (QLineSeries* series : {m_original, m_patched, m_markLine}) {
        chart()->addSeries(series);
        series->attachAxis(m_x);
        series->attachAxis(m_y);
    }
    m_x->setGridLineVisible(false);
    m_y->setLineVisible(false);
    setAccessibleName(tr("Profile of the tensor"));
    connect(this, &ChartView::rangeRequested, this, &GroupChart::zoomTo);
    connect(this, &ChartView::fitRequested, this, [this] { zoomTo(-0.5, countOf(m_data.original) - 0.5); });
    GroupChart::restyle();
    draw();
}

void GroupChart::restyle()
{
    ChartView::restyle();
    const ThemeColors& c = colors();
    m_original->setPen(QPen(c.original, 1.4));
    m_patched->setPen(QPen(c.patched, 1.4, Qt::DashLine));
    m_markLine->setPen(QPen(c.secondary, 1, Qt::DotLine));
    styleAxis(*m_x);
    styleAxis(*m_y);
}

void GroupChart::resizeEvent(QResizeEvent* event)
{
    ChartView::resizeEvent(event);
    drawAxes();
}

void GroupChart::setGroups(GroupData groups)
{
    const bool keepZoom = groups.original.size() == m_data.original.size() && groups.kind == m_data.kind;
    m_data = std::move(groups);
    if (!keepZoom) {
        m_mark.reset();
        m_zoom = {-0.5, countOf(m_data.original) - 0.5};
    }
    draw();
}

void GroupChart::setMark(std::optional<std::size_t> group)
{
    m_mark = group;
    draw();
}

void GroupChart::setBlinking(bool blinking)
{
    m_blinking = blinking;
    draw();
}

void GroupChart::zoomTo(double low, double high)
{
    const double last = countOf(m_data.original) - 0.5, fewest = std::min(8.0, countOf(m_data.original));
    const double width = std::clamp(high - low, fewest, last + 0.5);
    low = std::clamp(low, -0.5, last - width);
    m_zoom = {low, low + width};
    draw();
}

QList<QPointF> GroupChart::points(const std::vector<double>& values) const
{
    QList<QPointF> list;
    if (values.empty()) return list;
    const auto first = static_cast<std::size_t>(std::max(0.0, std::floor(m_zoom.first)));
    const auto end = std::min(values.size(), static_cast<std::size_t>(std::max(0.0, std::ceil(m_zoom.second) + 1)));
    const std::size_t step = std::max<std::size_t>(1, (end - std::min(first, end)) / mostPairs);
    const auto add = [&](std::size_t i) { list << QPointF(static_cast<double>(i), values[i]); };
    for (std::size_t at = first; at < end; at += step) {
        std::optional<std::size_t> smallest, largest;
        for (std::size_t i = at; i < std::min(at + step, end); ++i) {
            if (!std::isfinite(values[i])) continue;
            if (!smallest || values[i] < values[*smallest]) smallest = i;
            if (!largest || values[i] > values[*largest]) largest = i;
        }
        if (!smallest) continue;
        add(std::min(*smallest, *largest));
        if (*smallest != *largest) add(std::max(*smallest, *largest));
    }
    return list;
}

std::pair<double, double> GroupChart::verticalRange() const
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto* series : {m_original, m_patched})
        for (const QPointF& point : series->points()) {
            low = std::min(low, point.y());
            high = std::max(high, point.y());
        }
    if (!(high >= low)) return {0, 1};
    const double margin = high > low ? (high - low) * 0.06 : std::max(std::abs(high) * 0.1, 0.1);
    return {low - margin, high + margin};
}

void GroupChart::draw()
{
    hideReading();
    m_original->replace(points(m_data.original));
    m_patched->replace(m_blinking ? QList<QPointF>() : points(m_data.patched));
    drawAxes();
}

void GroupChart::drawAxes()
{
    const auto range = horizontalRange();
    m_x->setVisible(range.has_value());
    m_y->setVisible(range.has_value());
    m_markLine->setVisible(range.has_value() && m_mark.has_value());
    if (!range) return;
    std::vector<double> places;
    std::vector<QString> labels;
    const int room = std::clamp(static_cast<int>(chart()->plotArea().width()) / pixelsPerTick, 2, 16);
    for (const double tick : niceTicks(std::max(0.0, range->first), range->second, room))
        if (tick == std::floor(tick)) {
            places.push_back(tick);
            labels.push_back(countText(static_cast<std::uint64_t>(tick)));
        }
    setAxis(*m_x, range->first, range->second, places, labels);
    const auto [low, high] = verticalRange();
    labels.clear();
    places = niceTicks(low, high, std::clamp(static_cast<int>(chart()->plotArea().height()) / pixelsPerLine, 2, 6));
    for (const double tick : places)
        labels.push_back(axisText(tick));
    setAxis(*m_y, low, high, places, labels);
    if (m_mark) {
        const auto at = static_cast<double>(*m_mark);
        m_markLine->replace(QList<QPointF>{{at, low}, {at, high}});
    }
}

std::optional<std::pair<double, double>> GroupChart::horizontalRange() const
{
    if (m_data.original.empty()) return std::nullopt;
    return m_zoom;
}

QString GroupChart::readingAt(double x) const
{
    const double group = std::round(x);
    if (group < 0 || group >= countOf(m_data.original)) return {};
    const auto i = static_cast<std::size_t>(group);
    QString text = m_data.kind + QLatin1Char(' ') + countText(i) + QLatin1Char('\n') +
                   tr("original %1").arg(shortText(m_data.original[i]));
    if (i < m_data.patched.size() && m_data.patched[i] != m_data.original[i])
        text += QLatin1Char('\n') + tr("patched %1").arg(shortText(m_data.patched[i]));
    return text;
}

QString GroupChart::numbers(QChar separator) const
{
    QStringList lines = {QStringList{QStringLiteral("group"), QStringLiteral("original"), QStringLiteral("patched")}.join(separator)};
    for (std::size_t i = 0; i < m_data.original.size(); ++i) {
        const double patched = i < m_data.patched.size() ? m_data.patched[i] : m_data.original[i];
        lines << QStringList{QString::number(i), exactText(m_data.original[i]), exactText(patched)}.join(separator);
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

void GroupChart::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->pos();
    ChartView::mousePressEvent(event);
}

void GroupChart::mouseReleaseEvent(QMouseEvent* event)
{
    ChartView::mouseReleaseEvent(event);
    const bool still = m_pressed && (event->pos() - *m_pressed).manhattanLength() < QApplication::startDragDistance();
    m_pressed.reset();
    if (!still || event->button() != Qt::LeftButton || m_data.original.empty()) return;
    const double x = std::round(chart()->mapToValue(chart()->mapFromScene(mapToScene(event->pos())), m_original).x());
    if (x >= 0 && x < countOf(m_data.original)) emit groupClicked(static_cast<std::size_t>(x));
}

} // namespace wb

#include "moc_groupchart.cpp"
