// How often each stored code of a tensor occurs. One counting pass gives every moment, quantile and histogram exactly,
// and an element-wise edit is a map of the table: its preview is exact and instant at any size.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/tensor/tensorsource.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wb {

// Units of a tensor that are read and counted in one piece: few enough to stay in the second-level cache.
inline constexpr std::uint64_t countPiece = std::uint64_t{1} << 16;

struct ValueTable {
    DType dtype = DType::BF16;
    std::vector<std::uint64_t> counts; // codeCount(dtype) entries, indexed by the stored bits
    // F16 and BF16: the largest code without its sign in each piece of countPiece elements, which tells where values of
    // large magnitude can be. Empty for other types and for tables made by mapping.
    std::vector<std::uint16_t> pieceMaxima;
};

// The largest code without its sign of F16 or BF16, which is a positive whole number in order of magnitude; NaN is the largest.
[[nodiscard]] std::uint16_t largestMagnitude(std::span<const std::byte> bytes);

// dtype must have a value table.
[[nodiscard]] Result<ValueTable> countValues(const TensorSource& source, std::size_t tensor, Progress& progress);
[[nodiscard]] ValueTable mapped(const ValueTable& table, const CodeMap& map);
// Elements whose stored bits the map changes.
[[nodiscard]] std::uint64_t changedElements(const ValueTable& table, const CodeMap& map);

// Distinct finite values in ascending order with their counts. -0 and +0 are one value.
struct SortedValues {
    std::vector<double> values;
    std::vector<std::uint64_t> counts;
    std::uint64_t total = 0;
};
[[nodiscard]] SortedValues sortedValues(const ValueTable& table);

} // namespace wb
