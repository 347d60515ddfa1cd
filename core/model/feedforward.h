// The feed-forward part of a block: plain, gated, or a choice of gated experts per token.
#pragma once

#include "core/model/forward.h"

namespace wb {

// x, out: (rows, width). `inner` is scratch. The observer sees FeedForwardMix of plain and gated ones.
void feedForward(const LayerWeights& weights, const FeedForwardConfig& config, std::size_t layer, std::span<const float> x, std::size_t rows,
                 std::span<float> out, std::vector<float>& inner, const ForwardOptions& options, Product product);

} // namespace wb
