// A selection of tensors as it is typed into a field.
#pragma once

#include "core/recipe/selector.h"

#include <QString>

namespace wb {

// Rather than parts of a name: what these cannot hold makes it one.
[[nodiscard]] bool isSelection(const QString& text);
// With what `@name` stands for in its place.
[[nodiscard]] Result<Selector> typedSelection(const QString& text);

} // namespace wb
