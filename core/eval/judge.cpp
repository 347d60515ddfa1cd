#include "core/eval/judge.h"

#include "core/base/parallel.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace wb {
namespace {

// Both end without an error of their own; neither may pass.
constexpr std::array broken = {"    return None\n", "    import sys\n    sys.exit(0)\n"};

std::string stripped(const std::string& text)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

void judgeNumber(const TaskItem& item, Answer& answer)
{
    answer.extracted = answerNumber(answer.output);
    answer.correct = answer.extracted == item.answer;
    if (!answer.correct)
        answer.reason = answer.extracted.empty() ? Reason(ReasonCode::NoNumber, {item.answer}) : Reason(ReasonCode::OtherNumber, {answer.extracted, item.answer});
}

void judgeText(const Task& task, const TaskItem& item, Answer& answer)
{
    answer.extracted = task.strip ? stripped(answer.output) : answer.output;
    const std::string want = task.strip ? stripped(item.answer) : item.answer;
    answer.correct = answer.extracted == want;
    if (!answer.correct)
        answer.reason = {stripped(answer.extracted) == stripped(want) ? ReasonCode::OnlyBlanksDiffer : ReasonCode::Wanted, {want}};
}

} // namespace

std::string programOf(const TaskItem& item, const std::string& completion)
{
    // Tests that draw at random draw the same each time.
    const char* seed = item.test.find("random") == std::string::npos ? "" : "__import__(\"random\").seed(0)\n";
    return fmt::format("{}{}\n{}{}\ncheck({})\n", item.prompt, completion, seed, item.test, item.entryPoint);
}

Result<Answer> judgeAnswer(const Task& task, const TaskItem& item, std::string output, const Sandbox* sandbox, const Progress& progress)
{
    Answer answer;
    answer.output = std::move(output);
    if (task.kind == TaskKind::Number) {
        judgeNumber(item, answer);
    } else if (task.kind != TaskKind::Code) {
        judgeText(task, item, answer);
    } else if (sandbox == nullptr) {
        answer.reason = ReasonCode::NotRun;
    } else {
        answer.extracted = answer.output;
        auto run = sandbox->run(programOf(item, answer.output), &progress);
        if (!run)
            return failure(run);
        answer.correct = run->passed;
        answer.reason = run->passed ? Reason() : run->reason;
    }
    return answer;
}

Result<void> holdsSolutions(const Task& task)
{
    if (task.kind != TaskKind::Code)
        return fail(ErrorCode::TaskInvalid, task.name, said(CORE_TEXT("reasons", "it asks for %1, there are no programs to run"), taskKindName(task.kind)));
    for (const TaskItem& item : task.items)
        if (item.solution.empty())
            return fail(ErrorCode::TaskInvalid, task.name, said(CORE_TEXT("reasons", "the item %1 has no canonical_solution"), item.id));
    return {};
}

Result<CanonicalReport> checkSolutions(const Task& task, const Sandbox& sandbox, Progress& progress)
{
    const auto start = std::chrono::steady_clock::now();
    if (auto held = holdsSolutions(task); !held)
        return failure(held);
    progress.begin(ProgressStage::Computing, ProgressUnit::Items, task.items.size());
    struct Outcome {
        bool passed = false, failed = true;
        std::string problem;
        std::optional<Error> error;
    };
    std::vector<Outcome> outcomes(task.items.size());
    parallelFor(task.items.size(), [&](std::size_t i) {
        const TaskItem& item = task.items[i];
        Outcome& outcome = outcomes[i];
        const auto passes = [&](const std::string& completion) {
            auto answer = judgeAnswer(task, item, completion, &sandbox, progress);
            if (!answer)
                outcome.error = answer.error();
            else if (!answer->correct)
                outcome.problem = answer->reason.english();
            return answer && answer->correct;
        };
        if (progress.cancelled())
            return;
        outcome.passed = passes(item.solution);
        if (!outcome.passed)
            outcome.problem = fmt::format("{}: the solution fails: {}", item.id, outcome.problem);
        const std::string problem = outcome.passed ? "" : outcome.problem;
        for (const char* completion : broken)
            outcome.failed = !passes(completion) && outcome.failed;
        outcome.problem = problem + (outcome.failed ? "" : fmt::format("{}{}: a broken program passes", problem.empty() ? "" : "; ", item.id));
        progress.advance(1);
    });
    if (progress.cancelled())
        return cancelledError();
    CanonicalReport report;
    report.items = task.items.size();
    for (const Outcome& outcome : outcomes) {
        if (outcome.error)
            return tl::unexpected(*outcome.error);
        report.solutionsPassed += outcome.passed ? 1 : 0;
        report.brokenFailed += outcome.failed ? 1 : 0;
        if (!outcome.problem.empty())
            report.problems.push_back(outcome.problem);
    }
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

} // namespace wb
