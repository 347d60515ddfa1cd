// What is wrong with the stored values of a checkpoint, in one pass over all bytes: NaN, infinities, denormals, rows of
// zeros, scales of quantised blocks that are no numbers, tensors stored twice.
#pragma once

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/tensor/tensorsource.h"

#include <cstdint>
#include <string>
#include <vector>

namespace wb {

struct ScanFinding {
    std::string name;
    std::uint64_t nan = 0, inf = 0, denormal = 0; // elements of float types
    std::uint64_t badScales = 0;                  // blocks of ggml whose f16 factors are NaN or infinite, K and IQ types too
    std::uint64_t zeroRows = 0;                   // rows of the 2-D view that are 0 throughout; not of vectors
    std::vector<std::uint64_t> firstZeroRows;     // at most ten of them
    [[nodiscard]] bool isBroken() const { return nan != 0 || inf != 0 || badScales != 0; }
    [[nodiscard]] bool any() const { return isBroken() || denormal != 0 || zeroRows != 0; }
};

struct ScanReport {
    std::vector<ScanFinding> tensors;                 // only those with findings, in the order of the source
    std::vector<std::vector<std::string>> duplicates; // equal bytes, type and shape; vectors are not compared: fresh norms are all alike
    std::uint64_t scanned = 0;                        // tensors
    [[nodiscard]] bool isBroken() const;
    [[nodiscard]] Json toJson() const;
};

[[nodiscard]] Result<ScanReport> scanSource(const TensorSource& source, Progress& progress);

} // namespace wb
