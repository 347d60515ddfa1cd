#include "widgets/charts/colormap.h"

#include "widgets/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wb {
namespace {

QRgb mixed(QColor from, QColor to, double part)
{
    const auto channel = [part](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * part)); };
    return qRgb(channel(from.red(), to.red()), channel(from.green(), to.green()),
                channel(from.blue(), to.blue()));
}

// Nine stops of the published viridis table.
constexpr std::array<QRgb, 9> viridis = {0xFF440154, 0xFF472D7B, 0xFF3B528B, 0xFF2C728E, 0xFF21918C,
                                         0xFF28AE80, 0xFF5EC962, 0xFFADDC30, 0xFFFDE725};

} // namespace

QRgb divergingColor(double value, double limit)
{
    const ThemeColors& c = colors();
    if (!std::isfinite(value)) return c.nonFinite.rgb();
    // Lighter than the panel on the dark theme: a map of small values must not look like nothing.
    const QColor zero = c.dark ? QColor(0x4A515C) : QColor(0xF4F4F6);
    const double part = limit > 0 ? std::sqrt(std::min(std::abs(value) / limit, 1.0)) : 0;
    return mixed(zero, value < 0 ? c.negative : c.positive, part);
}

QRgb viridisColor(double fraction)
{
    const double at = std::clamp(fraction, 0.0, 1.0) * (viridis.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(at), viridis.size() - 2);
    return mixed(QColor(viridis[below]), QColor(viridis[below + 1]), at - static_cast<double>(below));
}

} // namespace wb
