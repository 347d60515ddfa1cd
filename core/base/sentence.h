// A sentence for people as data: an English template that the window translates, and what fills it. As with errors, so
// that no reason is made of glued words.
#pragma once

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

// Marks a text of core for lupdate (run with -tr-function-alias QT_TRANSLATE_NOOP+=CORE_TEXT).
#define CORE_TEXT(context, text) text

namespace wb {

// Replaces %1 … %9. The window calls it with translated templates.
[[nodiscard]] std::string fillTemplate(const std::string& text, const std::vector<std::string>& args);

struct Sentence {
    const char* text = "";         // a literal marked with CORE_TEXT; holds %1, %2, …
    std::vector<std::string> args;

    [[nodiscard]] bool empty() const { return *text == 0; }
    [[nodiscard]] std::string english() const { return fillTemplate(text, args); }
};

// said(CORE_TEXT("reasons", "%1 bytes are more than %2"), bytes, most): names and numbers as fmt writes them.
template <typename... Args>
[[nodiscard]] Sentence said(const char* text, const Args&... args)
{
    return {text, {fmt::format("{}", args)...}};
}

} // namespace wb
