// Layer × role: one cell a tensor, coloured by a statistic. Edited cells are outlined, the one that stands apart is ringed,
// NaN has a colour of its own, and what is not known yet is empty. The colour scale is the original's while edits move.
#pragma once

#include <QWidget>

#include <cstddef>
#include <optional>
#include <vector>

namespace wb {

struct RoleMapCell {
    std::size_t tensor = 0;
    double value = 0;
    bool edited = false;
    bool standsApart = false;
};

struct RoleMapData {
    QString statistic; // named under the scale
    QStringList rows;
    std::size_t layers = 0;
    std::vector<std::optional<RoleMapCell>> cells; // rows · layers
    double low = 0, high = 0;                      // ends of the scale, of the original
};

class RoleMap : public QWidget {
    Q_OBJECT
public:
    explicit RoleMap(QWidget* parent = nullptr);
    void setData(RoleMapData cells);
    // "role,layer,value" of every cell.
    [[nodiscard]] QString numbers(QChar separator) const;
    [[nodiscard]] QSize sizeHint() const override { return {360, 340}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 200}; }
    // The middle of a cell, for tests.
    [[nodiscard]] QPoint placeOf(std::size_t row, std::size_t layer) const;

signals:
    void clicked(std::size_t tensor);
    void hovered(const QString& reading); // empty when the pointer is on no cell

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    [[nodiscard]] QRectF cellsRect() const;
    [[nodiscard]] QRectF cellRect(std::size_t row, std::size_t layer) const;
    [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> cellAt(const QPointF& position) const;
    [[nodiscard]] const std::optional<RoleMapCell>& at(std::size_t row, std::size_t layer) const;
    [[nodiscard]] bool isLogarithmic() const { return m_data.low > 0; }
    [[nodiscard]] double fractionOf(double value) const;
    void paintCells(QPainter& painter) const;
    void paintLabels(QPainter& painter) const;
    void paintScale(QPainter& painter) const;

    RoleMapData m_data;
    int m_labels = 0; // width of the widest name: asked for each cell
};

} // namespace wb
