// The no-effect guard checked by running the model: what each edit of a recipe changes in the logits, once on the stored types and
// once on the checkpoint widened to F32, where an edit that a following norm absorbs leaves nothing but the rounding of sums.
#pragma once

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/recipe/recipe.h"
#include "core/tensor/tensorsource.h"

#include <cstdint>
#include <string>
#include <vector>

namespace wb {

enum class Proven : std::uint8_t {
    Nothing,     // the same numbers
    Rounding,    // in F32 no more than `proofTolerance`
    Temperature, // in F32 all logits times one factor: the likeliest token stays everywhere
    Changes,
};
inline constexpr double proofTolerance = 1e-4; // of the range of the logits: what the engine itself keeps to in F32

struct EditProof {
    std::size_t index = 0;  // in the recipe; edits that are switched off are left out
    // Largest change of a logit over the range of the logits, but for what all of a place have in common, which no probability shows;
    // edited in the stored types.
    double stored = 0;
    double exact = 0;       // the same with the checkpoint and the edit in F32
    double sameTop = 1;     // share of places whose likeliest token stays, in the stored types
    Proven outcome = Proven::Changes;
    [[nodiscard]] Json toJson() const;
};
[[nodiscard]] const char* provenName(Proven outcome); // "nothing", "rounding", "temperature", "changes"
// Whether an outcome is one of those that an effect of checkRecipe() ("absorbed", …) promises.
[[nodiscard]] bool agrees(Proven outcome, const std::string& effect);

struct ProofOptions {
    std::size_t tokens = 64;    // drawn evenly from the vocabulary by the seed
    std::uint64_t seed = 1;
    std::uint64_t maxBytes = 0; // of the weights; 0: no limit
    std::string where;
    // By index, of edits that are absorbed together: all of them (RecipeCheck::together()). They are proven as one, at the last of them.
    std::vector<std::vector<std::size_t>> together = {};
    std::vector<std::size_t> until = {}; // by index, a later edit that is made too on both sides (RecipeCheck::until())
};
// Each edit against the recipe before it (but for what ProofOptions says), one of values with all edits of layers, which come after it. Where the base's head is tied, it stays
// so whatever the edits make of a stored copy, as the verdicts have it. Errors of Model::load. Progress in items: passes of the model.
[[nodiscard]] Result<std::vector<EditProof>> proveEdits(const SourcePtr& base, const RecipePtr& recipe, const ProofOptions& options, Progress& progress);

} // namespace wb
