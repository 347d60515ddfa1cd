// How well typed letters fit a text: for the command palette.
#pragma once

#include <QString>

#include <optional>

namespace wb {

// Nothing unless the letters of `typed` appear in `text` in their order (spaces aside, whatever their case). Higher is
// better: letters side by side and at the beginnings of words count for more, a long text for less.
[[nodiscard]] std::optional<int> fuzzyScore(const QString& typed, const QString& text);

} // namespace wb
