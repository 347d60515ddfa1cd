// What is long lives beside the recipe: in the JSON stands {"tensor": "sha256:…"}, and NAME.safetensors beside NAME.json holds the vector of
// that name, whose bytes have that hash: float64 for gains, float32 for the values of a linear map.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <filesystem>

namespace wb {

// Puts the lists in the place of their names, wherever they stand as gains of an edit or an expert, and base64 in that of a map. RecipeInvalid when the file or a vector is
// missing or does not have its hash.
[[nodiscard]] Result<void> resolvePayload(Json& recipe, const std::filesystem::path& path);
// Where the recipe holds more than 4,096 gains or a map: moves them out and writes the file beside `path`, before the recipe itself is written. A
// NAME.safetensors that is no payload of ours is left alone, and the lists then stay in the JSON.
[[nodiscard]] Result<void> storePayload(Json& recipe, const std::filesystem::path& path);

} // namespace wb
