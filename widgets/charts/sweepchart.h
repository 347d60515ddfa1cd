// A sweep: one knob as a curve with 95 % intervals over the band of the checkpoint without the recipe, two knobs as a map; a search as
// points over its first knob. The
// best point is ringed; a click chooses one.
#pragma once

#include "core/eval/sweep.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace wb {

struct SweepChartData {
    std::vector<Knob> knobs;
    std::vector<SweepPoint> points; // so far; their number by the knobs
    std::optional<SweepScore> base;
    std::optional<std::size_t> best;
    bool shares = true;
    bool moreIsBetter = true;
    bool searched = false; // points in the order of a search: no curve, no map
};

class SweepChart : public QWidget {
    Q_OBJECT
public:
    explicit SweepChart(QWidget* parent = nullptr);
    void setData(SweepChartData sweep);
    void setCurrent(std::optional<std::size_t> point);
    [[nodiscard]] QString numbers(QChar separator) const;
    [[nodiscard]] static QString knobText(double value); // six digits
    [[nodiscard]] static QString scoreText(double score, bool shares); // "94.0 %", "2.5585"
    [[nodiscard]] QSize sizeHint() const override { return {500, 240}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 160}; }

signals:
    void chosen(int point); // by the user

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override; // readings as tool tips

private:
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] std::pair<double, double> scoreRange() const;
    [[nodiscard]] QPointF placeOf(const SweepPoint& point, const std::pair<double, double>& range) const;
    [[nodiscard]] QRectF cellOf(std::size_t point) const;
    [[nodiscard]] std::optional<std::size_t> pointAt(const QPointF& position) const;
    [[nodiscard]] bool isMap() const { return m_data.knobs.size() == 2 && !m_data.searched; }
    void paintCurve(QPainter& painter) const;
    void paintMap(QPainter& painter) const;
    void paintKnobAxis(QPainter& painter) const;

    SweepChartData m_data;
    std::optional<std::size_t> m_current;
};

} // namespace wb
