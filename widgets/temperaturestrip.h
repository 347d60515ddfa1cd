// A strip of cells, one for each token of a generated text: the warmer, the higher the temperature it was drawn by. Shown only where
// a rule gives each token its own.
#pragma once

#include "core/model/decoding.h"

#include <QWidget>

#include <vector>

namespace wb {

class TemperatureStrip : public QWidget {
    Q_OBJECT
public:
    explicit TemperatureStrip(QWidget* parent);

    // A run by this rule begins; the strip shows itself or hides.
    void begin(const SamplingOptions& options);
    void append(const GeneratedToken& token);
    [[nodiscard]] const std::vector<double>& temperatures() const { return m_temperatures; }
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void hovered(int token, const QRect& at); // −1: none; `at` in this widget

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    [[nodiscard]] QRectF cell(std::size_t token) const;

    std::vector<double> m_temperatures;
    double m_most = 0; // the warmest that the rule can give
    int m_hovered = -1;
};

} // namespace wb
