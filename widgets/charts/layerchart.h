// Curves over the steps or layers of a model: each with its 95 % intervals where it has some, named at its right end, over a
// floor that means nothing. A click chooses a layer.
#pragma once

#include <QColor>
#include <QWidget>

#include <optional>
#include <vector>

namespace wb {

enum class SeriesRole { Original, Patched, Third };

struct LayerSeries {
    QString name;
    SeriesRole role = SeriesRole::Original;
    bool dashed = false;
    std::vector<double> values, low, high; // by place; NaN: none; low and high may be empty
};

struct LayerChartData {
    QStringList places; // "0 → 1", …
    QString placeName, valueName; // of the axes; small charts do without
    std::vector<LayerSeries> series;
    std::optional<double> floor;
    QString floorName;
    std::optional<std::pair<double, double>> range; // none: that of the values
    bool logarithmic = false;                       // where all values are positive
};

class LayerChart : public QWidget {
    Q_OBJECT
public:
    // `stem` of exported files; `waiting` is said while there is nothing.
    LayerChart(const QString& name, const QString& stem, const QString& waiting, QWidget* parent = nullptr);
    void setData(LayerChartData chart);
    void setCurrent(std::optional<std::size_t> place);
    void setCompact(bool compact); // for small charts: no names at the curves
    [[nodiscard]] QString numbers(QChar separator) const;
    [[nodiscard]] QSize sizeHint() const override { return {m_compact ? 200 : 500, m_compact ? 120 : 220}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {140, m_compact ? 90 : 120}; }

signals:
    void chosen(int place); // by the user

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override; // readings as tool tips

private:
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] std::pair<double, double> range() const;
    [[nodiscard]] bool isLogarithmic() const;
    [[nodiscard]] double xOf(std::size_t place) const;
    [[nodiscard]] double yOf(double value) const;
    [[nodiscard]] std::optional<std::size_t> placeAt(double x) const;
    void paintAxes(QPainter& painter) const;
    void paintAxisNames(QPainter& painter) const;
    void paintSeries(QPainter& painter, const LayerSeries& series) const;
    void paintNames(QPainter& painter) const;

    QString m_waiting;
    LayerChartData m_chart;
    std::pair<double, double> m_range{0, 1}; // as drawn; of logarithms if they are
    std::optional<std::size_t> m_current;
    bool m_compact = false;
};

} // namespace wb
