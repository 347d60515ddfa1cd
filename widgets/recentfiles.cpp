#include "widgets/recentfiles.h"

#include <QFileInfo>
#include <QSettings>

namespace wb {
namespace {

constexpr int most = 9; // Ctrl+1 … Ctrl+9

QString key()
{
    return QStringLiteral("recentFiles");
}

} // namespace

QStringList recentFiles()
{
    QStringList files = QSettings().value(key()).toStringList();
    files.removeIf([](const QString& path) { return !QFileInfo::exists(path); });
    return files;
}

void noteRecentFile(const QString& path)
{
    QStringList files = QSettings().value(key()).toStringList();
    files.removeAll(path);
    files.prepend(path);
    QSettings().setValue(key(), QStringList(files.mid(0, most)));
}

void clearRecentFiles()
{
    QSettings().remove(key());
}

QString asMenuText(QString path) { return path.replace(QLatin1Char('&'), QLatin1String("&&")); }

} // namespace wb
