// How likely the model holds what follows.
#pragma once

#include "core/model/forward.h"

namespace wb {

constexpr std::size_t likelihoodRows = 256; // whose logits stand in memory at once

// −log p(next[i] | …) in nats for each row of hidden states (rows, width): logits in single precision, their sum in double.
// The head is computed in blocks of rows, so that memory stays bounded. NaN where the logits are NaN or all −∞.
void negativeLogLikelihoods(const Model& model, std::span<const float> hidden, std::span<const std::uint32_t> next, Precision precision,
                            std::vector<float>& scratch, std::span<double> out);

} // namespace wb
