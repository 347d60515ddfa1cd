// One statistic of every row, column, head or expert of a tensor: original solid, patched dashed. The wheel zooms, a click
// chooses a group. Of more groups than pixels the smallest and the largest of each few are drawn, so that a single one
// that stands out is never lost.
#pragma once

#include "widgets/charts/chartview.h"

#include <vector>

class QLineSeries;

namespace wb {

struct GroupData {
    QString kind, statistic;               // "row", "std"
    std::vector<double> original, patched; // by group; patched empty = the same
};

class GroupChart : public ChartView {
    Q_OBJECT
public:
    explicit GroupChart(QWidget* parent = nullptr);

    void setGroups(GroupData groups); // keeps the zoom when there are as many as before
    void setMark(std::optional<std::size_t> group);
    void setBlinking(bool blinking);
    [[nodiscard]] std::pair<double, double> shownGroups() const { return m_zoom; }
    [[nodiscard]] QString numbers(QChar separator) const override;

signals:
    void groupClicked(std::size_t group);

protected:
    void restyle() override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    [[nodiscard]] QString readingAt(double x) const override;
    [[nodiscard]] std::optional<std::pair<double, double>> horizontalRange() const override;

private:
    void zoomTo(double low, double high);
    void draw();
    void drawAxes();
    [[nodiscard]] QList<QPointF> points(const std::vector<double>& values) const;
    [[nodiscard]] std::pair<double, double> verticalRange() const;

    GroupData m_data;
    std::pair<double, double> m_zoom = {0, 0};
    std::optional<std::size_t> m_mark;
    bool m_blinking = false;
    QLineSeries* m_original;
    QLineSeries* m_patched;
    QLineSeries* m_markLine;
    QCategoryAxis* m_x;
    QCategoryAxis* m_y;
    std::optional<QPoint> m_pressed;
};

} // namespace wb
