#include "widgets/charts/profilechart.h"

#include "widgets/charts/axis.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QCategoryAxis>
#include <QLineSeries>
#include <QMouseEvent>
#include <QScatterSeries>

#include <algorithm>
#include <cmath>
#include <limits>

namespace wb {
namespace {

constexpr int yTicks = 6;
constexpr int pixelsPerTick = 44;

} // namespace

ProfileChart::ProfileChart(QWidget* parent)
    : ChartView(parent)
    , m_original(new QLineSeries(this))
    , m_originalDots(new QScatterSeries(this))
    , m_patched(new QLineSeries(this))
    , m_patchedDots(new QScatterSeries(this))
    , m_x(new QCategoryAxis(this))
    , m_y(new QCategoryAxis(this))
{
    chart()->addAxis(m_x, Qt::AlignBottom);
    chart()->addAxis(m_y, Qt::AlignLeft);
    for (QXYSeries* series : std::initializer_list<QXYSeries*>{m_original, m_originalDots, m_patched, m_patchedDots}) {
        chart()->addSeries(series);
        series->attachAxis(m_x);
        series->attachAxis(m_y);
    }
    m_originalDots->setMarkerSize(7);
    m_patchedDots->setMarkerSize(9);
    m_x->setTitleText(tr("layer"));
    m_x->setGridLineVisible(false);
    m_y->setLineVisible(false);
    ProfileChart::restyle();
    draw();
}

void ProfileChart::restyle()
{
    ChartView::restyle();
    const ThemeColors& c = colors();
    m_original->setPen(QPen(c.original, 2));
    m_originalDots->setColor(c.original);
    m_originalDots->setBorderColor(c.original);
    m_patched->setPen(QPen(c.patched, 1.6, Qt::DashLine));
    m_patchedDots->setColor(Qt::transparent);
    m_patchedDots->setBorderColor(c.patched);
    QColor grey = c.secondary;
    grey.setAlphaF(0.35F);
    for (QLineSeries* series : m_others)
        series->setPen(QPen(grey, 1));
    styleAxis(*m_x);
    styleAxis(*m_y);
}

void ProfileChart::resizeEvent(QResizeEvent* event)
{
    ChartView::resizeEvent(event);
    drawAxes();
}

void ProfileChart::setProfile(ProfileData profile)
{
    m_data = std::move(profile);
    draw();
}

void ProfileChart::setLogarithmic(bool log)
{
    m_log = log;
    draw();
}

void ProfileChart::setBlinking(bool blinking)
{
    m_blinking = blinking;
    draw();
}

bool ProfileChart::drawsLog() const
{
    const auto positive = [](double value) { return std::isnan(value) || value > 0; };
    const auto all = [&](const std::vector<double>& values) { return std::ranges::all_of(values, positive); };
    return m_log && all(m_data.original) && all(m_data.patched) && std::ranges::all_of(m_data.others, all);
}

// Unknown layers are left out, so that a line goes over them.
QList<QPointF> ProfileChart::points(const std::vector<double>& values) const
{
    QList<QPointF> list;
    const bool log = drawsLog();
    for (std::size_t layer = 0; layer < values.size(); ++layer)
        if (std::isfinite(values[layer]))
            list << QPointF(static_cast<double>(layer), log ? std::log10(values[layer]) : values[layer]);
    return list;
}

// Draw order is the order of adding: the others go under the chosen one, so that is taken off and added again.
void ProfileChart::fillOthers()
{
    while (m_others.size() > static_cast<qsizetype>(m_data.others.size())) {
        chart()->removeSeries(m_others.back());
        delete m_others.takeLast();
    }
    const bool more = m_others.size() < static_cast<qsizetype>(m_data.others.size());
    const std::initializer_list<QXYSeries*> front = {m_original, m_originalDots, m_patched, m_patchedDots};
    if (more)
        for (QXYSeries* series : front)
            chart()->removeSeries(series);
    while (m_others.size() < static_cast<qsizetype>(m_data.others.size())) {
        auto* series = new QLineSeries(this);
        chart()->addSeries(series);
        series->attachAxis(m_x);
        series->attachAxis(m_y);
        m_others << series;
    }
    if (more) {
        for (QXYSeries* series : front) {
            chart()->addSeries(series);
            series->attachAxis(m_x);
            series->attachAxis(m_y);
        }
        restyle();
    }
    for (qsizetype i = 0; i < m_others.size(); ++i)
        m_others[i]->replace(points(m_data.others[static_cast<std::size_t>(i)]));
}

void ProfileChart::draw()
{
    hideReading();
    fillOthers();
    m_original->replace(points(m_data.original));
    m_originalDots->replace(points(m_data.original));
    const QList<QPointF> patched = m_blinking ? QList<QPointF>() : points(m_data.patched);
    m_patched->replace(patched);
    m_patchedDots->replace(patched);
    m_y->setTitleText(m_data.statistic);
    drawAxes();
}

std::pair<double, double> ProfileChart::verticalRange() const
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    const auto widen = [&](const std::vector<double>& values) {
        for (const QPointF& point : points(values)) {
            low = std::min(low, point.y());
            high = std::max(high, point.y());
        }
    };
    widen(m_data.original);
    widen(m_data.patched);
    for (const auto& other : m_data.others)
        widen(other);
    if (!(high >= low)) return {0, 1};
    const double margin = high > low ? (high - low) * 0.06 : std::max(std::abs(high) * 0.1, 0.1);
    return {low - margin, high + margin};
}

void ProfileChart::drawAxes()
{
    const auto range = horizontalRange();
    m_x->setVisible(range.has_value());
    m_y->setVisible(range.has_value());
    if (!range) return;
    const int room = std::clamp(static_cast<int>(chart()->plotArea().width()) / pixelsPerTick, 2, 20);
    std::vector<double> xs;
    std::vector<QString> labels;
    for (const double tick : niceTicks(0, static_cast<double>(m_data.original.size() - 1), room))
        if (tick == std::floor(tick)) xs.push_back(tick);
    for (const double tick : xs)
        labels.push_back(axisText(tick));
    setAxis(*m_x, range->first, range->second, xs, labels);

    const auto [low, high] = verticalRange();
    labels.clear();
    std::vector<double> ys = drawsLog() ? logTicks(std::pow(10, low), std::pow(10, high), yTicks) : niceTicks(low, high, yTicks);
    for (double& tick : ys) {
        labels.push_back(axisText(tick));
        tick = drawsLog() ? std::log10(tick) : tick;
    }
    setAxis(*m_y, low, high, ys, labels);
}

std::optional<std::pair<double, double>> ProfileChart::horizontalRange() const
{
    if (m_data.original.empty()) return std::nullopt;
    return std::pair(-0.3, static_cast<double>(m_data.original.size()) - 0.7);
}

QString ProfileChart::readingAt(double x) const
{
    const double layer = std::round(x);
    if (layer < 0 || layer >= static_cast<double>(m_data.original.size())) return {};
    const auto i = static_cast<std::size_t>(layer);
    QString text = tr("layer %1 %2").arg(i).arg(m_data.role) + QLatin1Char('\n') +
                   tr("original %1").arg(shortText(m_data.original[i]));
    if (i < m_data.patched.size() && m_data.patched[i] != m_data.original[i])
        text += QLatin1Char('\n') + tr("patched %1").arg(shortText(m_data.patched[i]));
    return text;
}

QString ProfileChart::numbers(QChar separator) const
{
    QStringList lines = {QStringList{QStringLiteral("layer"), QStringLiteral("original"), QStringLiteral("patched")}.join(separator)};
    for (std::size_t i = 0; i < m_data.original.size(); ++i) {
        const double patched = i < m_data.patched.size() ? m_data.patched[i] : m_data.original[i];
        lines << QStringList{QString::number(i), exactText(m_data.original[i]), exactText(patched)}.join(separator);
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

void ProfileChart::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->pos();
    ChartView::mousePressEvent(event);
}

void ProfileChart::mouseReleaseEvent(QMouseEvent* event)
{
    ChartView::mouseReleaseEvent(event);
    const bool still = m_pressed && (event->pos() - *m_pressed).manhattanLength() < QApplication::startDragDistance();
    m_pressed.reset();
    if (!still || event->button() != Qt::LeftButton || m_data.original.empty()) return;
    const double x = std::round(chart()->mapToValue(chart()->mapFromScene(mapToScene(event->pos())), m_original).x());
    if (x >= 0 && x < static_cast<double>(m_data.original.size())) emit layerClicked(static_cast<std::size_t>(x));
}

} // namespace wb

#include "moc_profilechart.cpp"
