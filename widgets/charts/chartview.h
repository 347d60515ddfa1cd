// What all charts have in common: our colours, an exact reading under the pointer, wheel zooms, drag pans,
// double click fits, and a context menu with copy image, save picture, copy numbers and save CSV.
#pragma once

#include <QChartView>

#include <optional>
#include <utility>

class QCategoryAxis;
class QLabel;

namespace wb {

struct ChartExport;

class ChartView : public QChartView {
    Q_OBJECT
public:
    explicit ChartView(QWidget* parent = nullptr);

    // Title of exported pictures, and the stem of file names; on screen the card's heading says it.
    void setExportTitle(const QString& title) { m_exportTitle = title; }
    // Said in the middle while there is nothing to draw.
    void setPlaceholder(const QString& text);
    bool savePicture(const QString& path); // .svg or .png by its name
    // The series as a table of text, first line the names.
    [[nodiscard]] virtual QString numbers(QChar separator) const = 0;

signals:
    void rangeRequested(double low, double high); // of the horizontal axis
    void fitRequested();

protected:
    // Colours of axes and series; called at once and at every change of theme.
    virtual void restyle();
    // The reading at a place on the horizontal axis; empty shows nothing.
    [[nodiscard]] virtual QString readingAt(double x) const = 0;
    [[nodiscard]] virtual std::optional<std::pair<double, double>> horizontalRange() const = 0;
    void styleAxis(QCategoryAxis& axis) const;
    void hideReading();

    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;

private:
    [[nodiscard]] std::optional<double> valueAt(const QPointF& position) const;
    void showReading(const QPointF& position);
    [[nodiscard]] ChartExport exported();

    QString m_exportTitle, m_placeholder;
    QLabel* m_reading;
    std::optional<double> m_hair; // scene x of the line under the pointer
    std::optional<double> m_dragged;
};

} // namespace wb
