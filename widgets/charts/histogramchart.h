// Histogram of a tensor: the original filled, the patched outlined over it, and as a dotted line what the
// same role looks like in the middle one of the other layers.
#pragma once

#include "core/analysis/statistics.h"
#include "widgets/charts/chartview.h"

class QAreaSeries;
class QLineSeries;

namespace wb {

struct HistogramData {
    Histogram original;
    std::optional<Histogram> patched; // only when it is another; same edges
    std::optional<Histogram> neighbour;
};

class HistogramChart : public ChartView {
    Q_OBJECT
public:
    explicit HistogramChart(QWidget* parent = nullptr);

    void setHistograms(HistogramData histograms);
    void clear();
    [[nodiscard]] bool isLogarithmic() const { return m_log; }
    void setLogarithmic(bool log);
    void setBlinking(bool blinking); // the patched one is away while this is so
    [[nodiscard]] QString numbers(QChar separator) const override;

protected:
    void restyle() override;
    void resizeEvent(QResizeEvent* event) override;
    [[nodiscard]] QString readingAt(double x) const override;
    [[nodiscard]] std::optional<std::pair<double, double>> horizontalRange() const override;

private:
    struct Layer {
        QLineSeries* upper;
        QLineSeries* lower;
        QAreaSeries* area;
    };
    Layer addLayer();
    void draw();
    void drawLayer(const Layer& layer, const Histogram* histogram);
    void drawAxes();
    [[nodiscard]] double barHeight(std::uint64_t count) const;
    [[nodiscard]] QList<QPointF> outline(const Histogram& histogram) const;

    HistogramData m_data;
    bool m_log = true;
    bool m_blinking = false;
    Layer m_original, m_patched;
    QLineSeries* m_neighbour;
    QCategoryAxis* m_x;
    QCategoryAxis* m_y;
};

} // namespace wb
