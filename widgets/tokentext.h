// Tokens as the window writes them: what cannot be seen has a sign.
#pragma once

#include "core/text/tokenizer.h"

#include <QString>

namespace wb {

// Blanks and line ends as "·" "→" "⏎", control characters as "\\x07".
[[nodiscard]] QString visibleText(const QString& text);
// What one token stands for; the bytes of a piece of a character.
[[nodiscard]] QString tokenText(const Tokenizer& tokenizer, TokenId id);

} // namespace wb
