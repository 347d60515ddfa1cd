// Asks for a checkpoint, as every view does that takes one.
#pragma once

#include <QString>

class QWidget;

namespace wb {

[[nodiscard]] QString checkpointFilter(); // the files that a dialog offers, as QFileDialog takes it
// A file is chosen, since a folder's dialog shows none; of a checkpoint in a folder this is the folder. Empty: none was chosen.
[[nodiscard]] QString askForCheckpoint(QWidget& parent, const QString& title);

} // namespace wb
