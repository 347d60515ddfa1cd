// Scores a model on a task: greedy answers compared, choices by log-likelihood, programs run in the sandbox.
#pragma once

#include "core/eval/sandbox.h"
#include "core/eval/significance.h"
#include "core/eval/task.h"
#include "core/model/generate.h"

#include <functional>
#include <optional>

namespace wb {

struct EvaluateOptions {
    Precision precision = Precision::F32;
    std::size_t limit = 0;     // items, chosen by the seed; 0: all
    std::uint64_t seed = 0;
    std::size_t maxTokens = 0; // of an answer; 0: 64, 256 of a number, 512 of a program
    bool normaliseByLength = false; // choices by log-likelihood per byte
    std::set<std::uint32_t> endTokens;
};

struct ItemResult {
    std::size_t item = 0; // of the task
    bool correct = false;
    std::string output;   // what the model wrote, or the choice it took
    std::string reason;   // why it counts as it does: "wanted …", "AssertionError: …"
};

struct EvaluationReport {
    std::vector<ItemResult> items; // in the order of the task
    std::size_t correct = 0;
    double score = 0;              // share of correct ones
    double standardError = 0;      // √(p(1 − p)/n)
    Interval ci95;                 // Wilson
    double seconds = 0;
};

// Called as items are done, in the calling thread.
using OnItem = std::function<void(const ItemResult&)>;

// The same items give the same results alone and in any company. A prompt longer than the model's context is a wrong item with
// that reason. `sandbox` may be null: then programs are not run and the items say so.
[[nodiscard]] Result<EvaluationReport> evaluateTask(const ModelPtr& model, const TokenizerPtr& tokenizer, const Task& task,
                                                    const EvaluateOptions& options, const Sandbox* sandbox, Progress& progress,
                                                    const OnItem& onItem = {});

// Both must be of the same items.
[[nodiscard]] PairedCounts pairedCounts(const EvaluationReport& a, const EvaluationReport& b);

} // namespace wb
