// How much a figure of a text changes between two models, with its 95 % interval: paired, so that what both sides have in common does
// not widen it.
#pragma once

#include <span>

namespace wb {

struct PairedChange {
    double delta = 0, low = 0, high = 0; // NaN bounds of fewer than two observations
};

// `delta` of a figure on which observation i has the influence a[i] on one side and b[i] on the other (of a mean of n: its distance from
// the mean over n; of a smooth function of means: its linear approximation). delta ± 1.96 · √(n/(n − 1) · Σ(b − a)²), which is the usual
// standard error where the figure is a mean. As many of a as of b.
[[nodiscard]] PairedChange pairedChange(double delta, std::span<const double> a, std::span<const double> b);

} // namespace wb
