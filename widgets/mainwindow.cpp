#include "widgets/mainwindow.h"

namespace wb {

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent)
{
    setWindowTitle(tr("Weightbench"));
}

} // namespace wb

#include "moc_mainwindow.cpp"
