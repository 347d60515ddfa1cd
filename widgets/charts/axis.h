// Axes with labels of our own: Qt's label a logarithmic axis at powers of ten only and write a hyphen for a
// minus.
#pragma once

#include <QString>

#include <vector>

class QCategoryAxis;
class QPainter;
class QRectF;

namespace wb {

// Round steps (1, 2, 5) that cover [low, high] with at most `most` ticks, all inside; but two at least where two were asked for: one
// tells no scale.
[[nodiscard]] std::vector<double> niceTicks(double low, double high, int most);
// 1, 2, 5 of each decade, or 1 only when there are many decades; in [low, high], both positive.
[[nodiscard]] std::vector<double> logTicks(double low, double high, int most);

// The end of an axis that begins at 0 (or 1) and holds `value`: a place where a tick goes.
[[nodiscard]] double niceCeiling(double value, int most);
[[nodiscard]] double logCeiling(double value);

// What a vertical axis shows, upwards at the left edge beside the plot; a line of text wide.
void paintValueName(QPainter& painter, const QRectF& plot, const QString& name);

// Range and labelled lines of an axis; `positions` in axis coordinates.
void setAxis(QCategoryAxis& axis, double low, double high, const std::vector<double>& positions,
             const std::vector<QString>& labels);

} // namespace wb
