// A sentence for people as data: an English template that the window translates, and what fills it. As with errors, so
// that no reason is made of glued words.
#pragma once

#include "core/base/error.h"

#include <string>
#include <utility>
#include <vector>

namespace wb {

struct Sentence {
    const char* text = "";         // a literal marked with CORE_TEXT; holds %1, %2, …
    std::vector<std::string> args;

    [[nodiscard]] bool empty() const { return *text == 0; }
    [[nodiscard]] std::string english() const { return fillTemplate(text, args); }
};

} // namespace wb
