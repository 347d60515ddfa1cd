// GGUF files laid out anew: for tensors of another stored type, or as a split of other sizes.
#pragma once

#include "core/checkpoint/fileplan.h"

namespace wb {

// The layout's own files, each with its keys byte for byte, its tensors in their order, and new types and offsets.
// general.file_type, where it stands, becomes that of the new type. The error is one of reading a header again, or
// BadArgument for a type that ggml does not have.
[[nodiscard]] Result<std::vector<FilePlan>> newGgufFiles(const TensorSource& edited, const Checkpoint& layout);

// A split as llama.cpp writes it (tools/gguf-split): NAME-00001-of-00003.gguf, all keys in the first part, split.no,
// split.count and split.tensors.count in every part; one part is a plain NAME.gguf without those. NAME is that of the source.
// At most 65535 parts, which is what the keys can count (BadArgument).
[[nodiscard]] Result<std::vector<FilePlan>> splitGgufFiles(const TensorSource& edited, const Checkpoint& layout,
                                                           std::uint64_t shardBytes);

} // namespace wb
