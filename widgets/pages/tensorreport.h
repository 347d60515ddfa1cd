// What the tensor page shows, computed in a job: statistics of original and patched with histograms over one
// range, and the middle one of the same role's other layers to compare with.
#pragma once

#include "core/analysis/statistics.h"
#include "core/model/roles.h"

#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace wb {

struct TensorRequest {
    SourcePtr original, patched;
    std::size_t tensor = 0;
    std::optional<std::pair<double, double>> range; // of the histograms; default: all values of both
    std::optional<std::size_t> neighbour;           // another tensor whose histogram is drawn too
    bool quick = false;                             // an edit is moving: estimates are welcome for wide types
    std::size_t bins = 121;
};

struct TensorReport {
    Statistics original;
    std::optional<Statistics> patched; // only when an edit touches the tensor
    std::optional<Histogram> neighbour;
};

[[nodiscard]] Result<TensorReport> computeTensorReport(const TensorRequest& request, StatisticsCache& cache,
                                                       Progress& progress);

// The tensors of the same role in other layers; empty when there are fewer than three.
[[nodiscard]] std::vector<std::size_t> otherLayers(std::span<const TensorRole> roles, std::size_t tensor);
// The one whose standard deviation is in the middle.
[[nodiscard]] Result<std::size_t> middleOf(const TensorSource& source,
                                           const std::vector<std::size_t>& tensors, StatisticsCache& cache,
                                           Progress& progress);

} // namespace wb
