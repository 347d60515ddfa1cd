// Layers × tokens: one cell for each, coloured by a value, with a text in it where the cells are wide. Scrolls sideways when
// the tokens need more room than there is.
#pragma once

#include <QAbstractScrollArea>

#include <functional>
#include <optional>
#include <vector>

namespace wb {

struct TokenMapData {
    QStringList rows;           // layers, top to bottom
    QStringList columns;        // tokens
    std::vector<float> values;  // (rows, columns); NaN: grey
    QStringList texts;          // (rows, columns), or none
    double low = 0, high = 1;   // ends of the scale
    QString scale;              // what the colour means
    std::function<QString(std::size_t row, std::size_t column)> reading;
};

class TokenMap : public QAbstractScrollArea {
    Q_OBJECT
public:
    TokenMap(const QString& name, const QString& stem, const QString& waiting, QWidget* parent = nullptr);
    void setData(TokenMapData map);
    void setCurrent(std::optional<std::pair<std::size_t, std::size_t>> cell);
    [[nodiscard]] const TokenMapData& map() const { return m_map; }
    [[nodiscard]] QString numbers(QChar separator) const;
    [[nodiscard]] QSize sizeHint() const override { return {500, 240}; }

signals:
    void chosen(int row, int column); // by the user

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    [[nodiscard]] int labelWidth() const;
    [[nodiscard]] double columnWidth() const;
    [[nodiscard]] double rowHeight() const;
    [[nodiscard]] int bottomHeight() const;
    [[nodiscard]] QRectF cell(std::size_t row, std::size_t column) const;
    [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> cellAt(const QPointF& position) const;
    [[nodiscard]] QColor colorOf(float value) const;
    void fitScrollBars();
    void paintLabels(QPainter& painter) const;

    QString m_waiting;
    TokenMapData m_map;
    std::optional<std::pair<std::size_t, std::size_t>> m_current;
};

} // namespace wb
