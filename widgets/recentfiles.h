// The checkpoints opened last, newest first, in the settings.
#pragma once

#include <QStringList>

namespace wb {

[[nodiscard]] QStringList recentFiles(); // at most nine; those that are gone are left out
void noteRecentFile(const QString& path);
void clearRecentFiles();

// A path as menus and buttons take it: an & in it marks no key.
[[nodiscard]] QString asMenuText(QString path);

} // namespace wb
