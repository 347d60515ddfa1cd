// The window: its docks, pages and menus, and the wiring between them.
#pragma once

#include <QMainWindow>

namespace wb {

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
};

} // namespace wb
