#include "widgets/charts/axis.h"

#include <QCategoryAxis>
#include <QFontMetrics>
#include <QPainter>

#include <cmath>

namespace wb {

namespace {

double niceStep(double rough)
{
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (power * factor >= rough) return power * factor;
    return power * 10;
}

} // namespace

std::vector<double> niceTicks(double low, double high, int most)
{
    if (!(high > low) || most < 1) return {};
    const double step = niceStep((high - low) / most);
    std::vector<double> ticks;
    const auto first = static_cast<std::int64_t>(std::ceil(low / step - 1e-9));
    const auto last = static_cast<std::int64_t>(std::floor(high / step + 1e-9));
    for (std::int64_t i = first; i <= last; ++i)
        ticks.push_back(static_cast<double>(i) * step);
    return ticks.size() < 2 && most > 1 && most < 16 ? niceTicks(low, high, most + 1) : ticks;
}

std::vector<double> logTicks(double low, double high, int most)
{
    std::vector<double> all, decades;
    const int first = static_cast<int>(std::floor(std::log10(low)));
    const int last = static_cast<int>(std::ceil(std::log10(high)));
    for (int exponent = first; exponent <= last; ++exponent) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double tick = factor * std::pow(10.0, exponent);
            if (tick < low * (1 - 1e-9) || tick > high * (1 + 1e-9)) continue;
            all.push_back(tick);
            if (factor == 1.0) decades.push_back(tick);
        }
    }
    if (all.size() <= static_cast<std::size_t>(most)) return all;
    const std::size_t every =
        (decades.size() + static_cast<std::size_t>(most) - 1) / static_cast<std::size_t>(most);
    std::vector<double> kept;
    for (std::size_t i = 0; i < decades.size(); i += every)
        kept.push_back(decades[i]);
    if (every == 1 && all.back() >= 2 * kept.back())
        kept.push_back(all.back()); // an axis that ends between powers ends with a label
    return kept;
}

double niceCeiling(double value, int most)
{
    const double step = niceStep(value / most);
    return std::ceil(value / step) * step;
}

double logCeiling(double value)
{
    return niceStep(value);
}

void paintValueName(QPainter& painter, const QRectF& plot, const QString& name)
{
    const QFontMetrics metrics = painter.fontMetrics();
    painter.save();
    painter.translate(0, plot.bottom());
    painter.rotate(-90);
    painter.drawText(QRectF(0, 0, plot.height(), metrics.height()), Qt::AlignCenter, metrics.elidedText(name, Qt::ElideRight, static_cast<int>(plot.height())));
    painter.restore();
}

void setAxis(QCategoryAxis& axis, double low, double high, const std::vector<double>& positions,
             const std::vector<QString>& labels)
{
    const QStringList old = axis.categoriesLabels();
    for (const QString& label : old)
        axis.remove(label);
    axis.setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    axis.setRange(low, high);
    axis.setStartValue(low);
    for (std::size_t i = 0; i < positions.size(); ++i)
        axis.append(labels[i], positions[i]);
}

} // namespace wb
