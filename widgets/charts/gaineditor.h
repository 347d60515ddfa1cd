// Gains of singular values as something to drag: bars, each of a range of components, or points of a curve. On the same places as the
// spectrum above it; gains from 1/8 to 8 around 1 on a logarithmic axis, and 0 at the bottom.
#pragma once

#include "core/recipe/gains.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace wb {

class GainEditor : public QWidget {
    Q_OBJECT
public:
    enum class Mode { Bars, Curve, Shown }; // Shown: gains that a rule makes, not to be dragged

    explicit GainEditor(QWidget* parent = nullptr);
    void setComponents(std::size_t count, bool logarithmicPlaces);
    void setMode(Mode mode);
    void reset();                                  // every gain 1
    void showGains(std::vector<double> gains);     // what comes of it, drawn behind
    [[nodiscard]] bool isNeutral() const;
    // BandGains of the bars that are not 1, or CurveGains.
    [[nodiscard]] Gains gains() const;
    void drag(double place, double gain);          // as the mouse does; place 0 … 1

    [[nodiscard]] QSize sizeHint() const override { return {480, 110}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 70}; }

signals:
    void edited();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override; // the gain under it back to 1

private:
    static constexpr std::size_t barCount = 24, pointCount = 5;
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] double yOf(double gain) const;
    [[nodiscard]] double gainAt(double y) const;
    [[nodiscard]] std::size_t handleAt(double place) const;
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> bandOf(std::size_t bar) const;
    void dragTo(const QPointF& position);

    Mode m_mode = Mode::Bars;
    std::size_t m_count = 0;
    bool m_logarithmic = false;
    std::vector<double> m_bars = std::vector<double>(barCount, 1.0), m_points = std::vector<double>(pointCount, 1.0), m_shown;
    std::optional<std::size_t> m_held; // a point; bars are painted over
    bool m_dragging = false;
};

} // namespace wb
