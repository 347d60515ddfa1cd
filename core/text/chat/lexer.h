// A template as tokens. Blanks around tags go as transformers sets Jinja up: trim_blocks and lstrip_blocks on, "-" and "+"
// inside of a tag override them. Private to core/text.
#pragma once

#include "core/text/chat/problem.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wb::chat {

enum class TokenKind : std::uint8_t { Text, OutputBegin, OutputEnd, BlockBegin, BlockEnd, Name, String, Integer, Float, Operator, End };

struct Token {
    TokenKind kind = TokenKind::End;
    std::string text; // of a string: what it stands for
    std::size_t line = 1;
};

// Ends with a token End. After a problem the tokens are of no use.
[[nodiscard]] std::vector<Token> tokensOf(std::string_view source, Problem& problem);

} // namespace wb::chat
