// Whether what a model wrote is right, and why it counts as it does.
#pragma once

#include "core/eval/sandbox.h"
#include "core/eval/task.h"

namespace wb {

// One answer to an item.
struct Answer {
    bool correct = false;
    std::string output;    // what the model wrote, or the choice it took
    std::string extracted; // what was judged of it: the number found, the text without blanks, the part of the program
    Reason reason;         // "wanted …", "AssertionError: …"
    bool operator==(const Answer&) const = default;
};

// For Exact, Number and Code. `sandbox` may be null: then programs are not run and the answer says so. Stopping the progress
// ends the program.
[[nodiscard]] Result<Answer> judgeAnswer(const Task& task, const TaskItem& item, std::string output, const Sandbox* sandbox, const Progress& progress);

// As HumanEval's harness puts it: prompt, completion, test, check(entry point).
[[nodiscard]] std::string programOf(const TaskItem& item, const std::string& completion);

// Whether the task itself is in order: its solutions pass, and programs that return nothing or leave before the test do not.
struct CanonicalReport {
    std::size_t items = 0, solutionsPassed = 0, brokenFailed = 0;
    std::vector<std::string> problems; // "HumanEval/3: the solution fails: AssertionError"
    double seconds = 0;
    [[nodiscard]] bool good() const { return solutionsPassed == items && brokenFailed == items; }
};
// TaskInvalid for a task without programs or an item without a solution; no sandbox is needed to know that.
[[nodiscard]] Result<void> holdsSolutions(const Task& task);
// The same errors. Progress in items.
[[nodiscard]] Result<CanonicalReport> checkSolutions(const Task& task, const Sandbox& sandbox, Progress& progress);

} // namespace wb
