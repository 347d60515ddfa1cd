#include "core/eval/sweep.h"

#include "core/eval/sweeprun.h"

#include <nlopt.h>

#include <chrono>
#include <cmath>

namespace wb {
namespace {

std::vector<double> gridPoint(std::span<const Knob> knobs, std::size_t index)
{
    std::vector<double> values(knobs.size());
    for (std::size_t k = knobs.size(); k-- > 0; index /= knobs[k].points)
        values[k] = knobs[k].at(index % knobs[k].points);
    return values;
}

Result<SweepReport> scoreGrid(SweepRun& run, std::span<const Knob> knobs, const OnPoint& onPoint)
{
    std::size_t count = 1;
    for (const Knob& knob : knobs)
        if ((count *= knob.points) > maxSweepPoints)
            return fail(ErrorCode::BadArgument, "--knob", said(CORE_TEXT("reasons", "the grid has more than %1 points"), maxSweepPoints));
    if (auto done = run.begin(count, gridPoint(knobs, 0), gridPoint(knobs, count - 1)); !done)
        return failure(done);
    for (std::size_t i = 0; i < count; ++i) {
        const auto point = run.score(gridPoint(knobs, i));
        if (!point)
            return failure(point);
        if (onPoint)
            onPoint(**point, i);
    }
    return run.finish();
}

// What NLopt calls back with. An error ends the search; NLopt itself only sees that it was told to stop.
struct Objective {
    SweepRun& run;
    const OnPoint& onPoint;
    std::size_t most;
    nlopt_opt optimizer = nullptr;
    std::size_t evaluations = 0;
    std::optional<Error> error = {};

    static double call(unsigned count, const double* x, double*, void* self)
    {
        return static_cast<Objective*>(self)->at(std::vector<double>(x, x + count));
    }

    double at(const std::vector<double>& knobs)
    {
        if (error || evaluations == most) { // its own limit is looked at between two evaluations only
            nlopt_force_stop(optimizer);
            return 0;
        }
        const auto point = run.score(knobs);
        if (!point) {
            error = point.error();
            nlopt_force_stop(optimizer);
            return 0;
        }
        if (onPoint)
            onPoint(**point, evaluations);
        ++evaluations;
        return run.metric().moreIsBetter ? -(*point)->score.mean : (*point)->score.mean;
    }
};

Result<SweepReport> searchKnobs(SweepRun& run, std::span<const Knob> knobs, std::size_t evaluations, std::uint64_t seed, const OnPoint& onPoint)
{
    std::vector<double> low, high, middle;
    for (const Knob& knob : knobs) {
        low.push_back(std::min(knob.low, knob.high));
        high.push_back(std::max(knob.low, knob.high));
        middle.push_back((knob.low + knob.high) / 2);
    }
    run.holdOutThird();
    if (auto done = run.begin(evaluations, low, high); !done)
        return failure(done);
    const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> optimizer(nlopt_create(NLOPT_GN_CRS2_LM, static_cast<unsigned>(knobs.size())), &nlopt_destroy);
    nlopt_srand(static_cast<unsigned long>(seed)); // of this thread
    Objective objective{run, onPoint, evaluations, optimizer.get()};
    nlopt_set_min_objective(optimizer.get(), &Objective::call, &objective);
    nlopt_set_lower_bounds(optimizer.get(), low.data());
    nlopt_set_upper_bounds(optimizer.get(), high.data());
    // Its first points are drawn at large; with few evaluations fewer of them leave some for the search itself.
    nlopt_set_population(optimizer.get(), static_cast<unsigned>(std::max(knobs.size() + 2, std::min(10 * (knobs.size() + 1), evaluations / 3))));
    nlopt_set_maxeval(optimizer.get(), static_cast<int>(evaluations));
    double best = 0;
    nlopt_optimize(optimizer.get(), middle.data(), &best);
    if (objective.error)
        return tl::unexpected<Error>(std::move(*objective.error));
    return run.finish();
}

// The time that `work` takes, in its report.
template <class Work> Result<SweepReport> timed(const Work& work)
{
    const auto start = std::chrono::steady_clock::now();
    Result<SweepReport> report = work();
    if (report)
        report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

} // namespace

Result<SweepReport> sweep(const ModelPtr& base, const Recipe& recipe, std::span<const Knob> knobs, const MakeModel& makeModel, const Metric& metric,
                          const Metric* heldOut, const SweepOptions& options, Progress& progress, const OnPoint& onPoint)
{
    SweepRun run(base, recipe, knobs, makeModel, metric, heldOut, options, progress);
    return timed([&] { return scoreGrid(run, knobs, onPoint); });
}

Result<SweepReport> search(const ModelPtr& base, const Recipe& recipe, std::span<const Knob> knobs, std::size_t evaluations, const MakeModel& makeModel,
                           const Metric& metric, const Metric* heldOut, const SweepOptions& options, Progress& progress, const OnPoint& onPoint)
{
    if (knobs.empty() || evaluations == 0 || evaluations > maxSweepPoints)
        return fail(ErrorCode::BadArgument, "--search", said(CORE_TEXT("reasons", "%1 evaluations of %2 knobs; 1 to %3 of at least one are possible"), evaluations, knobs.size(), maxSweepPoints));
    SweepRun run(base, recipe, knobs, makeModel, metric, heldOut, options, progress);
    return timed([&] { return searchKnobs(run, knobs, evaluations, options.seed, onPoint); });
}

} // namespace wb
