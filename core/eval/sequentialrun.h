// Two models scored side by side, block by block, until the answer is clear (sequential.h).
#pragma once

#include "core/eval/evaluate.h"
#include "core/eval/sequential.h"

namespace wb {

enum class SequentialEnd : std::uint8_t { Difference, Hopeless, AllItems };
[[nodiscard]] const char* sequentialEndName(SequentialEnd end); // "difference", "hopeless", "all_items"

struct SequentialReport {
    EvaluationReport a, b;  // of the items that were scored; their intervals do not know of the stopping
    SequentialEnd end = SequentialEnd::AllItems;
    std::uint64_t discordant = 0;
    double p = 1;           // corrected for all looks, see SequentialDesign::p
};

// The items that the options choose, in an order of the seed. One greedy answer an item, or a choice; else BadArgument.
// Progress in items of both sides; `onItem` is told of each as it is done.
using OnEitherItem = std::function<void(bool ofB, const ItemResult&)>;
[[nodiscard]] Result<SequentialReport> evaluateUntilClear(Scorer& a, Scorer& b, const Task& task, const EvaluateOptions& options,
                                                          const SequentialDesign& design, Progress& progress, const OnEitherItem& onItem = {});
// The items of the options in that order.
[[nodiscard]] std::vector<std::size_t> shuffledItems(const Task& task, const EvaluateOptions& options);

} // namespace wb
