#include "core/eval/evaluate.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace wb {
namespace {

std::vector<Outcome> outcomesOf(const EvaluationReport& report)
{
    std::vector<Outcome> out;
    std::ranges::transform(report.items, std::back_inserter(out), &ItemResult::outcome);
    return out;
}

} // namespace

std::vector<std::size_t> chosenItems(const Task& task, const EvaluateOptions& options)
{
    return sampleItems(task.items.size(), options.limit == 0 ? task.items.size() : options.limit, options.seed);
}

EvaluationReport summarise(std::vector<ItemResult> items, std::uint64_t seed)
{
    EvaluationReport report;
    report.items = std::move(items);
    std::ranges::sort(report.items, {}, &ItemResult::item);
    const std::vector<Outcome> outcomes = outcomesOf(report);
    std::vector<double> shares;
    std::ranges::transform(outcomes, std::back_inserter(shares), &Outcome::share);
    const auto n = static_cast<double>(outcomes.size());
    const Mean mean = meanOf(shares);
    const std::uint64_t fewest = std::ranges::min_element(outcomes, {}, &Outcome::answers)->answers;
    const bool several = std::ranges::max_element(outcomes, {}, &Outcome::answers)->answers > 1;
    report.correct = static_cast<std::size_t>(std::ranges::count_if(report.items, &ItemResult::correct));
    report.score = mean.value;
    report.standardError = several ? mean.standardError : std::sqrt(report.score * (1 - report.score) / n);
    report.ci95 = several ? pairedBootstrap(shares, seed) : wilsonInterval(report.correct, report.items.size());
    for (const std::uint64_t k : {std::uint64_t{1}, std::uint64_t{10}, std::uint64_t{100}, fewest})
        if (k <= fewest && (report.passAt.empty() || report.passAt.back().k < k))
            report.passAt.push_back({k, meanPassAtK(outcomes, k)});
    return report;
}

Result<EvaluationReport> evaluateTask(const ModelPtr& model, const TokenizerPtr& tokenizer, const Task& task, const EvaluateOptions& options,
                                      const Sandbox* sandbox, Progress& progress, const OnItem& onItem)
{
    const auto start = std::chrono::steady_clock::now();
    if (auto done = checkOptions(task, options); !done)
        return failure(done);
    const std::vector<std::size_t> items = chosenItems(task, options);
    if (!options.continued)
        progress.begin(ProgressStage::Computing, ProgressUnit::Items, items.size());
    std::vector<ItemResult> results;
    Scorer scorer(model, tokenizer, task, options, sandbox);
    auto done = scorer.score(items, progress, [&](const ItemResult& result) {
        results.push_back(result);
        if (onItem)
            onItem(result);
    });
    if (!done)
        return failure(done);
    EvaluationReport report = summarise(std::move(results), options.seed);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

PairedCounts pairedCounts(const EvaluationReport& a, const EvaluationReport& b)
{
    PairedCounts counts;
    for (std::size_t i = 0; i < std::min(a.items.size(), b.items.size()); ++i) {
        const bool left = a.items[i].correct, right = b.items[i].correct;
        ++(left && right ? counts.both : left ? counts.onlyA : right ? counts.onlyB : counts.neither);
    }
    return counts;
}

PairedComparison comparePaired(const EvaluationReport& a, const EvaluationReport& b, std::uint64_t seed)
{
    return comparePaired(outcomesOf(a), outcomesOf(b), seed);
}

std::size_t flippedItems(const EvaluationReport& a, const EvaluationReport& b)
{
    std::size_t flipped = 0;
    for (std::size_t i = 0; i < std::min(a.items.size(), b.items.size()); ++i)
        flipped += a.items[i].outcome() == b.items[i].outcome() ? 0U : 1U;
    return flipped;
}

} // namespace wb
