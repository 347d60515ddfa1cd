// A line across a page: what went wrong, or what stands out, and what can be done about it. Hidden until it
// is told something.
#pragma once

#include "core/base/error.h"

#include <QFrame>

#include <functional>

class QLabel;
class QPushButton;
class QToolButton;

namespace wb {

class Banner : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Error, Warning, Calm };

    explicit Banner(QWidget* parent = nullptr);

    // `text` may be rich; links are told by linkActivated. `closable` leaves it to the user to take it away.
    void say(Kind kind, const QString& text, bool closable = true);
    void sayError(const Error& error); // Cancelled says nothing
    // A button at the end; an empty text takes it away.
    void offer(const QString& buttonText, std::function<void()> action);
    void clear();
    [[nodiscard]] QString text() const;

signals:
    void linkActivated(const QString& link);

protected:
    void changeEvent(QEvent* event) override;

private:
    QLabel* m_text;
    QPushButton* m_button;
    QToolButton* m_close;
    std::function<void()> m_action;
};

} // namespace wb
