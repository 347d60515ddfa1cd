// GGUF files as a checkpoint: one file, or all parts of a split.
#pragma once

#include "core/checkpoint/checkpoint.h"

namespace wb {

// Names of all parts of the split that `name` is one of, in order; `name` alone otherwise.
[[nodiscard]] std::vector<std::string> partsOf(const std::string& name);

// Reads the files `names` of `folder` into `content`. The parts of a split must be those that it announces, each in its
// place; a missing one is a warning, and its tensors are absent.
[[nodiscard]] Result<void> readGgufFiles(CheckpointContent& content, const std::filesystem::path& folder,
                                         const std::vector<std::string>& names, bool limits);

} // namespace wb
