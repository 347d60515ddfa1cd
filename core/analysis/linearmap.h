// The linear map that stands in best for a stretch of layers, in a form that a checkpoint can hold: it is folded into the down
// matrix of the layer before (ReplaceMe: Shopkhoev et al. 2025, arXiv 2505.02819). With M what that feed-forward adds, L the
// stream behind its layer and N the stream behind the stretch, rows being tokens: T = (MᵀM + αI)⁻¹ Mᵀ (N + M − L), so that
// L − M + M·T is as near to N as can be.
#pragma once

#include "core/model/forward.h"

#include <cstdint>
#include <span>
#include <vector>

namespace wb {

struct LinearMapOptions {
    std::size_t window = 512;  // tokens the model sees at once
    double ridge = 0;          // α, in units of the mean of MᵀM's diagonal
    bool diagonal = false;     // one factor a channel
    bool excludeFirst = false; // the first token of each window, whose state often outweighs all others
};

struct LinearMap {
    std::size_t width = 0, tokens = 0;
    std::vector<float> values; // T (width, width)
    std::size_t rankUsed = 0;
    double removed = 0;        // ‖L − N‖ / ‖N‖: what leaving the stretch out misses
    double replaced = 0;       // ‖L − M + M·T − N‖ / ‖N‖
};

// For layers first … last, first ≥ 1. BadArgument when they are not there, when the tokens are fewer than the width without a ridge,
// or when a norm or a choice of experts stands behind the feed-forward. States in F32, sums in double. Progress in tokens.
[[nodiscard]] Result<LinearMap> computeLinearMap(const Model& model, std::span<const std::uint32_t> tokens, std::size_t first, std::size_t last, const LinearMapOptions& options,
                                                 Progress& progress);
[[nodiscard]] std::uint64_t linearMapBytes(const ModelConfig& config, const LinearMapOptions& options); // beside the weights

// The same of clouds in one piece, (rows, width) each; the golden is of this.
[[nodiscard]] Result<LinearMap> linearMapOf(std::span<const double> added, std::span<const double> before, std::span<const double> after, std::size_t rows, std::size_t width,
                                    const LinearMapOptions& options);

} // namespace wb
