// Memory that the process holds, for the status line.
#pragma once

#include <QtGlobal>

namespace wb {

[[nodiscard]] quint64 processMemory(); // resident bytes; 0 = not known

} // namespace wb
