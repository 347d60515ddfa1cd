// The third part of the edit panel: which elements of the chosen tensors are edited, how much of the change is
// made, and the group that the edit belongs to.
#pragma once

#include "core/recipe/edit.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace wb {

class NumberRow;

// "0:10" (the end is not included, as in Python) or "3" alone.
[[nodiscard]] std::optional<IndexRange> parseRange(const QString& text);
// "0,4-7" (both ends included, as `layer=` takes them).
[[nodiscard]] std::optional<std::vector<std::uint32_t>> parseNumbers(const QString& text);

class ElementsForm : public QWidget {
    Q_OBJECT
public:
    explicit ElementsForm(QWidget* parent = nullptr);

    // Nothing while a field cannot be read; the field is marked.
    [[nodiscard]] std::optional<Elements> elements() const;
    [[nodiscard]] double strength() const; // 0 … 2
    [[nodiscard]] bool isValid() const;
    [[nodiscard]] QString group() const;
    void load(const Edit& edit); // elements, strength and group
    void reset();                // all elements, full strength, no group

signals:
    void edited(); // by the user

private:
    enum class Part { All, Top, Bottom, Quantile };

    QLineEdit* addPlace(const QString& label, const QString& example, const char* name);
    [[nodiscard]] Part part() const;
    [[nodiscard]] std::optional<ValueBand> band() const;
    [[nodiscard]] bool bandValid() const;
    void showPart();
    void showMore(bool shown);

    Edit m_loaded; // its shares stay as they are unless they are typed anew
    QComboBox* m_part;
    QComboBox* m_measure;
    NumberRow* m_low;
    NumberRow* m_high;
    NumberRow* m_strength;
    QWidget* m_more;
    QLineEdit* m_rows;
    QLineEdit* m_cols;
    QLineEdit* m_heads;
    QLineEdit* m_experts;
    QLineEdit* m_fusedPart;
    QLineEdit* m_group;
};

} // namespace wb
