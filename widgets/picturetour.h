// `weightbench --pictures FOLDER CHECKPOINT`: walks the first steps of the tutorial by itself and saves a
// picture of the window at each, on the light and the dark theme. Needs no display.
#pragma once

#include <QString>

namespace wb {

// Returns the exit code; says on standard error what went wrong, on standard output what was written.
[[nodiscard]] int takePictures(const QString& folder, const QString& checkpoint);

} // namespace wb
