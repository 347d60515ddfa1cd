// The language of the windows: that of the system, or the one chosen in the menu. GUI thread only.
#pragma once

#include <QString>

namespace wb {

[[nodiscard]] QString chosenLanguage(); // "en", "ru", or empty: the system's
void chooseLanguage(const QString& language);
// From here on tr() speaks the named language; empty: the system's. What is on the screen stays as it was (windows.h).
void installLanguage(const QString& named);

} // namespace wb
