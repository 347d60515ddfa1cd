// What becomes of a text where a pattern matches.
#pragma once

#include "core/text/textpattern.h"
#include "core/text/tracedtext.h"

namespace wb {

enum class SplitBehavior : std::uint8_t { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };

// Appends the parts of `text` to `out`. `invert`: what lies between the matches counts as matched.
void splitAt(const TextView& text, std::span<const TextPattern::Match> matches, SplitBehavior behavior, bool invert,
             std::vector<TextView>& out);

} // namespace wb
