// Vocabulary files that stand beside a checkpoint where there is no tokenizer.json: SentencePiece's (tokenizer.model, spiece.model,
// sentencepiece.bpe.model) and tiktoken's (*.tiktoken, and the tokenizer.model of Llama 3). Private to core/text.
#pragma once

#include "core/text/parts.h"

#include <filesystem>

namespace wb {

// The file of a folder, by its usual names; nothing when none is there.
[[nodiscard]] std::optional<std::filesystem::path> vocabularyFileOf(const std::filesystem::path& folder);

// Parts of a SentencePiece model: BPE by scores or unigram, with its normalizer. What is put around a text is what the file's kind usually
// has - a bos before BPE, an eos behind unigram - unless tokenizer_config.json in the folder says add_bos_token or add_eos_token.
[[nodiscard]] Result<TokenizerParts> partsOfSentencePiece(std::string_view bytes, const std::string& where);

// Parts of lines "base64-of-piece rank". The pattern that cuts a text is not in such a file: it is known by the number of ranks (Llama 3,
// cl100k, o200k), otherwise taken to be Qwen's; the same for special tokens, which tokenizer_config.json names as added_tokens_decoder.
[[nodiscard]] Result<TokenizerParts> partsOfTiktoken(std::string_view text, const std::string& where);
[[nodiscard]] bool looksLikeTiktoken(std::string_view text);

} // namespace wb
