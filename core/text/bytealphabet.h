// The byte-level alphabet of GPT-2: every byte as a printable character, so that pieces are text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wb {

// UTF-8 of the character that stands for the byte.
[[nodiscard]] std::string_view alphabetOf(std::uint8_t byte);
[[nodiscard]] std::optional<std::uint8_t> byteOfAlphabet(char32_t code);
void appendAlphabet(std::string& text, std::string_view bytes);

} // namespace wb
