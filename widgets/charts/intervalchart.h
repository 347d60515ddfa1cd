// Two shares with their 95 % intervals on one axis from 0 to 100 %: original filled, patched outlined.
#pragma once

#include "core/eval/significance.h"

#include <QWidget>

#include <optional>

namespace wb {

class IntervalChart : public QWidget {
    Q_OBJECT
public:
    struct Share {
        double value = 0;
        Interval ci95;
    };
    explicit IntervalChart(QWidget* parent = nullptr);
    void setShares(const std::optional<Share>& original, const std::optional<Share>& patched);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void drawShare(class QPainter& painter, const Share& share, double y, const QColor& color, bool filled) const;
    [[nodiscard]] int labelWidth() const;
    [[nodiscard]] double place(double share) const;

    std::optional<Share> m_original, m_patched;
};

} // namespace wb
