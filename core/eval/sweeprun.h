// What a sweep and a search share: points scored one after the other on the same items, the base's scores, the best point and its
// held-out score.
#pragma once

#include "core/eval/sweep.h"

namespace wb {

class SweepRun {
public:
    // Everything is kept by reference.
    SweepRun(const ModelPtr& base, const Recipe& recipe, std::span<const Knob> knobs, const MakeModel& makeModel, const Metric& metric, const Metric* heldOut,
             const SweepOptions& options, Progress& progress);

    // Begins the progress for `points` points, and scores the base. `low` and `high`: two points that differ in every knob.
    [[nodiscard]] Result<void> begin(std::size_t points, const std::vector<double>& low, const std::vector<double>& high);
    // Without a held-out metric: keeps every third item (of a text the last third) out of the scores.
    void holdOutThird();
    [[nodiscard]] Result<const SweepPoint*> score(const std::vector<double>& knobs);
    // Chooses the best point, scores it on what is held out, and gives the report.
    [[nodiscard]] Result<SweepReport> finish();
    [[nodiscard]] const Metric& metric() const { return m_metric; }

private:
    [[nodiscard]] Result<ModelPtr> modelOf(const std::vector<double>& knobs) const;
    [[nodiscard]] Result<std::vector<double>> valuesOf(const std::vector<double>& knobs);
    [[nodiscard]] SweepScore seen(const std::vector<double>& values) const; // of the items that are not held out
    [[nodiscard]] std::vector<double> part(const std::vector<double>& values, bool heldOut) const;
    template <class Counts> std::size_t bestOf(const Counts& counts) const;
    [[nodiscard]] Result<void> scoreApart();
    void scoreThird();
    void crossValidate();
    void keepHeldOut(HeldOut heldOut, const Metric& metric);
    BoundaryStates* boundary() { return m_boundary ? &*m_boundary : nullptr; }

    const ModelPtr& m_base;
    const Recipe& m_recipe;
    std::span<const Knob> m_knobs;
    const MakeModel& m_makeModel;
    const Metric& m_metric;
    const Metric* m_heldOut;
    const SweepOptions& m_options;
    Progress& m_progress;
    bool m_third = false;
    std::vector<double> m_firstKnobs;
    ModelPtr m_first; // the first point where it makes the states
    std::optional<BoundaryStates> m_boundary;
    std::vector<double> m_baseValues;
    std::vector<std::vector<double>> m_values; // of all items, of each point
    SweepReport m_report;
};

} // namespace wb
