// Colours of numbers in maps. Differences and signed values go violet – neutral – green, centred on zero; NaN
// and Inf have a colour of their own. Sequential maps are viridis.
#pragma once

#include <QColor>

namespace wb {

// `value` / `limit` in −1 … 1 by its signed square root, so that small values are still seen. Values beyond
// are cut.
[[nodiscard]] QRgb divergingColor(double value, double limit);
// `fraction` in 0 … 1.
[[nodiscard]] QRgb viridisColor(double fraction);

} // namespace wb
