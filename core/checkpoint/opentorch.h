// A file of torch.save (torchfile.h) as part of a checkpoint: pytorch_model.bin, its shards, a .pt or .pth with tensors in it.
#pragma once

#include "core/checkpoint/checkpoint.h"

#include <functional>

namespace wb {

// By its first bytes.
[[nodiscard]] bool looksLikeTorch(const File& file);

// Appends the file and its tensors of which `wanted` says that they are the model's. What is no tensor (an optimizer's numbers) becomes a
// warning; tensors whose elements do not lie one after the other are absent, with a warning.
Result<void> addTorchFile(CheckpointContent& content, File file, const std::string& name, const std::function<bool(const TensorInfo&)>& wanted);

} // namespace wb
