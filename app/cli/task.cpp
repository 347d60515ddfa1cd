// wb task FILE|NAME: what a task asks, and whether it is in order: its own solutions pass and broken ones do not.
#include "app/cli/cli.h"

#include "core/eval/judge.h"
#include "core/eval/shippedtasks.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    std::string task;
    bool canonical = false;
};

int list(const Globals& globals)
{
    Json names = Json::array();
    for (const ShippedTask& task : shippedTasks())
        names.push_back(std::string(task.name));
    if (globals.json)
        printJson("task", {{"names", names}});
    else
        for (const Json& name : names)
            fmt::print("{}\n", name.get<std::string>());
    return 0;
}

Json toJson(const CanonicalReport& report, const Sandbox& sandbox)
{
    return {{"items", report.items}, {"solutions_passed", report.solutionsPassed}, {"broken_failed", report.brokenFailed},
            {"problems", report.problems}, {"seconds", report.seconds}, {"sandbox", sandbox.interpreter()}};
}

Result<int> run(const Arguments& arguments, const Globals& globals)
{
    if (arguments.task.empty())
        return list(globals);
    auto task = findTask(arguments.task);
    if (!task)
        return failure(task);
    Json out = {{"name", task->name}, {"kind", taskKindName(task->kind)}, {"items", task->items.size()}, {"sha256", task->sha256}};
    std::optional<CanonicalReport> report;
    if (arguments.canonical) {
        if (auto held = holdsSolutions(*task); !held)
            return failure(held);
        auto sandbox = Sandbox::find();
        if (!sandbox)
            return failure(sandbox);
        ShownProgress progress(globals);
        auto checked = checkSolutions(*task, *sandbox, progress);
        if (!checked)
            return failure(checked);
        report = std::move(*checked);
        out["canonical"] = toJson(*report, *sandbox);
    }
    if (globals.json) {
        printJson("task", out);
    } else {
        fmt::print("{}: {} items, {}\n", task->name, task->items.size(), taskKindName(task->kind));
        if (report) {
            fmt::print("  {} of {} solutions pass, {} of {} broken ones fail; {:.1f} s\n", report->solutionsPassed, report->items, report->brokenFailed,
                       report->items, report->seconds);
            for (const std::string& problem : report->problems)
                fmt::print("  {}\n", shownName(problem));
        }
    }
    return !report || report->good() ? 0 : 1;
}

} // namespace

Run addTask(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    app.add_option("TASK", arguments->task, "JSON lines, or the name of a task that comes with the program; without it their names")->type_name("FILE|NAME");
    app.add_flag("--canonical", arguments->canonical, "Run the task's own solutions in the sandbox, and broken ones; exit 1 unless all pass and all fail");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
