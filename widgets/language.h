// The language of the window: that of the system, or the one chosen in the menu; taken at the start.
#pragma once

#include <QString>

namespace wb {

[[nodiscard]] QString chosenLanguage(); // "en", "ru", or empty: the system's
void chooseLanguage(const QString& language);

} // namespace wb
