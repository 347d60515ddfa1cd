// A score against the numbers of a recipe: one or two knobs over a grid, or several searched, every point on the same items. The
// best point is chosen on these items and therefore looks better than it is, so that its held-out score always stands beside it.
#pragma once

#include "core/eval/evaluate.h"
#include "core/eval/keptpoints.h"
#include "core/eval/perplexity.h"
#include "core/recipe/recipe.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace wb {

// A number of one edit: "edits[2].factor=0.5:1.5:11". The key is that of the recipe's JSON: "factor", "strength", "elements.top",
// "gains[3]" within a list.
struct Knob {
    std::size_t edit = 0;
    std::string key;
    double low = 0, high = 0;
    std::size_t points = 1; // evenly from low to high; a single one is low

    [[nodiscard]] double at(std::size_t point) const;
    [[nodiscard]] std::string name() const { return "edits[" + std::to_string(edit) + "]." + key; }
};
inline constexpr std::size_t maxSweepPoints = 10'000;
// BadArgument says what was expected and where.
[[nodiscard]] Result<Knob> parseKnob(const std::string& text);
// The recipe with one value for each knob. BadArgument for an edit or key that is not there, RecipeInvalid for a value it cannot take.
[[nodiscard]] Result<RecipePtr> withKnobs(const Recipe& recipe, std::span<const Knob> knobs, std::span<const double> values);

// What a model is scored by: one number for each item, the same items in the same order for every model.
struct Metric {
    // Advances a progress that has been begun; states of `boundary` may be used and kept.
    std::function<Result<std::vector<double>>(const ModelPtr& model, BoundaryStates* boundary, Progress& progress)> score;
    std::size_t steps = 0;    // by which score() advances
    std::size_t tokens = 0;   // about how many go through the model, for the boundary states
    ProgressUnit unit = ProgressUnit::Items;
    bool moreIsBetter = true;
    bool shares = true;       // numbers are 0 or 1
    bool ordered = false;     // neighbours depend on each other: tokens of a text
};
// 1 for an item that is right, 0 for one that is not; of several answers the share of right ones. Everything is kept by reference.
[[nodiscard]] Metric taskMetric(const TokenizerPtr& tokenizer, const Task& task, const EvaluateOptions& options, const Sandbox* sandbox);
// Nats of each token.
[[nodiscard]] Result<Metric> textMetric(std::span<const std::uint32_t> tokens, const PerplexityOptions& options);

struct SweepScore {
    std::vector<double> values; // of the items
    double mean = 0, standardError = 0;
    Interval ci95; // Wilson's of a share
};
// Less the score of the same items without the recipe.
struct SweepDelta {
    double mean = 0;
    Interval ci95; // bootstrap of shares, else ± 1.96 standard errors
    std::optional<double> p; // McNemar's, of shares
};
struct SweepPoint {
    std::vector<double> knobs;
    SweepScore score;
    SweepDelta delta;
};
struct HeldOut {
    enum class How : std::uint8_t {
        Apart,          // a metric of its own
        CrossValidated, // each tenth of the items scored by the point that is best on the rest
        Third,          // a third of the items, which the search did not see
    };
    How how = How::Apart;
    SweepScore base, best;
    SweepDelta delta;
};
[[nodiscard]] const char* heldOutName(HeldOut::How how); // "cross-validated: each tenth …"
struct SweepReport {
    SweepScore base;                // the checkpoint without the recipe
    std::vector<SweepPoint> points; // the last knob varies fastest; of a search in its order
    std::size_t best = 0;           // the first of equals
    std::optional<HeldOut> heldOut; // nothing with fewer than two items and no held-out metric
    std::size_t firstLayer = 0;     // where points after the first started: what the knobs do not touch is not computed again
    double seconds = 0;
};

// Makes a model of a recipe; what is equal to `share` is shared.
using MakeModel = std::function<Result<ModelPtr>(const RecipePtr& recipe, const ModelPtr& share)>;

struct SweepOptions {
    Precision precision = Precision::F32;
    std::uint64_t boundaryBytes = 1U << 30; // of hidden states that are kept
    std::uint64_t seed = 0;                 // of the bootstrap and of a search
    KeptPoints* kept = nullptr;             // what was scored before is not scored again
};
// Called with each point as it is done, in the calling thread.
using OnPoint = std::function<void(const SweepPoint& point, std::size_t index)>;

[[nodiscard]] Result<SweepReport> sweep(const ModelPtr& base, const Recipe& recipe, std::span<const Knob> knobs, const MakeModel& makeModel,
                                        const Metric& metric, const Metric* heldOut, const SweepOptions& options, Progress& progress,
                                        const OnPoint& onPoint = {});

// Controlled random search with local mutation (Kaelo & Ali 2006, in NLopt) between the bounds of the knobs, whose points do not
// matter: `evaluations` points. Without `heldOut` the search sees two thirds of the items, and the scores are of these.
[[nodiscard]] Result<SweepReport> search(const ModelPtr& base, const Recipe& recipe, std::span<const Knob> knobs, std::size_t evaluations, const MakeModel& makeModel,
                                         const Metric& metric, const Metric* heldOut, const SweepOptions& options, Progress& progress,
                                         const OnPoint& onPoint = {});

} // namespace wb
