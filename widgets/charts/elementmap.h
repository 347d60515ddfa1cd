// A tensor's elements as a picture, original and patched beside each other on one colour scale. The wheel
// zooms about the pointer down to single cells with their values, dragging pans, double click fits. It asks
// for the elements that it needs (windowRequested) and draws what it is given.
#pragma once

#include "core/analysis/elements.h"
#include "core/tensor/tensor.h"

#include <QImage>
#include <QWidget>

#include <optional>
#include <utility>

namespace wb {

class ElementMap : public QWidget {
    Q_OBJECT
public:
    explicit ElementMap(QWidget* parent = nullptr);

    // Another tensor: forgets the picture and the zoom.
    void setMatrix(const Matrix& matrix);
    void setHeading(const QString& text); // over the first picture, instead of "original"
    // `limit` is the value with full colour.
    void setBlocks(ElementBlock original, std::optional<ElementBlock> patched, double limit);
    // Of the whole matrix: drawn where the blocks do not reach; empty is none.
    void setOverview(ElementBlock original, std::optional<ElementBlock> patched);
    void clear();
    void fit();
    void goTo(std::uint64_t row, std::uint64_t col); // zooms to the cells around this one and outlines it
    void setBlinking(bool blinking); // the original is in the patched one's place while this is so

    [[nodiscard]] const Matrix& matrix() const { return m_matrix; }
    [[nodiscard]] const MatrixWindow& window() const { return m_window; }
    // More elements than this cannot be seen; half the width when there are two pictures.
    [[nodiscard]] QSize capacity(bool two) const;
    // "every element", "the largest of each 8 × 4" or, of a sample, "1 of 8 rows, 1 of 4 columns".
    [[nodiscard]] QString samplingText() const;
    // "row,column,original[,patched]" of the elements that were read for the picture.
    [[nodiscard]] QString numbers(QChar separator) const;
    [[nodiscard]] QSize sizeHint() const override { return {600, 220}; }

signals:
    void windowRequested();            // window() was zoomed, panned or needs other resolution
    void reading(const QString& text); // under the pointer; empty when it left
    void chosen(std::uint64_t row, std::uint64_t col); // clicked

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    static constexpr int headHeight = 20;  // "original", "patched"
    static constexpr int scaleHeight = 22; // colour scale with numbers
    static constexpr int gap = 12;         // between the two pictures

    // What one side is drawn from.
    struct Picture {
        ElementBlock block, overview;
        QImage image, overviewImage;
    };
    [[nodiscard]] QRectF area(bool patched) const;
    // The element of the tensor.
    [[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> elementAt(const QPointF& position) const;
    [[nodiscard]] QString readingAt(std::uint64_t row, std::uint64_t col) const;
    [[nodiscard]] QImage render(const ElementBlock& block) const;
    void renderAll();
    void paintPicture(QPainter& painter, const Picture& picture, const QRectF& area) const;
    [[nodiscard]] QRectF placeOf(const ElementBlock& block, const QRectF& area) const;
    void paintValues(QPainter& painter, const ElementBlock& block, const QRectF& area) const;
    void paintScale(QPainter& painter) const;
    void paintMark(QPainter& painter, const QRectF& area) const;
    void setWindow(MatrixWindow window);

    Matrix m_matrix;
    MatrixWindow m_window;
    Picture m_original;
    std::optional<Picture> m_patched;
    double m_limit = 0;
    QString m_heading;
    bool m_blinking = false;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> m_mark; // row and column that was gone to
    std::optional<QPointF> m_dragFrom;
    bool m_dragged = false; // further than a click may move
    MatrixWindow m_dragWindow;
};

} // namespace wb
