// UTF-8 and the few properties of characters that tokenizers ask for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wb::unicode {

// Offset of the first byte that is not part of a well-formed character.
[[nodiscard]] std::optional<std::size_t> firstInvalid(std::string_view text);

struct Character {
    char32_t code = 0;
    std::uint32_t bytes = 1;
};
// The character that begins at `at`; the text must be valid.
[[nodiscard]] inline Character characterAt(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return {first, 1};
    if (first < 0xE0)
        return {((first & 0x1FU) << 6) | (byte(1) & 0x3FU), 2};
    if (first < 0xF0)
        return {((first & 0x0FU) << 12) | ((byte(1) & 0x3FU) << 6) | (byte(2) & 0x3FU), 3};
    return {((first & 0x07U) << 18) | ((byte(1) & 0x3FU) << 12) | ((byte(2) & 0x3FU) << 6) | (byte(3) & 0x3FU), 4};
}
// The character that ends before `end` (> 0).
[[nodiscard]] Character characterBefore(std::string_view text, std::size_t end);

void append(std::string& text, char32_t code);
[[nodiscard]] std::string utf8(char32_t code);
// Bytes that are not UTF-8 become U+FFFD, one for each maximal broken part.
[[nodiscard]] std::string repaired(std::string_view bytes);

// Where the reference's Unicode is older than ours a character has the class that the reference gives it.
[[nodiscard]] bool isWhiteSpace(char32_t code);  // the property White_Space
[[nodiscard]] bool isWord(char32_t code);        // letters, marks, digits, connectors, joiners
[[nodiscard]] bool isControl(char32_t code);     // categories Cc, Cf, Co
[[nodiscard]] bool isPunctuation(char32_t code); // categories P*
[[nodiscard]] bool isBertPunctuation(char32_t code); // those and all ASCII signs
[[nodiscard]] bool isNumber(char32_t code);      // categories N*
[[nodiscard]] bool isMark(char32_t code);        // category Mn
[[nodiscard]] bool isAnyMark(char32_t code);     // categories M*
[[nodiscard]] bool isCombining(char32_t code);   // may join the character before it when composed
void appendLower(std::string& text, char32_t code);

enum class Form : std::uint8_t { Nfc, Nfd, Nfkc, Nfkd };
[[nodiscard]] std::string normalized(std::string_view text, Form form);

} // namespace wb::unicode
