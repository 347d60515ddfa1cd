// The checkpoints opened last, newest first, in the settings.
#pragma once

#include <QStringList>

namespace wb {

[[nodiscard]] QStringList recentFiles(); // at most nine; those that are gone are left out
void noteRecentFile(const QString& path);
void clearRecentFiles();

} // namespace wb
