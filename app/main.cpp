// The window. `weightbench [CHECKPOINT]`, or `weightbench --pictures FOLDER
// CHECKPOINT`
#include "core/base/file.h"
#include "widgets/language.h"
#include "widgets/mainwindow.h"
#include "widgets/picturetour.h"
#include "widgets/theme.h"
#include "widgets/windows.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QIcon>
#include <QSettings>

#include <algorithm>
#include <string_view>

namespace {

// Pictures need no display: without one they are drawn in memory. Must be known
// before the application is made.
void chooseWithoutDisplay(int argc, char** argv)
{
    const bool pictures = std::any_of(argv, argv + argc, [](const char* argument) {
        return std::string_view(argument).starts_with("--pictures");
    });
    if (pictures && qEnvironmentVariableIsEmpty("DISPLAY") &&
        qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
}

int openWindow(const QStringList& paths)
{
    const QString theme = QSettings().value(QStringLiteral("theme")).toString();
    wb::applyTheme(wb::themeByName(theme).value_or(wb::ThemeMode::System));
    wb::Windows windows;
    wb::MainWindow& window = windows.open();
    if (paths.size() > 1)
        window.openWithRecipe(paths[0], paths[1]);
    else if (!paths.isEmpty())
        window.openPath(paths.front());
    return QApplication::exec();
}

// Before the parser is made, since its words are translated too.
QString languageOf(const QStringList& arguments)
{
    const qsizetype at = arguments.indexOf(QStringLiteral("--language"));
    return at >= 0 && at + 1 < arguments.size() ? arguments[at + 1] : QString();
}

} // namespace

int main(int argc, char** argv)
{
    wb::prepareProcess();
    chooseWithoutDisplay(argc, argv);
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("weightbench"));
    QApplication::setApplicationName(QStringLiteral("weightbench"));
    QApplication::setApplicationVersion(QStringLiteral(WB_VERSION));
    const QString language = languageOf(QApplication::arguments());
    wb::installLanguage(language.isEmpty() ? wb::chosenLanguage() : language);
    wb::applyTheme(wb::ThemeMode::System);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/weightbench.svg")));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QApplication::translate("main", "Looks into the weights of language models and edits them."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption pictures(QStringLiteral("pictures"),
                                      QApplication::translate("main",
                                                              "Save pictures of the first steps with "
                                                              "the checkpoint into a folder, and end."),
                                      QApplication::translate("main", "folder"));
    parser.addOption(pictures);
    parser.addOption({QStringLiteral("language"),
                      QApplication::translate("main", "Language of the window: en or ru (default: the system's)."),
                      QStringLiteral("en|ru")});
    parser.addPositionalArgument(QStringLiteral("checkpoint"),
                                 QApplication::translate("main", "folder, .safetensors or index to open"),
                                 QStringLiteral("[checkpoint]"));
    parser.addPositionalArgument(QStringLiteral("recipe"),
                                 QApplication::translate("main", "recipe to stage on it"), QStringLiteral("[recipe]"));
    parser.process(application);
    const QStringList paths = parser.positionalArguments();
    if (!parser.isSet(pictures)) return openWindow(paths);
    if (paths.size() != 1) parser.showHelp(2);
    return wb::takePictures(parser.value(pictures), paths.front());
}
