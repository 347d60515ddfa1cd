// The work of the Evaluate page, for jobs: scores models with the results that are kept in the user's cache, so that the original
// is scored once and a task that was scored before is there at once.
#pragma once

#include "core/eval/control.h"
#include "core/eval/report.h"
#include "core/eval/resultstore.h"
#include "core/eval/sequentialrun.h"

#include <memory>

namespace wb {

class RunningModels;

using ScorePtr = std::shared_ptr<const EvaluationReport>;

struct ScoreRequest {
    std::shared_ptr<RunningModels> models;
    SourcePtr source;
    std::shared_ptr<const Task> task;
    EvaluateOptions options; // without end tokens and template, which the checkpoint names
    bool chat = false;       // through its chat template
};

// The tokens that end a text are added to the options; programs need the sandbox (SandboxMissing). Results that cannot be kept
// are computed all the same.
[[nodiscard]] Result<ScorePtr> scoreKept(const ScoreRequest& request, Progress& progress, const OnItem& onItem = {});

struct ScoredSide {
    ScorePtr score;
    PairedComparison paired; // with `before`
    ChatTemplatePtr chat;    // that it was asked through
};
// scoreKept, compared with another score of the same items; `before` may be null.
[[nodiscard]] Result<ScoredSide> scoreAgainst(const ScoreRequest& request, const ScorePtr& before, Progress& progress, const OnItem& onItem = {});

// How many items of the request's model count otherwise in another order; `before` is what it was scored.
[[nodiscard]] Result<std::size_t> scoreFloor(ScoreRequest request, const ScorePtr& before, Progress& progress);

struct ScoredControl {
    Control control;
    ScoredSide side;
};
// A random edit of the size of `edited` on the request's source, compared with `before`.
[[nodiscard]] Result<std::shared_ptr<const ScoredControl>> scoreControl(ScoreRequest request, const SourcePtr& edited, const ScorePtr& before,
                                                                        Progress& progress);

struct ScoredUntilClear {
    ScorePtr original, patched; // of the items that were needed
    PairedComparison paired;    // of these; its p does not know of the looks
    SequentialEnd end = SequentialEnd::AllItems;
    double p = 1;               // corrected for every look
    double falseAlarms = 0;     // exact chance of one
    std::size_t most = 0;       // items there were
    ChatTemplatePtr chat;
};
// The request's model and `edited` side by side, block by block, until the answer is clear (core/eval/sequential.h). Nothing is kept.
[[nodiscard]] Result<ScoredUntilClear> scoreUntilClear(const ScoreRequest& request, const SourcePtr& edited, Progress& progress, const OnEitherItem& onItem);

} // namespace wb
