// The sample model, ready to answer requests.
#pragma once

#include "core/eval/serve/scheduler.h"

namespace wb::test {

// Read once.
[[nodiscard]] const ServedModel& servedSample();
[[nodiscard]] ModelPtr sampleModel();

} // namespace wb::test
