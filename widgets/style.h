// Small pieces that every page is made of, in the words of the style sheet.
#pragma once

#include <QFrame>
#include <QString>
#include <QVariant>

class QHBoxLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace wb {

// The style sheet reads properties when a widget is polished only; this polishes again.
void setStyleProperty(QWidget* widget, const char* name, const QVariant& value);

[[nodiscard]] QLabel* captionLabel(const QString& text = {}, QWidget* parent = nullptr);
[[nodiscard]] QLabel* headingLabel(const QString& text, QWidget* parent = nullptr);
// Elided in the middle of the row instead of widening the page; its tool tip holds the whole.
[[nodiscard]] QLabel* shrinkingLabel(QWidget* parent = nullptr);
[[nodiscard]] QToolButton* flatButton(const QString& text, QWidget* parent = nullptr);

// A text that wraps, in the middle half of the width. An aligned layout item would be cut: it knows no height
// for width.
[[nodiscard]] QHBoxLayout* inTheMiddle(QLabel* text);

// A panel with a head line: heading, then whatever tools are added to head().
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(const QString& heading, QWidget* parent = nullptr);
    [[nodiscard]] QHBoxLayout* head() const { return m_head; } // add widgets at its end
    [[nodiscard]] QVBoxLayout* body() const { return m_body; }
    void setHeading(const QString& heading);

private:
    QLabel* m_heading;
    QHBoxLayout* m_head;
    QVBoxLayout* m_body;
};

} // namespace wb
