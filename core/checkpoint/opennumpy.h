// Files of numpy as checkpoints: one array (.npy), or a zip of them (.npz), as JAX and published dictionaries of features are stored. What lies row
// after row is read in place.
#pragma once

#include "core/checkpoint/checkpoint.h"

#include <functional>

namespace wb {

// By its first bytes: an array, or a zip whose first entry is one.
[[nodiscard]] bool looksLikeNumpy(const File& file);

// Appends the file and those of its arrays that `wanted` names: an entry without its ".npy", a single array by the stem of its file. Arrays of
// objects, texts or records are left out with a warning. HeaderInvalid as of zip files, and for arrays whose size contradicts their header.
Result<void> addNumpyFile(CheckpointContent& content, File file, const std::string& name, const std::function<bool(const TensorInfo&)>& wanted);

} // namespace wb
