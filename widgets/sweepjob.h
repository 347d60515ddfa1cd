// A sweep or a search as a job of the window runs it: models, tasks and texts are read where it runs.
#pragma once

#include "core/eval/sweep.h"
#include "widgets/runningmodels.h"

#include <memory>
#include <string>
#include <vector>

namespace wb {

struct SweepSetup {
    std::shared_ptr<RunningModels> models;
    SourcePtr original;
    RecipePtr recipe;
    std::vector<Knob> knobs;
    std::string path, heldOut; // of tasks or texts, or names of tasks; heldOut may be empty
    bool text = false;
    std::size_t evaluations = 0; // of a search; 0: the grid
    std::size_t limit = 0;
    std::uint64_t seed = 0;
};
using SweepReportPtr = std::shared_ptr<const SweepReport>;

// `onPoint` is told each point as it is scored, in the calling thread.
[[nodiscard]] Result<SweepReportPtr> runSweep(const SweepSetup& setup, Progress& progress, const std::function<void(SweepPoint)>& onPoint);

} // namespace wb
