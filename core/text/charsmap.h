// The table by which SentencePiece normalises, as published T5, XLM-R and ALBERT files hold it: the `Precompiled` normalizer of tokenizer.json,
// whose library goes through it in its own way, and that of SentencePiece's files and GGUF.
#pragma once

#include "core/text/parts.h"

namespace wb {

// Base64 of: u32 bytes of a double-array trie, the trie, then the replacements, each ended by a zero byte.
[[nodiscard]] Result<std::unique_ptr<const Normalizer>> makeCharsmap(std::string_view base64, const std::string& where);
// The same from its bytes, and as SentencePiece itself goes through it.
[[nodiscard]] Result<std::unique_ptr<const Normalizer>> makeCharsmapOfBytes(std::string_view bytes, const std::string& where);

} // namespace wb
