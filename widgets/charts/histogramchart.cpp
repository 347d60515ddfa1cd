#include "widgets/charts/histogramchart.h"

#include "widgets/charts/axis.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QAreaSeries>
#include <QCategoryAxis>
#include <QLineSeries>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr double logFloor = -0.30103; // log10(½): a bar of one element still has a height
constexpr int pixelsPerTick = 60;     // room for a label; Qt elides what has none
constexpr int yTicks = 6;

std::uint64_t tallest(const Histogram* histogram)
{
    return !histogram || histogram->counts.empty() ? 0 : *std::ranges::max_element(histogram->counts);
}

const Histogram* pointer(const std::optional<Histogram>& histogram)
{
    return histogram ? &*histogram : nullptr;
}

} // namespace

// Draw order is the order of adding: original, neighbour's outline, patched on top.
HistogramChart::HistogramChart(QWidget* parent)
    : ChartView(parent)
    , m_original(addLayer())
    , m_patched{}
    , m_neighbour(new QLineSeries(this))
    , m_x(new QCategoryAxis(this))
    , m_y(new QCategoryAxis(this))
{
    chart()->addSeries(m_neighbour);
    m_patched = addLayer();
    chart()->addAxis(m_x, Qt::AlignBottom);
    chart()->addAxis(m_y, Qt::AlignLeft);
    for (QAbstractSeries* series : chart()->series()) {
        series->attachAxis(m_x);
        series->attachAxis(m_y);
    }
    m_x->setTitleText(tr("value"));
    m_x->setGridLineVisible(false);
    m_y->setTitleText(tr("elements per bin"));
    m_y->setLineVisible(false);
    HistogramChart::restyle();
    clear();
}

HistogramChart::Layer HistogramChart::addLayer()
{
    auto* upper = new QLineSeries(this);
    auto* lower = new QLineSeries(this);
    auto* area = new QAreaSeries(upper, lower);
    chart()->addSeries(area);
    return {upper, lower, area};
}

void HistogramChart::restyle()
{
    ChartView::restyle();
    const ThemeColors& c = colors();
    QColor fill = c.original;
    fill.setAlphaF(c.dark ? 0.6F : 0.65F);
    m_original.area->setBrush(fill);
    m_original.area->setPen(QPen(Qt::NoPen));
    fill = c.patched;
    fill.setAlphaF(0.12F);
    m_patched.area->setBrush(fill);
    m_patched.area->setPen(QPen(c.patched, 1.6));
    m_neighbour->setPen(QPen(c.text, 1, Qt::DotLine));
    styleAxis(*m_x);
    styleAxis(*m_y);
}

void HistogramChart::resizeEvent(QResizeEvent* event)
{
    ChartView::resizeEvent(event);
    drawAxes();
}

void HistogramChart::setHistograms(HistogramData histograms)
{
    m_data = std::move(histograms);
    draw();
}

void HistogramChart::clear()
{
    setHistograms({});
}

void HistogramChart::setBlinking(bool blinking)
{
    m_blinking = blinking;
    draw();
}

void HistogramChart::setLogarithmic(bool log)
{
    m_log = log;
    draw();
}

double HistogramChart::barHeight(std::uint64_t count) const
{
    if (!m_log) return static_cast<double>(count);
    return count == 0 ? logFloor : std::log10(static_cast<double>(count));
}

// Steps from the first bin with elements to the last, closed at the base.
QList<QPointF> HistogramChart::outline(const Histogram& histogram) const
{
    QList<QPointF> points;
    const auto& counts = histogram.counts;
    const auto isFull = [](std::uint64_t count) { return count > 0; };
    const auto first = static_cast<std::size_t>(std::ranges::find_if(counts, isFull) - counts.begin());
    std::size_t end = counts.size();
    while (end > first && counts[end - 1] == 0)
        --end;
    if (first >= end) return points;
    points << QPointF(histogram.edges[first], barHeight(0));
    for (std::size_t i = first; i < end; ++i) {
        points << QPointF(histogram.edges[i], barHeight(counts[i]));
        points << QPointF(histogram.edges[i + 1], barHeight(counts[i]));
    }
    points << QPointF(histogram.edges[end], barHeight(0));
    return points;
}

void HistogramChart::drawLayer(const Layer& layer, const Histogram* histogram)
{
    const QList<QPointF> points = histogram ? outline(*histogram) : QList<QPointF>();
    layer.area->setVisible(!points.isEmpty()); // an area stays painted when its lines are cleared
    if (points.isEmpty()) return;
    layer.upper->replace(points);
    layer.lower->replace(
        {QPointF(points.front().x(), barHeight(0)), QPointF(points.back().x(), barHeight(0))});
}

void HistogramChart::draw()
{
    hideReading();
    drawLayer(m_original, m_data.original.counts.empty() ? nullptr : &m_data.original);
    drawLayer(m_patched, m_blinking ? nullptr : pointer(m_data.patched));
    m_neighbour->replace(m_data.neighbour ? outline(*m_data.neighbour) : QList<QPointF>());
    drawAxes();
}

void HistogramChart::drawAxes()
{
    const auto range = horizontalRange();
    m_x->setVisible(range.has_value());
    m_y->setVisible(range.has_value());
    if (!range) return;
    const auto [low, high] = *range;
    std::vector<QString> labels;
    const int room = std::clamp(static_cast<int>(chart()->plotArea().width()) / pixelsPerTick, 2, 12);
    const std::vector<double> xs = niceTicks(low, high, room);
    for (const double tick : xs)
        labels.push_back(axisText(std::abs(tick) < (high - low) * 1e-9 ? 0 : tick));
    setAxis(*m_x, low, high, xs, labels);

    const std::uint64_t most = std::max({tallest(&m_data.original), tallest(pointer(m_data.patched)),
                                         tallest(pointer(m_data.neighbour)), std::uint64_t{1}});
    // The axis ends at a labelled line, above the tallest bar.
    const double top = m_log ? logCeiling(static_cast<double>(most) * 1.1)
                             : niceCeiling(static_cast<double>(most) * 1.02, yTicks);
    labels.clear();
    std::vector<double> ys = m_log ? logTicks(1, top, yTicks) : niceTicks(0, top, yTicks);
    for (double& tick : ys) {
        labels.push_back(countText(static_cast<quint64>(std::llround(tick))));
        tick = m_log ? std::log10(tick) : tick;
    }
    setAxis(*m_y, barHeight(0), m_log ? std::log10(top) : top, ys, labels);
}

std::optional<std::pair<double, double>> HistogramChart::horizontalRange() const
{
    const auto& edges = m_data.original.edges;
    if (edges.size() < 2 || !(edges.back() > edges.front())) return std::nullopt;
    return std::pair(edges.front(), edges.back());
}

QString HistogramChart::readingAt(double x) const
{
    const Histogram& original = m_data.original;
    const auto after = std::ranges::upper_bound(original.edges, x);
    if (after == original.edges.begin() || after == original.edges.end()) return {};
    const auto bin = static_cast<std::size_t>(after - original.edges.begin()) - 1;
    QString text =
        QStringLiteral("%1 … %2\n").arg(shortText(original.edges[bin]), shortText(original.edges[bin + 1])) +
        tr("original %1").arg(countText(original.counts[bin]));
    if (m_data.patched)
        text += QLatin1Char('\n') + tr("patched %1").arg(countText(m_data.patched->counts[bin]));
    if (m_data.neighbour)
        text += QLatin1Char('\n') + tr("other layers %1").arg(countText(m_data.neighbour->counts[bin]));
    return text;
}

QString HistogramChart::numbers(QChar separator) const
{
    QStringList head = {QStringLiteral("from"), QStringLiteral("to"), QStringLiteral("original")};
    if (m_data.patched) head << QStringLiteral("patched");
    if (m_data.neighbour) head << QStringLiteral("other_layers");
    QStringList lines = {head.join(separator)};
    for (std::size_t i = 0; i < m_data.original.counts.size(); ++i) {
        QStringList cells = {exactText(m_data.original.edges[i]), exactText(m_data.original.edges[i + 1]),
                             QString::number(m_data.original.counts[i])};
        if (m_data.patched) cells << QString::number(m_data.patched->counts[i]);
        if (m_data.neighbour) cells << QString::number(m_data.neighbour->counts[i]);
        lines << cells.join(separator);
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace wb

#include "moc_histogramchart.cpp"
