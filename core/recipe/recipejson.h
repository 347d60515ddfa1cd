// Recipes as JSON, "weightbench.recipe/1". Unknown keys, missing keys, wrong types and numbers that are not finite are
// RecipeInvalid, naming the edit (counted from 0) and the key.
#pragma once

#include "core/base/json.h"
#include "core/recipe/recipe.h"

#include <filesystem>

namespace wb {

// With its matrices inside, so that it is complete.
[[nodiscard]] Json recipeToJson(const Recipe& recipe);
[[nodiscard]] Result<RecipePtr> recipeFromJson(const Json& json, const std::string& where);
// What is long lies beside the recipe, in NAME.safetensors (payload.h). Relative paths of other checkpoints are relative to the recipe's
// folder: loading makes them absolute, saving leaves those relative that lie inside it.
[[nodiscard]] Result<RecipePtr> loadRecipe(const std::filesystem::path& path);
[[nodiscard]] Result<void> saveRecipe(const Recipe& recipe, const std::filesystem::path& path);

} // namespace wb
