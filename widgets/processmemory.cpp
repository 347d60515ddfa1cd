#include "widgets/processmemory.h"

#include <QFile>
#include <QList>

#include <unistd.h>

namespace wb {

quint64 processMemory()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    const QList<QByteArray> pages = file.readAll().split(' ');
    return pages.size() < 2 ? 0 : pages[1].toULongLong() * static_cast<quint64>(sysconf(_SC_PAGESIZE));
}

} // namespace wb
