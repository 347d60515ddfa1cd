// Scores a model on a task: greedy or drawn answers compared, choices by log-likelihood, programs run in the sandbox.
#pragma once

#include "core/eval/scorer.h"

namespace wb {

struct PassAt {
    std::uint64_t k = 1;
    Mean estimate;
};

struct EvaluationReport {
    std::vector<ItemResult> items; // in the order of the task
    std::size_t correct = 0;       // items
    double score = 0;              // mean share of right answers
    double standardError = 0;      // of one answer an item √(p(1 − p)/n), of several their standard deviation over items / √n
    Interval ci95;                 // Wilson's; of several answers resampled items (bootstrap)
    std::vector<PassAt> passAt;    // k = 1, 10, 100 and the number of answers, as far as there are so many
    double seconds = 0;
};

// The same items give the same results alone and in any company.
[[nodiscard]] Result<EvaluationReport> evaluateTask(const ModelPtr& model, const TokenizerPtr& tokenizer, const Task& task,
                                                    const EvaluateOptions& options, const Sandbox* sandbox, Progress& progress,
                                                    const OnItem& onItem = {});

// The items of a task that the options choose, in its order.
[[nodiscard]] std::vector<std::size_t> chosenItems(const Task& task, const EvaluateOptions& options);
// The figures of scored items; not empty.
[[nodiscard]] EvaluationReport summarise(std::vector<ItemResult> items, std::uint64_t seed);

// Both must be of the same items.
[[nodiscard]] PairedCounts pairedCounts(const EvaluationReport& a, const EvaluationReport& b);
[[nodiscard]] PairedComparison comparePaired(const EvaluationReport& a, const EvaluationReport& b, std::uint64_t seed);
// How many items count otherwise.
[[nodiscard]] std::size_t flippedItems(const EvaluationReport& a, const EvaluationReport& b);

} // namespace wb
