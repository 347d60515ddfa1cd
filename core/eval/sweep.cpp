#include "core/eval/sweep.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

namespace wb {
namespace {

constexpr double z975 = 1.959963984540054;
constexpr std::size_t folds = 10;

SweepScore scoreOf(std::vector<double> values, const Metric& metric)
{
    SweepScore out;
    out.values = std::move(values);
    const auto n = static_cast<double>(out.values.size());
    for (const double value : out.values)
        out.mean += value / n;
    double squares = 0;
    for (const double value : out.values)
        squares += (value - out.mean) * (value - out.mean);
    if (metric.shares) {
        out.mean = std::round(out.mean * n) / n;
        out.standardError = std::sqrt(out.mean * (1 - out.mean) / n);
        out.ci95 = wilsonInterval(static_cast<std::uint64_t>(std::llround(out.mean * n)), out.values.size());
    } else {
        out.standardError = n > 1 ? std::sqrt(squares / (n - 1) / n) : std::nan("");
        out.ci95 = {out.mean - z975 * out.standardError, out.mean + z975 * out.standardError};
    }
    return out;
}

SweepDelta deltaOf(const SweepScore& base, const SweepScore& other, const Metric& metric, std::uint64_t seed)
{
    const std::size_t n = base.values.size();
    SweepDelta out;
    if (metric.shares) {
        PairedCounts counts;
        for (std::size_t i = 0; i < n; ++i)
            ++(base.values[i] > 0 ? (other.values[i] > 0 ? counts.both : counts.onlyA) : (other.values[i] > 0 ? counts.onlyB : counts.neither));
        const PairedComparison paired = comparePaired(counts, seed);
        return {paired.delta, paired.ci95, paired.p};
    }
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i)
        out.mean += (other.values[i] - base.values[i]) / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i)
        squares += std::pow(other.values[i] - base.values[i] - out.mean, 2);
    const double error = n > 1 ? std::sqrt(squares / static_cast<double>(n - 1) / static_cast<double>(n)) : std::nan("");
    out.ci95 = {out.mean - z975 * error, out.mean + z975 * error};
    return out;
}

class Sweep {
public:
    Sweep(const ModelPtr& base, const Recipe& recipe, std::span<const Knob> knobs, const MakeModel& makeModel, const Metric& metric, const Metric* heldOut,
          const SweepOptions& options, Progress& progress)
        : m_base(base), m_recipe(recipe), m_knobs(knobs), m_makeModel(makeModel), m_metric(metric), m_heldOut(heldOut), m_options(options), m_progress(progress)
    {
    }

    Result<SweepReport> run(const OnPoint& onPoint)
    {
        std::size_t count = 1;
        for (const Knob& knob : m_knobs)
            if ((count *= knob.points) > maxSweepPoints)
                return fail(ErrorCode::BadArgument, "--knob", fmt::format("the grid has more than {} points", maxSweepPoints));
        m_progress.begin(ProgressStage::Computing, m_metric.unit, (count + 1) * m_metric.steps + (m_heldOut != nullptr ? 2 * m_heldOut->steps : 0));
        if (auto done = prepare(count); !done)
            return failure(done);
        for (std::size_t i = 0; i < count; ++i) {
            auto point = scorePoint(i);
            if (!point)
                return failure(point);
            m_report.points.push_back(std::move(*point));
            if (onPoint)
                onPoint(m_report.points.back(), i);
        }
        m_report.best = bestOf([](std::size_t) { return true; });
        if (auto done = m_heldOut != nullptr ? scoreHeldOut() : crossValidate(); !done)
            return failure(done);
        return std::move(m_report);
    }

private:
    [[nodiscard]] std::vector<double> knobsAt(std::size_t index) const
    {
        std::vector<double> values(m_knobs.size());
        for (std::size_t k = m_knobs.size(); k-- > 0; index /= m_knobs[k].points)
            values[k] = m_knobs[k].at(index % m_knobs[k].points);
        return values;
    }

    Result<ModelPtr> modelAt(std::size_t index)
    {
        auto recipe = withKnobs(m_recipe, m_knobs, knobsAt(index));
        if (!recipe)
            return failure(recipe);
        return m_makeModel(*recipe, m_base);
    }

    // Scores the base. The points differ from each other from some layer on and from the base perhaps earlier: where the base comes
    // as far, it makes the states from which all points start, else the first point does.
    Result<void> prepare(std::size_t count)
    {
        auto first = modelAt(0), last = modelAt(count - 1);
        if (!first || !last)
            return failure(first ? last : first);
        const std::size_t layers = m_base->config().layers.size();
        const std::size_t fromBase = (*first)->firstDifference(*m_base).value_or(layers);
        const std::size_t fromFirst = (*last)->firstDifference(**first).value_or(layers);
        const ModelPtr& reference = fromBase >= fromFirst ? m_base : *first;
        m_report.firstLayer = fromBase >= fromFirst ? fromBase : fromFirst;
        if (m_report.firstLayer > 0 && m_metric.tokens > 0)
            m_boundary.emplace(reference, m_options.precision, std::vector{m_report.firstLayer}, m_options.boundaryBytes);
        m_first = reference == m_base ? nullptr : *first;
        auto values = m_metric.score(m_base, m_first == nullptr ? boundary() : nullptr, m_progress);
        if (!values)
            return failure(values);
        m_report.base = scoreOf(std::move(*values), m_metric);
        return {};
    }

    BoundaryStates* boundary() { return m_boundary ? &*m_boundary : nullptr; }

    Result<SweepPoint> scorePoint(std::size_t index)
    {
        auto model = index == 0 && m_first != nullptr ? Result<ModelPtr>(m_first) : modelAt(index);
        if (!model)
            return failure(model);
        auto values = m_metric.score(*model, boundary(), m_progress);
        if (!values)
            return failure(values);
        SweepPoint point{knobsAt(index), scoreOf(std::move(*values), m_metric), {}};
        point.delta = deltaOf(m_report.base, point.score, m_metric, m_options.seed);
        return point;
    }

    // The point with the best mean over the items that `counts` admits; the first of equals.
    template <class Counts> std::size_t bestOf(const Counts& counts) const
    {
        std::size_t best = 0;
        double most = -std::numeric_limits<double>::infinity();
        for (std::size_t p = 0; p < m_report.points.size(); ++p) {
            const std::vector<double>& values = m_report.points[p].score.values;
            double total = 0;
            for (std::size_t i = 0; i < values.size(); ++i)
                total += counts(i) ? values[i] : 0;
            if (!m_metric.moreIsBetter)
                total = -total;
            if (total > most) {
                most = total;
                best = p;
            }
        }
        return best;
    }

    Result<void> scoreHeldOut()
    {
        auto model = modelAt(m_report.best);
        if (!model)
            return failure(model);
        auto base = m_heldOut->score(m_base, nullptr, m_progress);
        if (!base)
            return failure(base);
        auto best = m_heldOut->score(*model, nullptr, m_progress);
        if (!best)
            return failure(best);
        keepHeldOut({false, scoreOf(std::move(*base), *m_heldOut), scoreOf(std::move(*best), *m_heldOut), {}}, *m_heldOut);
        return {};
    }

    // Items that depend on their neighbours are divided in blocks, others in turn.
    Result<void> crossValidate()
    {
        const std::size_t n = m_report.base.values.size(), parts = std::min(n, folds);
        if (parts < 2)
            return {};
        const auto foldOf = [&](std::size_t item) { return m_metric.ordered ? item * parts / n : item % parts; };
        std::vector<double> values(n);
        for (std::size_t fold = 0; fold < parts; ++fold) {
            const std::size_t chosen = bestOf([&](std::size_t item) { return foldOf(item) != fold; });
            for (std::size_t i = 0; i < n; ++i)
                if (foldOf(i) == fold)
                    values[i] = m_report.points[chosen].score.values[i];
        }
        keepHeldOut({true, m_report.base, scoreOf(std::move(values), m_metric), {}}, m_metric);
        return {};
    }

    void keepHeldOut(HeldOut heldOut, const Metric& metric)
    {
        heldOut.delta = deltaOf(heldOut.base, heldOut.best, metric, m_options.seed);
        m_report.heldOut = std::move(heldOut);
    }

    const ModelPtr& m_base;
    const Recipe& m_recipe;
    std::span<const Knob> m_knobs;
    const MakeModel& m_makeModel;
    const Metric& m_metric;
    const Metric* m_heldOut;
    const SweepOptions& m_options;
    Progress& m_progress;
    ModelPtr m_first; // the first point where it makes the states
    std::optional<BoundaryStates> m_boundary;
    SweepReport m_report;
};

} // namespace

Result<SweepReport> sweep(const ModelPtr& base, const Recipe& recipe, std::span<const Knob> knobs, const MakeModel& makeModel, const Metric& metric,
                          const Metric* heldOut, const SweepOptions& options, Progress& progress, const OnPoint& onPoint)
{
    const auto start = std::chrono::steady_clock::now();
    auto report = Sweep(base, recipe, knobs, makeModel, metric, heldOut, options, progress).run(onPoint);
    if (report)
        report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

} // namespace wb
