// A sentence for people as data: an English template that the window translates, and what fills it. As with errors, so
// that no reason is made of glued words.
#pragma once

#include <fmt/core.h>

#include <string>
#include <type_traits>
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
    std::vector<std::pair<std::size_t, Sentence>> told = {}; // args that are sentences, of the context "reasons", by position: args hold their English

    [[nodiscard]] bool empty() const { return *text == 0; }
    [[nodiscard]] std::string english() const { return fillTemplate(text, args); }
};

// To the arguments of a Sentence or an Error: a Sentence stays one, names and numbers are written as fmt does.
template <typename Words, typename Arg>
void addArgument(Words& words, const Arg& argument)
{
    if constexpr (std::is_same_v<Arg, Sentence>) {
        words.args.push_back(argument.english());
        words.told.emplace_back(words.args.size() - 1, argument);
    } else {
        words.args.push_back(fmt::format("{}", argument));
    }
}

// said(CORE_TEXT("reasons", "%1 bytes are more than %2"), bytes, most)
template <typename... Args>
[[nodiscard]] Sentence said(const char* text, const Args&... args)
{
    Sentence sentence{text, {}};
    (addArgument(sentence, args), ...);
    return sentence;
}

} // namespace wb
