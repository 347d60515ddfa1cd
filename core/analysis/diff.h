// What differs between two sources: structure first, then every element of the tensors that both have.
#pragma once

#include "core/analysis/lowrank.h"
#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/tensor/tensorsource.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wb {

struct ElementDifference {
    std::uint64_t index = 0; // row-major
    double a = 0, b = 0;
};

struct TensorDifference {
    std::string name;
    Shape shape;
    std::uint64_t elements = 0; // bytes for opaque types
    std::uint64_t elementsChanged = 0; // stored bits differ; bytes for opaque types
    double maxAbs = 0;                 // of b − a over pairs that are finite on both sides, as the next four
    double rms = 0;
    double relative = 0; // ‖b − a‖ / ‖a‖; infinite when a is all zero
    double cosine = 1;   // between a and b
    double scale = 1;    // least-squares factor in b ≈ scale · a
    double shift = 0;    // mean of b − a
    // "rounding_only" "scaled" "shifted" "surgical" (up to 1 % of the elements) "low_rank" "heavy"; "opaque"
    std::string character;
    std::optional<LowRank> lowRank; // of "low_rank"
    std::vector<ElementDifference> top; // largest |b − a| first, NaN before all
};

struct DiffReport {
    std::vector<std::string> onlyA, onlyB, shapeDiffers, dtypeDiffers;
    std::uint64_t identical = 0;
    std::vector<TensorDifference> changed; // by relative change, largest first
    [[nodiscard]] bool nothingDiffers() const
    {
        return onlyA.empty() && onlyB.empty() && shapeDiffers.empty() && dtypeDiffers.empty() && changed.empty();
    }
    [[nodiscard]] Json toJson() const;
};

struct DiffOptions {
    std::size_t top = 10;
};

// Tensors are matched by name; where no name is on both sides, by role, layer and expert, and GGUF's own order of rows and
// gains are undone. Tensors of unlike types are listed in dtypeDiffers, and in changed when the values differ as F32. Equal fingerprints are equal bytes and are not read; chunks with equal bytes are not
// decoded. Progress counts bytes of both sides.
[[nodiscard]] Result<DiffReport> diffSources(const TensorSource& a, const TensorSource& b,
                                             const DiffOptions& options, Progress& progress);

} // namespace wb
