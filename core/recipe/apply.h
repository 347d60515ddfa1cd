// What an edit does to stored bits: what torch's CPU does for the same operation on a tensor of that type.
//   scale   BF16, F16, F32: the factor as float, the product in float, rounded to nearest even in the
//                stored type; F64 in double
//   add     the value rounded to the stored type first, then as above
//   clamp, set   bounds and value rounded to the stored type first; -0 is not below +0
//   zero, prune  +0
//   normalize    mean and std rounded to the stored type, and so is every step of the formula, as torch does when it
//                evaluates the formula on a tensor of that type; float types only
//   noise        the number in double, rounded to float for types up to F32, then as add's sum
//   integers     computed in double, rounded half to even, saturated; what the double arithmetic leaves equal keeps its
//                bits, beyond 2^53 too; Bool: set and zero only
//   NaN          keeps its bits under everything but set and zero. torch keeps it NaN, but its vector path writes another
//                code (0xFFFF for BF16) than its scalar one (0x7FC0), inside one tensor even, so there is no code to agree with
// Strength s other than 1: a factor f becomes 1 + s·(f − 1), an added value v becomes s·v, the standard deviation of noise
// likewise; otherwise y, computed as above, becomes x + s·(y − x) in double, rounded once, and x keeps its bits where y is x. At 0 all do.
//   svf          the whole matrix at once, see svf.h; not here
// Quantised types (blocks.h) take scale and zero of whole blocks: their factors are multiplied, nothing is quantised anew.
// Opaque tensors and what is left out above are EditNotPossible, with the reason, before anything is staged.
#pragma once

#include "core/base/result.h"
#include "core/recipe/edit.h"
#include "core/recipe/distribution.h"
#include "core/recipe/facts.h"
#include "core/recipe/noise.h"

#include <span>

namespace wb {

// Places included: `heads` as the config cuts them, `fused` the parts of this tensor.
[[nodiscard]] Result<void> checkEditable(const Edit& edit, const TensorInfo& tensor, const HeadShape& heads, std::span<const FusedPart> fused = {});

// One edit of one tensor, element by element (not an svf), with all its numbers as the type takes them.
class TensorEdit {
public:
    TensorEdit(const Edit& edit, const TensorInfo& tensor, Region region, const EditFacts& facts);

    // The place of an element decides too: neither codeMap nor value tell the whole.
    [[nodiscard]] bool byPlace() const { return m_noise.has_value() || !m_region.whole(); }
    // Types with a value table: the edit of every code inside the region. Not for noise.
    [[nodiscard]] CodeMap codeMap() const;
    // Wider types: one stored value inside the region to the next, rounding included. Not for noise.
    [[nodiscard]] double value(double stored) const;
    // Stored elements from `first` on, row-major, in place.
    void apply(std::uint64_t first, std::span<std::byte> stored) const;

private:
    double changed(double value, std::uint64_t index) const; // still to be rounded
    double normalized(double value) const;
    double rounded(double value) const;
    void applyRun(std::uint64_t first, std::span<std::byte> stored) const;
    void applyGenerally(std::uint64_t first, std::span<std::byte> stored) const;
    void takeNumbers(const EditFacts& facts);

    DType m_dtype;
    bool m_single;     // float arithmetic
    bool m_constant;   // set and zero at full strength: what was there does not matter
    Operation m_operation;
    MeasureRange m_band;
    bool m_hasBand;
    double m_strength;
    double m_mean = 0, m_std = 0, m_pruneUpTo = -1;
    std::optional<NormalNoise> m_noise;
    Region m_region;
    CodeMap m_map; // types with a value table, unless it is noise
};

} // namespace wb
