#include "widgets/temperaturestrip.h"

#include "widgets/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace wb {
namespace {

constexpr int stripHeight = 10;
constexpr double widestCell = 14;

double warmest(const SamplingOptions& options)
{
    const TemperatureRule& rule = options.rule;
    if (rule.source == TemperatureSource::Entropy) return options.temperature + rule.range;
    return std::max({options.temperature, rule.code, rule.number, rule.quote});
}

} // namespace

TemperatureStrip::TemperatureStrip(QWidget* parent)
    : QWidget(parent)
{
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Temperature of each token"));
    setToolTip(tr("Temperature of each token: the warmer the colour, the higher"));
    hide();
}

QSize TemperatureStrip::sizeHint() const { return {100, stripHeight}; }

void TemperatureStrip::begin(const SamplingOptions& options)
{
    m_temperatures.clear();
    m_most = warmest(options);
    setVisible(options.temperature != 0 && options.rule.source != TemperatureSource::Fixed);
    update();
}

void TemperatureStrip::append(const GeneratedToken& token)
{
    m_temperatures.push_back(token.sampled.temperature);
    update();
}

QRectF TemperatureStrip::cell(std::size_t token) const
{
    const double width = std::min(widestCell, static_cast<double>(this->width()) / static_cast<double>(m_temperatures.size()));
    return {static_cast<double>(token) * width, 0, width, static_cast<double>(height())};
}

void TemperatureStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    for (std::size_t i = 0; i < m_temperatures.size(); ++i) {
        const double share = m_most > 0 ? std::clamp(m_temperatures[i] / m_most, 0.0, 1.0) : 0;
        QColor colour = share < 0.5 ? colors().positive : colors().negative;
        colour.setAlphaF(static_cast<float>(0.15 + 0.85 * std::abs(2 * share - 1)));
        const QRectF place = cell(i);
        painter.fillRect(place.width() > 4 ? place.adjusted(0, 0, -1, 0) : place, colour);
    }
}

void TemperatureStrip::mouseMoveEvent(QMouseEvent* event)
{
    const double width = m_temperatures.empty() ? 1 : cell(0).width();
    const int token = static_cast<int>(event->position().x() / width);
    const bool there = event->position().x() >= 0 && token < static_cast<int>(m_temperatures.size());
    if ((there ? token : -1) == m_hovered) return;
    m_hovered = there ? token : -1;
    emit hovered(m_hovered, there ? cell(static_cast<std::size_t>(token)).toRect() : QRect());
}

void TemperatureStrip::leaveEvent(QEvent*)
{
    m_hovered = -1;
    emit hovered(-1, {});
}

} // namespace wb
