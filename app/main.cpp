// The window.
#include "widgets/mainwindow.h"

#include <QApplication>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    wb::MainWindow window;
    window.show();
    return QApplication::exec();
}
