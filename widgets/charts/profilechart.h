// One statistic over depth: the chosen role strong, original solid and patched dashed with rings; the other roles grey.
#pragma once

#include "widgets/charts/chartview.h"

#include <vector>

class QLineSeries;
class QScatterSeries;

namespace wb {

struct ProfileData {
    QString statistic, role;
    std::vector<double> original, patched;    // by layer; NaN = not known, patched empty = the same
    std::vector<std::vector<double>> others;  // of the other roles
};

class ProfileChart : public ChartView {
    Q_OBJECT
public:
    explicit ProfileChart(QWidget* parent = nullptr);

    void setProfile(ProfileData profile);
    [[nodiscard]] bool isLogarithmic() const { return m_log; }
    void setLogarithmic(bool log);
    void setBlinking(bool blinking);
    [[nodiscard]] QString numbers(QChar separator) const override;

signals:
    void layerClicked(std::size_t layer);

protected:
    void restyle() override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    [[nodiscard]] QString readingAt(double x) const override;
    [[nodiscard]] std::optional<std::pair<double, double>> horizontalRange() const override;

private:
    void draw();
    void drawAxes();
    void fillOthers();
    [[nodiscard]] std::pair<double, double> verticalRange() const;
    [[nodiscard]] bool drawsLog() const; // as asked for, where all values are positive
    [[nodiscard]] QList<QPointF> points(const std::vector<double>& values) const;

    ProfileData m_data;
    bool m_log = true;
    bool m_blinking = false;
    QList<QLineSeries*> m_others;
    QLineSeries* m_original;
    QScatterSeries* m_originalDots;
    QLineSeries* m_patched;
    QScatterSeries* m_patchedDots;
    QCategoryAxis* m_x;
    QCategoryAxis* m_y;
    std::optional<QPoint> m_pressed;
};

} // namespace wb
