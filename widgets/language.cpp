#include "widgets/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QTranslator>

namespace wb {

QString chosenLanguage()
{
    return QSettings().value(QStringLiteral("language")).toString();
}

void chooseLanguage(const QString& language)
{
    QSettings().setValue(QStringLiteral("language"), language);
}

// English has a translation too: of plural forms.
void installLanguage(const QString& named)
{
    const QString mark = QStringLiteral("installedLanguage");
    QCoreApplication* application = QCoreApplication::instance();
    qDeleteAll(application->findChildren<QTranslator*>(mark, Qt::FindDirectChildrenOnly));
    const QString language = named.isEmpty() ? QLocale::system().name().left(2) : named;
    const auto load = [&](const QString& name, const QString& folder) {
        auto* translator = new QTranslator(application);
        translator->setObjectName(mark);
        if (translator->load(name, folder)) QCoreApplication::installTranslator(translator);
    };
    load(QStringLiteral("qtbase_") + language, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    load(QStringLiteral("weightbench_en"), QStringLiteral(":/translations"));
    if (language != QLatin1String("en")) load(QStringLiteral("weightbench_") + language, QStringLiteral(":/translations"));
}

} // namespace wb
