// A field for one number, and a field with a slider beside it. Takes "0.0625", "1/16", "1e-3"; empty is no
// number. Undo and redo stay with the window: what matters here is the recipe, not the typing.
#pragma once

#include <QLineEdit>
#include <QWidget>

#include <functional>
#include <optional>

class QLabel;
class QSlider;

namespace wb {

[[nodiscard]] std::optional<double> parseNumber(const QString& text);

class NumberField : public QLineEdit {
    Q_OBJECT
public:
    explicit NumberField(QWidget* parent = nullptr);
    [[nodiscard]] std::optional<double> value() const { return parseNumber(text()); }
    [[nodiscard]] bool isValid() const { return text().trimmed().isEmpty() || value(); }
    void setValue(const std::optional<double>& value);

protected:
    bool event(QEvent* event) override;
};

// The share of a percentage that percentOf() made; one that was not touched stays the same double.
[[nodiscard]] double fromPercent(double percent, double before);

// How slider positions (−1 … 1) stand for numbers; nullopt = no number there.
struct SliderScale {
    std::function<std::optional<double>(double position)> toValue;
    std::function<double(const std::optional<double>& value)> toPosition;
};
// 1/256 … 256 with 1 in the middle; sticks to powers of two.
[[nodiscard]] SliderScale factorScale();
// low … high in a thousand even steps.
[[nodiscard]] SliderScale linearScale(double low, double high);
// −extent … extent, finer around 0.
[[nodiscard]] SliderScale signedScale(double extent);
// low … high; the first position (lower bound) or the last (upper bound) is no bound at all.
[[nodiscard]] SliderScale boundScale(double low, double high, bool isLower);

class NumberRow : public QWidget {
    Q_OBJECT
public:
    explicit NumberRow(QWidget* parent = nullptr);
    void setup(const QString& label, const SliderScale& scale, const QString& placeholder = {});
    void setValue(const std::optional<double>& value);
    [[nodiscard]] std::optional<double> value() const { return m_field->value(); }
    [[nodiscard]] bool isValid() const { return m_field->isValid(); }
    [[nodiscard]] NumberField* field() const { return m_field; }

signals:
    void edited(); // by the user

private:
    void placeSlider();

    SliderScale m_scale;
    QLabel* m_label;
    QSlider* m_slider;
    NumberField* m_field;
};

} // namespace wb
