// The window. `weightbench [CHECKPOINT]`
#include "core/base/file.h"
#include "widgets/pages/emptypage.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QIcon>
#include <QMainWindow>
#include <QSettings>

int main(int argc, char** argv)
{
    wb::prepareProcess();
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("weightbench"));
    QApplication::setApplicationName(QStringLiteral("weightbench"));
    QApplication::setApplicationVersion(QStringLiteral(WB_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QApplication::translate("main", "Looks into the weights of language models and edits them."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("checkpoint"),
                                 QApplication::translate("main", "folder, .safetensors or index to open"),
                                 QStringLiteral("[checkpoint]"));
    parser.process(application);

    const QString theme = QSettings().value(QStringLiteral("theme")).toString();
    wb::applyTheme(wb::themeByName(theme).value_or(wb::ThemeMode::System));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/weightbench.svg")));

    QMainWindow window;
    window.setCentralWidget(new wb::EmptyPage);
    window.resize(1440, 900);
    window.show();
    return QApplication::exec();
}
