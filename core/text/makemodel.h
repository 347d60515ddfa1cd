// The model of a tokenizer from what was read of it.
#pragma once

#include "core/text/parts.h"
#include "core/text/tokenizerfile.h"

namespace wb {

// `kind` gets a name for people. The vocabulary of `file` must have been moved to `vocabulary`, which the model points to.
[[nodiscard]] Result<std::unique_ptr<const TextModel>> makeTextModel(const TokenizerFile& file, const Vocabulary& vocabulary,
                                                                     const std::string& where, std::string& kind);

// Fails when a part of a merge, or what it makes, is not in the vocabulary.
class MergeTable;
[[nodiscard]] Result<MergeTable> makeMergeTable(const MergeList& merges, const Vocabulary& vocabulary, std::size_t prefix,
                                                const std::string& where);

} // namespace wb
