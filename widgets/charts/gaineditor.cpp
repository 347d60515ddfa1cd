#include "widgets/charts/gaineditor.h"

#include "widgets/charts/spectrumchart.h"
#include "widgets/numbertext.h"
#include "widgets/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

constexpr double most = 8, zeroBelow = 1.0 / 10; // the bottom of the axis is 0, everything above 1/8 … 8

double heightOf(double gain) { return gain <= zeroBelow ? 0 : std::clamp((std::log2(gain) + 3.5) / 6.5, 0.0, 1.0); }

} // namespace

GainEditor::GainEditor(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Gains of the singular values"));
    setMouseTracking(true);
    setToolTip(tr("Drag to change gains; a double click sets one back to 1"));
}

void GainEditor::setComponents(std::size_t count, bool logarithmicPlaces)
{
    m_count = count;
    m_logarithmic = logarithmicPlaces;
    update();
}

void GainEditor::setMode(Mode mode)
{
    m_mode = mode;
    setCursor(mode == Mode::Shown ? Qt::ArrowCursor : Qt::SizeVerCursor);
    update();
}

void GainEditor::reset()
{
    std::ranges::fill(m_bars, 1.0);
    std::ranges::fill(m_points, 1.0);
    update();
}

void GainEditor::showGains(std::vector<double> gains)
{
    m_shown = std::move(gains);
    update();
}

bool GainEditor::isNeutral() const
{
    return std::ranges::all_of(m_mode == Mode::Bars ? m_bars : m_points, [](double gain) { return gain == 1; });
}

// Bars are as wide as each other on screen; with logarithmic places the first ones hold one component or none.
std::pair<std::uint64_t, std::uint64_t> GainEditor::bandOf(std::size_t bar) const
{
    const auto edge = [&](std::size_t i) {
        if (i == 0) return std::uint64_t{0};
        if (i == barCount) return static_cast<std::uint64_t>(m_count);
        return static_cast<std::uint64_t>(std::ceil(SpectrumChart::componentAt(static_cast<double>(i) / barCount, m_count, m_logarithmic)));
    };
    return {edge(bar), edge(bar + 1)};
}

Gains GainEditor::gains() const
{
    if (m_mode == Mode::Curve) {
        CurveGains curve;
        curve.logarithmic = std::ranges::all_of(m_points, [](double gain) { return gain > 0; });
        for (std::size_t i = 0; i < pointCount; ++i)
            curve.points.push_back({SpectrumChart::componentAt(static_cast<double>(i) / (pointCount - 1), m_count, m_logarithmic) / static_cast<double>(std::max<std::size_t>(m_count, 2) - 1), m_points[i]});
        curve.points.front().place = 0;
        curve.points.back().place = 1;
        return curve;
    }
    BandGains bands;
    for (std::size_t bar = 0; bar < barCount; ++bar) {
        const auto [first, end] = bandOf(bar);
        if (first >= end || m_bars[bar] == 1) continue;
        if (!bands.bands.empty() && bands.bands.back().end == first && bands.bands.back().gain == m_bars[bar])
            bands.bands.back().end = end;
        else
            bands.bands.push_back({first, end, m_bars[bar]});
    }
    return bands;
}

QRectF GainEditor::plot() const { return QRectF(rect()).adjusted(SpectrumChart::leftMargin, 6, -SpectrumChart::rightMargin, -6); }

double GainEditor::yOf(double gain) const { return plot().bottom() - heightOf(gain) * plot().height(); }

// Rounded to two digits; near 1 it is 1.
double GainEditor::gainAt(double y) const
{
    const double height = std::clamp((plot().bottom() - y) / plot().height(), 0.0, 1.0);
    const double gain = std::min(std::exp2(height * 6.5 - 3.5), most);
    if (gain <= zeroBelow) return 0;
    if (std::abs(std::log2(gain)) < 0.12) return 1;
    return gain < 1 ? std::round(gain * 100) / 100 : std::round(gain * 20) / 20;
}

std::size_t GainEditor::handleAt(double place) const
{
    const double at = std::clamp(place, 0.0, 1.0);
    if (m_mode == Mode::Bars) return std::min(static_cast<std::size_t>(at * barCount), barCount - 1);
    return static_cast<std::size_t>(std::lround(at * (pointCount - 1)));
}

void GainEditor::drag(double place, double gain)
{
    if (m_mode == Mode::Shown || m_count == 0) return;
    const std::size_t handle = m_held.value_or(handleAt(place));
    (m_mode == Mode::Bars ? m_bars : m_points)[handle] = gain;
    update();
    emit edited();
}

void GainEditor::dragTo(const QPointF& position)
{
    drag((position.x() - plot().left()) / plot().width(), gainAt(position.y()));
    QToolTip::showText(mapToGlobal(position.toPoint()), QStringLiteral("× %1").arg(shortText(gainAt(position.y()))), this);
}

void GainEditor::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_mode == Mode::Shown) return;
    m_dragging = true;
    if (m_mode == Mode::Curve) m_held = handleAt((event->position().x() - plot().left()) / plot().width());
    dragTo(event->position());
}

void GainEditor::mouseMoveEvent(QMouseEvent* event)
{
    if (m_dragging) dragTo(event->position());
}

void GainEditor::mouseReleaseEvent(QMouseEvent*)
{
    m_dragging = false;
    m_held.reset();
}

void GainEditor::mouseDoubleClickEvent(QMouseEvent* event)
{
    drag((event->position().x() - plot().left()) / plot().width(), 1);
}

void GainEditor::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area = plot();
    const int line = painter.fontMetrics().height();
    for (const double gain : {0.0, 0.25, 1.0, 4.0}) {
        painter.setPen(QPen(gain == 1 ? colors().secondary : colors().line, 1, gain == 1 ? Qt::DashLine : Qt::SolidLine));
        painter.drawLine(QPointF(area.left(), yOf(gain)), QPointF(area.right(), yOf(gain)));
        painter.setPen(colors().secondary);
        painter.drawText(QRectF(0, yOf(gain) - line, area.left() - 6, 2.0 * line), Qt::AlignRight | Qt::AlignVCenter, gain == 0 ? QStringLiteral("0") : QStringLiteral("× %1").arg(axisText(gain)));
    }
    if (m_count == 0) return;
    if (m_mode == Mode::Bars) {
        const double width = area.width() / barCount;
        for (std::size_t bar = 0; bar < barCount; ++bar) {
            const QRectF place(area.left() + static_cast<double>(bar) * width + 1, std::min(yOf(m_bars[bar]), yOf(1)), width - 2, std::max(std::abs(yOf(m_bars[bar]) - yOf(1)), 2.0));
            const auto [first, end] = bandOf(bar);
            painter.setPen(QPen(colors().patched, 1.2));
            painter.setBrush(first < end && m_bars[bar] != 1 ? QColor(colors().patched.red(), colors().patched.green(), colors().patched.blue(), 90) : QColor(Qt::transparent));
            if (first < end) painter.drawRect(place);
        }
    }
    QPainterPath curve;
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        const QPointF at(area.left() + SpectrumChart::placeOf(static_cast<double>(i), m_shown.size(), m_logarithmic) * area.width(), yOf(m_shown[i]));
        i == 0 ? curve.moveTo(at) : curve.lineTo(at);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors().patched, 1.6));
    if (m_mode != Mode::Bars) painter.drawPath(curve);
    if (m_mode != Mode::Curve) return;
    painter.setBrush(colors().panel);
    for (std::size_t i = 0; i < pointCount; ++i)
        painter.drawEllipse(QPointF(area.left() + static_cast<double>(i) / (pointCount - 1) * area.width(), yOf(m_points[i])), 5, 5);
}

} // namespace wb

#include "moc_gaineditor.cpp"
