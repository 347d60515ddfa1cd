// What a view shows when it has nothing to show: one calm sentence in the middle, what it means, and what to
// do.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace wb {

class StateView : public QWidget {
    Q_OBJECT
public:
    explicit StateView(QWidget* parent = nullptr);
    void say(const QString& title, const QString& explanation, const QString& button = {});

signals:
    void buttonClicked();

private:
    QLabel* m_title;
    QLabel* m_explanation;
    QPushButton* m_button;
};

} // namespace wb
