// Which elements of a selected tensor an edit touches: by place (rows, columns, heads, experts, a part that is stored fused), by value (the top or
// bottom share, a band between two quantiles), or both; then the shares are of the elements at those places.
#pragma once

#include "core/analysis/fusedparts.h"
#include "core/analysis/profile.h"
#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wb {

enum class Measure : std::uint8_t { Value, Magnitude };

// Elements whose measure lies between two quantiles, bounds included. Top p: from quantile 1 − p up; bottom p: up to
// quantile p. Every element that equals a bound belongs to it, so ties can make the band larger than its share.
struct ValueBand {
    enum class Kind : std::uint8_t { Top, Bottom, Quantile };
    Kind kind = Kind::Top;
    double low = 0, high = 1; // quantiles for Quantile; Top and Bottom keep their share in `low`
    Measure of = Measure::Value;
    bool operator==(const ValueBand&) const = default;
};

struct IndexRange {
    std::uint64_t first = 0, end = 0; // `end` is not included
    bool operator==(const IndexRange&) const = default;
};

struct Elements {
    std::optional<IndexRange> rows, cols;       // of the 2-D view
    std::vector<std::uint32_t> heads, experts;  // empty: all
    std::string part;                           // of a tensor that holds several matrices as one: "q_proj" (fusedparts.h); empty: all
    std::optional<ValueBand> band;
    [[nodiscard]] bool hasPlaces() const { return rows || cols || !heads.empty() || !experts.empty() || !part.empty(); }
    [[nodiscard]] bool all() const { return !hasPlaces() && !band; }
    bool operator==(const Elements&) const = default;
};

[[nodiscard]] std::string describe(const Elements& elements);  // language-neutral: "[0:2, 5:6] top 10 %"; "" for all
[[nodiscard]] std::string canonical(const Elements& elements); // equal exactly when the elements are the same

// Places of one tensor: every row of `rows` crossed with every column of `cols`, ascending and disjoint.
struct Region {
    Matrix matrix;
    std::vector<IndexRange> rows, cols;
    [[nodiscard]] bool whole() const;
    [[nodiscard]] std::uint64_t elements() const;
};

// Heads are rows of q, k and v projections and columns of o_proj, as the config cuts them; `fused` are the parts of this tensor. The error
// (BadArgument) says which row, head, expert or part the tensor does not have.
[[nodiscard]] Result<Region> regionOf(const Elements& elements, const TensorInfo& tensor, const HeadShape& heads, std::span<const FusedPart> fused = {});

// Calls use(first, count) for each run of neighbouring elements of the region in [range.first, range.end), row-major.
template <typename Use>
void forRuns(const Region& region, IndexRange range, Use use)
{
    const std::uint64_t width = region.matrix.cols;
    if (width == 0)
        return;
    const bool fullRows = region.cols.size() == 1 && region.cols[0] == IndexRange{0, width};
    const auto clip = [&](std::uint64_t first, std::uint64_t end) {
        first = std::max(first, range.first);
        end = std::min(end, range.end);
        if (first < end)
            use(first, end - first);
    };
    for (const IndexRange& rows : region.rows) {
        if (fullRows) {
            clip(rows.first * width, rows.end * width);
            continue;
        }
        const std::uint64_t last = std::min(rows.end, (range.end + width - 1) / width);
        for (std::uint64_t row = std::max(rows.first, range.first / width); row < last; ++row)
            for (const IndexRange& cols : region.cols)
                clip(row * width + cols.first, row * width + cols.end);
    }
}

} // namespace wb
