// Shared by the two readers of tokenizers; private to core/text, its tests and the fuzzer.
#pragma once

#include "core/text/parts.h"

namespace wb {

class StageFields;
class File;

[[nodiscard]] Result<TokenizerPtr> tokenizerOfText(std::string_view json, const std::string& where);
// With the names in the files beside it.
[[nodiscard]] Result<TokenizerPtr> tokenizerOfFile(const std::filesystem::path& path);
// From a vocabulary file (sentencepiece.h), with tokenizer_config.json beside it.
[[nodiscard]] Result<TokenizerPtr> tokenizerOfVocabulary(const std::filesystem::path& path);
// Which pieces bos, eos, unknown and padding are, by special_tokens_map.json and tokenizer_config.json.
[[nodiscard]] Result<void> readNames(const std::filesystem::path& folder, TokenizerParts& parts);
// From the keys of its header.
[[nodiscard]] Result<TokenizerPtr> tokenizerOfGguf(const File& file);

[[nodiscard]] std::optional<TokenId> findPiece(const TokenizerParts& parts, std::string_view piece);
// The normalizers must be there already.
[[nodiscard]] Result<void> addToken(TokenizerParts& parts, AddedToken token, const std::string& where);
// `single` of TemplateProcessing.
[[nodiscard]] Result<void> readTemplate(StageFields& fields, std::vector<TokenId>& before, std::vector<TokenId>& after);

} // namespace wb
