// What the user typed and chose in a window: taken from it before it is made anew in another language, and put into the new
// one as if typed again. GUI thread only.
#pragma once

#include <QString>
#include <QVariant>

#include <any>
#include <map>

class QWidget;

namespace wb {

// A widget that has something to keep besides its fields: results, choices that a field cannot say. What it gives is
// taken by its successor, which has the same type, before the fields are filled.
class KeepsState {
public:
    virtual ~KeepsState() = default;
    [[nodiscard]] virtual std::any kept() const = 0;
    virtual void take(const std::any& state) = 0;
};

// A combo box with this property is left to the KeepsState above it: choosing may ask for a file.
inline constexpr const char* choiceOfOwner = "choiceOfOwner";

class FormState {
public:
    FormState() = default;
    explicit FormState(const QWidget& root);
    // Fields that are not there any more are passed over.
    void applyTo(QWidget& root) const;

private:
    struct Choice { // of a combo box
        int index = -1;
        QVariant data;
        QString text;
    };
    void read(const QWidget& widget, const QString& path);
    void fillChoices(QWidget& widget, const QString& path) const;
    void fillTexts(QWidget& widget, const QString& path) const;

    std::map<QString, std::any> m_kept;    // of a KeepsState
    std::map<QString, QVariant> m_values;  // text, number, checked or page in front
    std::map<QString, Choice> m_choices;
};

} // namespace wb
