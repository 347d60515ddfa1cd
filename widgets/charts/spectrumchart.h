// Singular values of a matrix, descending, on a logarithmic axis: original and edited, a randomised control, the fitted power law, the edge
// beyond which no value is noise. A click chooses a component.
#pragma once

#include "widgets/charts/layerchart.h"

#include <QWidget>

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace wb {

struct SpectrumSeries {
    QString name;
    SeriesRole role = SeriesRole::Original;
    bool dashed = false;
    std::vector<double> values; // by component; 0 is not drawn
};

struct SpectrumChartData {
    std::vector<SpectrumSeries> series;
    std::optional<double> edge; // of Marchenko and Pastur
    bool logarithmicPlaces = false;
};

class SpectrumChart : public QWidget {
    Q_OBJECT
public:
    explicit SpectrumChart(QWidget* parent = nullptr);
    void setData(SpectrumChartData content);
    void setCurrent(std::optional<std::size_t> component);
    [[nodiscard]] QString numbers(QChar separator) const;
    [[nodiscard]] QSize sizeHint() const override { return {480, 220}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 120}; }
    // Where a component is drawn, and back: the gain editor below uses the same places.
    [[nodiscard]] static double placeOf(double component, std::size_t count, bool logarithmic); // 0 … 1
    [[nodiscard]] static double componentAt(double place, std::size_t count, bool logarithmic);
    // Decades of the vertical axis.
    [[nodiscard]] static std::pair<double, double> rangeOf(std::span<const SpectrumSeries> series);
    static constexpr int leftMargin = 64, rightMargin = 12; // shared with the gain editor

signals:
    void chosen(int component);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] double xOf(double component) const;
    [[nodiscard]] double yOf(double value) const;
    void paintAxes(QPainter& painter) const;
    void paintSeries(QPainter& painter, const SpectrumSeries& series) const;
    void paintNames(QPainter& painter) const;

    SpectrumChartData m_data;
    double m_low = -1, m_high = 0; // decades
    std::optional<std::size_t> m_current;
};

} // namespace wb
