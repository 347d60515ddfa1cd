// Will this recipe do anything to this base, and what? Matches, and elements that change after rounding.
#pragma once

#include "core/analysis/statisticscache.h"
#include "core/base/json.h"
#include "core/base/sentence.h"
#include "core/checkpoint/checkpoint.h"
#include "core/recipe/recipe.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wb {

struct EditCheck {
    std::size_t index = 0;
    std::vector<std::string> matched;
    std::uint64_t elements = 0;             // in the matched tensors
    std::uint64_t changedAfterRounding = 0; // by this edit, on the tensors as the edits before it left them
    std::string effect;                     // of the edit in the recipe, later edits of its tensors included: "effective" "void" "absorbed" "rounded_away" "greedy_invariant"
    Sentence because;
    std::vector<std::size_t> with;          // edits that undo each other, this one among them: absorbed together, not alone
    std::size_t until = 0;                  // the last edit that the verdict speaks of; itself without later ones
};

struct RecipeCheck {
    std::vector<EditCheck> edits;
    [[nodiscard]] Json toJson() const;
    [[nodiscard]] std::vector<std::vector<std::size_t>> together() const; // EditCheck::with by index
    [[nodiscard]] std::vector<std::size_t> until() const;                 // EditCheck::until by index
};

[[nodiscard]] Result<RecipeCheck> checkRecipe(const CheckpointPtr& base, const RecipePtr& recipe,
                                              StatisticsCache& cache, Progress& progress);

// What a change of one tensor does, for the preview while dragging.
struct EditEffect {
    std::uint64_t elements = 0;
    std::uint64_t changed = 0;           // after rounding
    std::uint64_t newNonFinite = 0;      // finite before, NaN or infinite after
    std::optional<std::uint64_t> merged; // how many distinct stored values fewer there are after; not for wide types
    double relative = 0;                 // ‖Δ‖ / ‖W‖ over elements that are finite on both sides
    bool exact = true;                   // false: from the buckets of a wide type while an edit is moving
};
// `before` and `after` have the same tensors. Types with a value table are counted once, in whatever both derive from;
// others are streamed, or with `quick` estimated from their buckets.
[[nodiscard]] Result<EditEffect> effectOf(const TensorSource& before, const TensorSource& after, std::size_t tensor,
                                          bool quick, StatisticsCache& cache, Progress& progress);

} // namespace wb
