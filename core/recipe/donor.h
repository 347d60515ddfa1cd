// The checkpoint that a transplanted layer comes from: named by its path, bound by the hash of that layer. Checkpoints stay open and
// layers hashed between calls, until their files change; every function is safe from any thread.
#pragma once

#include "core/base/progress.h"
#include "core/checkpoint/checkpoint.h"
#include "core/recipe/layeredit.h"

#include <filesystem>
#include <span>
#include <vector>

namespace wb {

// SHA-256 over name (without the number of the layer), stored type, shape and bytes of each tensor of a layer, in name order: the same
// wherever the layer stands and however its checkpoint is cut into files. EditNotPossible when there is no such layer.
[[nodiscard]] Result<std::string> layerHash(const TensorSource& source, std::uint32_t layer, Progress& progress);

// For an edit that is being made: opens the checkpoint and hashes the layer. Errors of opening as they are.
[[nodiscard]] Result<LayerDonor> donorOf(const std::filesystem::path& checkpoint, std::uint32_t layer, Progress& progress);

// The checkpoint of a transplant, whose layer has the hash that the edit is bound to. EditNotPossible (at `where`) when it cannot be
// opened or is another one now.
[[nodiscard]] Result<CheckpointPtr> openDonor(const LayerEdit& edit, const Sentence& where, Progress& progress);
// Of all enabled transplants; reads what was not read before.
[[nodiscard]] Result<void> openDonors(const Recipe& recipe, Progress& progress);

// Tensor by tensor of one layer of the base: what stands in its place, in the base's stored type (floats are rounded to nearest even).
// EditNotPossible, with the numbers, when the layers do not have the same tensors in the same shapes and types that can be converted.
struct DonatedTensor {
    SourcePtr source;
    std::size_t tensor = 0;
};
[[nodiscard]] Result<std::vector<DonatedTensor>> donated(const CheckpointPtr& donor, const LayerEdit& edit, const Sentence& where, const TensorSource& base,
                                                         std::span<const std::size_t> place);

// Which layer of the base the config must speak of for the transplanted one to run as it did: its window and rotary positions go with it.
// The place itself where one of the two does not run here. EditNotPossible when heads, family or norms differ or no layer is of its kind.
[[nodiscard]] Result<std::uint32_t> layerAlike(const Json& base, const Checkpoint& donor, const LayerEdit& edit, const Sentence& where);

// The number of a layer in a name as '#': "model.layers.#.mlp.down_proj.weight".
[[nodiscard]] std::string withoutNumber(const std::string& name, std::uint32_t layer);

} // namespace wb
