// Gains of an svf edit as JSON: a list, or an object that names a rule. Read strictly.
#pragma once

#include "core/base/json.h"
#include "core/recipe/gains.h"

namespace wb {

// [1, 0.5, …] · {"rule":"bands","bands":[[first,end,gain],…]} · {"rule":"power","value":1.1} ·
// {"rule":"curve","scale":"log"|"linear","points":[[place,gain],…]} · {"rule":"energy","value":0.99} · {"rule":"rank","value":64} ·
// {"rule":"mix","experts":[{"name":…,"weight":…,"gains":{tensor: [...]}},…]}
[[nodiscard]] Result<Gains> gainsFromJson(const Json& json, const std::string& where, const std::string& place);
[[nodiscard]] Json gainsToJson(const Gains& gains);

} // namespace wb
