// Recipes as JSON, "weightbench.recipe/1". Unknown keys, missing keys, wrong types and numbers that are not finite are
// RecipeInvalid, naming the edit (counted from 0) and the key.
#pragma once

#include "core/base/json.h"
#include "core/recipe/recipe.h"

#include <filesystem>

namespace wb {

[[nodiscard]] Json recipeToJson(const Recipe& recipe);
[[nodiscard]] Result<RecipePtr> recipeFromJson(const Json& json, const std::string& where);
[[nodiscard]] Result<RecipePtr> loadRecipe(const std::filesystem::path& path);
[[nodiscard]] Result<void> saveRecipe(const Recipe& recipe, const std::filesystem::path& path);

} // namespace wb
