#include "widgets/language.h"

#include <QSettings>

namespace wb {

QString chosenLanguage()
{
    return QSettings().value(QStringLiteral("language")).toString();
}

void chooseLanguage(const QString& language)
{
    QSettings().setValue(QStringLiteral("language"), language);
}

} // namespace wb
