// GGUF files laid out anew for tensors of another stored type.
#pragma once

#include "core/checkpoint/fileplan.h"

namespace wb {

// The layout's own files, each with its keys byte for byte, its tensors in their order, and new types and offsets.
// general.file_type, where it stands, becomes that of the new type. The error is one of reading a header again, or
// BadArgument for a type that ggml does not have.
[[nodiscard]] Result<std::vector<FilePlan>> newGgufFiles(const TensorSource& edited, const Checkpoint& layout);

} // namespace wb
