// The window.
#include "widgets/mainwindow.h"
#include "widgets/theme.h"

#include <QApplication>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    wb::applyTheme(wb::ThemeMode::System);
    wb::MainWindow window;
    window.show();
    return QApplication::exec();
}
