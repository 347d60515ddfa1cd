// Results of an evaluation as JSON, as wb prints and keeps them.
#pragma once

#include "core/base/json.h"
#include "core/eval/evaluate.h"

namespace wb {

// The text under a key of an object; "" when there is none.
[[nodiscard]] std::string textAt(const Json& object, const char* key);

// {"id","correct","output","extracted","reason"[,"why"][,"passed","samples":[{"correct","output","extracted","reason"[,"why"]}]]}
// `why` is the reason as data: its name and what fills its template.
[[nodiscard]] Json itemToJson(const Task& task, const ItemResult& result);
// Nothing for what is no such item, or none of this task. Looks the item up at `index`.
[[nodiscard]] std::optional<ItemResult> itemFromJson(const Json& json, const Task& task, std::size_t index);
// JSON lines of the items, with the task's hash and the precision, so that unlike ones are not compared later; with `b` each holds
// the other side's as "other".
[[nodiscard]] std::string itemLines(const Task& task, const EvaluateOptions& options, const EvaluationReport& a, const EvaluationReport* b);
// {"n","correct","score","stderr","ci95","pass_at","seconds","items"}
[[nodiscard]] Json reportToJson(const Task& task, const EvaluationReport& report);
// {"both","only_a","only_b","neither","mcnemar_p" or "sign_flip_p","p","test","delta","ci95","enough_items","items_needed"}
[[nodiscard]] Json pairedToJson(const PairedComparison& paired);
// What decides the result beside model and task: precision, seed, samples, sampling, shots, …
[[nodiscard]] Json settingsToJson(const Task& task, const EvaluateOptions& options);

} // namespace wb
