// The keys of the window over the window, made from its actions: F1 or ?, and gone with any key.
#pragma once

#include <QDialog>

class QAction;

namespace wb {

class KeyMap : public QDialog {
    Q_OBJECT
public:
    KeyMap(const QList<std::pair<QString, QAction*>>& actions, QWidget* parent);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
};

} // namespace wb
