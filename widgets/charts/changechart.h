// A change at each place of a text, as bars above and below zero: up is worse, in the warm colour, and down is better.
// A click chooses a place.
#pragma once

#include <QWidget>

#include <optional>
#include <vector>

namespace wb {

class ChangeChart : public QWidget {
    Q_OBJECT
public:
    explicit ChangeChart(QWidget* parent = nullptr);
    void setValues(std::vector<double> values);
    void setCurrent(std::optional<int> place);
    // As copied: a line for each place.
    [[nodiscard]] QString numbers(QChar separator) const;
    [[nodiscard]] QSize sizeHint() const override { return {400, 110}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 80}; }

signals:
    void chosen(int place); // by the user

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override; // readings as tool tips

private:
    [[nodiscard]] QRect plot() const;
    [[nodiscard]] std::optional<int> placeAt(const QPoint& position) const;

    std::vector<double> m_values;
    std::optional<int> m_current;
    double m_most = 0; // largest magnitude: the ends of the axis
};

} // namespace wb
