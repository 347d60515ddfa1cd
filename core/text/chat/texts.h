// Python's operations on texts, by character. Private to core/text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wb::chat {

[[nodiscard]] std::vector<std::string_view> charactersOf(std::string_view text);
[[nodiscard]] std::size_t countCharacters(std::string_view text);
// Without the characters of `which` at the ends; "" stands for blanks, as Python counts them.
[[nodiscard]] std::string_view stripped(std::string_view text, std::string_view which, bool left, bool right);
[[nodiscard]] std::string lowered(std::string_view text);
[[nodiscard]] std::string raised(std::string_view text);
[[nodiscard]] std::string capitalized(std::string_view text);
[[nodiscard]] std::string titled(std::string_view text);
// An empty separator stands for runs of blanks. `most` splits (< 0: all), from the right end where `fromRight`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, std::string_view separator, std::int64_t most, bool fromRight);
[[nodiscard]] std::vector<std::string_view> splitLines(std::string_view text);
// At most `most` (< 0: all) of `what`, which may be empty. Empty optional-like: false when it gets longer than `longest`.
[[nodiscard]] bool replaced(std::string& out, std::string_view text, std::string_view what, std::string_view with, std::int64_t most, std::size_t longest);

// For HTML: & < > ' ".
[[nodiscard]] std::string escaped(std::string_view text);

// strftime in English, of the day that every rendering takes place at, so that a prompt is the same each day.
[[nodiscard]] std::string dateText(std::string_view format);

} // namespace wb::chat
