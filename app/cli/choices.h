// An option that takes one of a few words. CLI11's own validator shows what the words stand for, which are numbers and, of a
// small type, control characters.
#pragma once

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <string>
#include <vector>

namespace wb::cli {

template <typename Enum>
[[nodiscard]] CLI::Validator oneOf(const std::map<std::string, Enum>& choices)
{
    std::vector<std::string> words;
    for (const auto& [word, value] : choices)
        words.push_back(word);
    const std::string all = fmt::format("{}", fmt::join(words, "|"));
    return CLI::Validator(
        [choices, all](std::string& input) -> std::string {
            const auto found = choices.find(input);
            if (found == choices.end())
                return fmt::format("{} is none of {}", input, all);
            input = std::to_string(static_cast<int>(found->second));
            return {};
        },
        all);
}

} // namespace wb::cli
