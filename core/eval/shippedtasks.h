// Small tasks that come with the program: those of the sample model (resources/sample/tasks), built in.
#pragma once

#include "core/eval/task.h"

#include <span>
#include <string_view>

namespace wb {

struct ShippedTask {
    std::string_view name; // "arithmetic"
    std::string_view text; // JSON lines
};
[[nodiscard]] std::span<const ShippedTask> shippedTasks();
[[nodiscard]] std::string shippedTaskNames(); // "arithmetic, categories, …"

// A file of that name, else the task that ships under it; BadArgument lists the names.
[[nodiscard]] Result<Task> findTask(const std::string& fileOrName);

} // namespace wb
