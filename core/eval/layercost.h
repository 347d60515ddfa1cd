// What each layer is worth to a text: the loss without it, paired with the loss of the whole model; and the loss as more and more
// layers are left out.
#pragma once

#include "core/eval/perplexity.h"
#include "core/eval/significance.h"
#include "core/model/model.h"
#include "core/recipe/recipe.h"
#include "core/tensor/tensorsource.h"

#include <functional>
#include <vector>

namespace wb {

struct LayerCost {
    std::vector<std::uint32_t> without; // layers that are left out
    double nll = 0, delta = 0;          // nats a token; delta: more than the whole model's
    Interval ci95;                      // of delta, paired
};

struct LayerCostOptions {
    PerplexityOptions text;
    std::uint64_t maxBytes = 0;     // of the weights and the run; 0: no limit
    std::uint64_t stateBytes = 0;   // of hidden states of the whole model that are kept: a layer then costs those from it on
    std::string where;              // names the checkpoint in errors
};
using OnLayerCost = std::function<void(const LayerCost&)>;

// Of every layer alone, in their order; told one by one. `model` is loaded from `source`. EditNotPossible where layers cannot be left out.
[[nodiscard]] Result<std::vector<LayerCost>> layerCosts(const SourcePtr& source, const ModelPtr& model, std::span<const std::uint32_t> tokens, const LayerCostOptions& options,
                                                        Progress& progress, const OnLayerCost& each = {});
// Without the first, the first two, … of `order`.
[[nodiscard]] Result<std::vector<LayerCost>> removalCurve(const SourcePtr& source, const ModelPtr& model, std::span<const std::uint32_t> order, std::span<const std::uint32_t> tokens,
                                                          const LayerCostOptions& options, Progress& progress, const OnLayerCost& each = {});
// A recipe that leaves them out.
[[nodiscard]] RecipePtr withoutLayers(std::span<const std::uint32_t> layers);

} // namespace wb
