// The `Precompiled` normalizer: a table of SentencePiece, as published T5, XLM-R and ALBERT files hold it.
#pragma once

#include "core/text/parts.h"

namespace wb {

// Base64 of: u32 bytes of a double-array trie, the trie, then the replacements, each ended by a zero byte.
[[nodiscard]] Result<std::unique_ptr<const Normalizer>> makeCharsmap(std::string_view base64, const std::string& where);
// The same from its bytes, as GGUF stores it.
[[nodiscard]] Result<std::unique_ptr<const Normalizer>> makeCharsmapOfBytes(std::string_view bytes, const std::string& where);

} // namespace wb
