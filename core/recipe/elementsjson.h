// `elements` of a recipe's edit: "all", {"top":p,"of":"value"|"magnitude"}, {"bottom":p,…}, {"quantile":[lo,hi],…},
// {"rows":[a,b]}, {"cols":[a,b]}, {"heads":[…]}, {"experts":[…]}, {"part":"q_proj"}; places may stand together, and with one band.
#pragma once

#include "core/base/json.h"
#include "core/recipe/elementset.h"

namespace wb {

[[nodiscard]] Json elementsToJson(const Elements& elements);
// RecipeInvalid; `place` goes before the reason.
[[nodiscard]] Result<Elements> elementsFromJson(const Json& json, const std::string& where, const std::string& place);

} // namespace wb
