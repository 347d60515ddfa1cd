// Recommendations in the format of Tensor Slayer as a recipe: a JSON array of {tensor_name, operation, value, target,
// confidence, reason}, bare, under the key "recommendations", or inside a language model's prose.
//
// What its code does with a row is kept: scale, add, clamp_max, clamp_min, clamp "low,high", normalize (form epsilon, as
// enhanced_tensor_patcher does it), zero and set; targets "all", "top X%" and "bottom X%" by signed value. Where its code
// falls back silently (an unknown target means all) this is an error that names the row.
#pragma once

#include "core/recipe/recipe.h"

#include <filesystem>

namespace wb {

// JsonInvalid when there is no list, RecipeInvalid for a row; rows are counted from 1.
[[nodiscard]] Result<RecipePtr> tensorSlayerRecipe(std::string_view text, const std::string& where);
[[nodiscard]] Result<RecipePtr> importTensorSlayer(const std::filesystem::path& path);

} // namespace wb
