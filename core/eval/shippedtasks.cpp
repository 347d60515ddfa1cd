#include "core/eval/shippedtasks.h"

#include <algorithm>

namespace wb {

std::string shippedTaskNames()
{
    std::string names;
    for (const ShippedTask& task : shippedTasks())
        names += (names.empty() ? "" : ", ") + std::string(task.name);
    return names;
}

Result<Task> findTask(const std::string& fileOrName)
{
    std::error_code ignored;
    if (std::filesystem::exists(fileOrName, ignored) && !std::filesystem::is_directory(fileOrName, ignored))
        return loadTask(fileOrName);
    const auto found = std::ranges::find(shippedTasks(), fileOrName, &ShippedTask::name);
    if (found == shippedTasks().end())
        return fail(ErrorCode::BadArgument, fileOrName, said(CORE_TEXT("reasons", "there is neither a file nor a task of this name; with the program come %1"), shippedTaskNames()));
    return readTask(found->text, std::string(found->name), std::string(found->name));
}

} // namespace wb
