// The one way in: a folder in Hugging Face layout, a .safetensors, a model.safetensors.index.json, a .gguf or any part of a
// split one, a folder of these.
#pragma once

#include "core/checkpoint/checkpoint.h"

#include <filesystem>

namespace wb {

struct OpenOptions {
    // Soft caps on hostile headers: 1,000,000 tensors, rank 32, names of 4,096 bytes, 16 MiB of metadata.
    bool limits = true;
};

// Reads and checks headers, never tensors. Safe from any thread.
[[nodiscard]] Result<CheckpointPtr> openCheckpoint(const std::filesystem::path& path,
                                                   const OpenOptions& options = {});

} // namespace wb
