// How well each layer is a linear map of the stream it is given (LLM-Microscope: Razzhigaev et al. 2024, arXiv 2405.12250), over a
// text: pooled R² of the best affine map from the states before the layer to those after it, in double precision from sums that
// grow as the text is read.
#pragma once

#include "core/model/forward.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace wb {

struct LinearityOptions {
    std::size_t window = 512;       // tokens the model sees at once
    Precision precision = Precision::F32;
    bool excludeFirst = false;      // the first token of each window: often a massive activation that makes all the rest look linear
    bool referenceCompatible = false; // no cutoff of small directions, as the reference's code
    std::size_t sample = 1024;      // tokens whose states are kept, evenly over the text, for intervals and intrinsic dimension
    std::size_t mapTokens = 0;      // of so many tokens at the beginning the error of the best map is told one by one
};

struct LayerLinearity {
    std::size_t from = 0, to = 0;   // states: 0 enters the first block, `to` = layers is behind the final norm
    double score = 0;               // 1 − min ‖X̃A − Ỹ‖² over all A, clouds centred and of norm 1
    double adjusted = 0;            // for the number of tokens: 1 − (1 − R²)(N − 1)/(N − d − 1)
    double withoutResidual = 0;     // the same of the block's own contribution Y − X
    double withoutResidualAdjusted = 0;
    double ciLow = 0, ciHigh = 0;   // 95 % of score, by splitting the text (splitinterval.h)
    double anisotropy = 0;          // of the states before: share of the variance in one direction
    double intrinsicDimension = 0;  // of the states before (TwoNN); NaN when most tokens have a twin, as embeddings do
    double normRatio = 0;           // mean length of the contribution over mean length of the stream after it
    std::size_t rankUsed = 0;       // directions of X above the cutoff
    double condition = 0;           // largest over smallest singular value of the centred X
    bool afterFinalNorm = false;
    std::vector<double> influence;  // of each kept token: their mean moves the score
};

struct LinearityReport {
    std::size_t tokens = 0, width = 0;
    double chanceFloor = 0;         // score of unrelated clouds: d/(N − 1)
    std::size_t sampled = 0;        // tokens behind intervals and intrinsic dimension
    std::vector<LayerLinearity> layers;
    // (layers, mapTokens): ‖x̃A − ỹ‖ of a token, its non-linearity in arXiv 2502.15007; the squares of all tokens sum to 1 − score.
    std::vector<float> tokenErrors;
    std::size_t mapTokens = 0;      // told apart; without the first of a window when that is excluded
    double seconds = 0;
    [[nodiscard]] bool fewTokens() const { return tokens < 3 * width; } // adjusted figures are then rough
};

// BadArgument when there are not more tokens than the width and one (every score would be 1), LogitsNotFinite for states that are
// not finite. Progress in tokens. `sofar` is told the figures of the tokens read, whenever their number has doubled.
[[nodiscard]] Result<LinearityReport> computeLinearity(const Model& model, std::span<const std::uint32_t> tokens, const LinearityOptions& options,
                                                       Progress& progress, const std::function<void(LinearityReport)>& sofar = {});

// Score of b less that of a with its 95 % interval, step by step: paired, so that what the two have in common does not widen it.
// Empty when they were not read on the same tokens.
struct LinearityChange {
    double delta = 0, low = 0, high = 0;
};
[[nodiscard]] std::vector<LinearityChange> linearityChange(const LinearityReport& a, const LinearityReport& b);
// What it takes beside the weights.
[[nodiscard]] std::uint64_t linearityBytes(const ModelConfig& config, const LinearityOptions& options);

// Of two clouds (rows, cols) in one piece, for a text of one's own states; the goldens are of these.
[[nodiscard]] Result<LayerLinearity> linearityOf(std::span<const double> x, std::span<const double> y, std::size_t rows, std::size_t cols, bool referenceCompatible = false);

} // namespace wb
