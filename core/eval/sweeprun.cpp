#include "core/eval/sweeprun.h"

#include <cmath>
#include <limits>

namespace wb {
namespace {

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
        out.ci95 = normalInterval({out.mean, out.standardError});
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
    out.ci95 = normalInterval({out.mean, error});
    return out;
}

} // namespace

const char* heldOutName(HeldOut::How how)
{
    switch (how) {
    case HeldOut::How::Apart: return "items of their own";
    case HeldOut::How::CrossValidated: return "cross-validated: each tenth of the items scored by the point that is best on the rest";
    case HeldOut::How::Third: return "a third of the items, which the search did not see";
    }
    return "";
}

SweepRun::SweepRun(const ModelPtr& base, const Recipe& recipe, std::span<const Knob> knobs, const MakeModel& makeModel, const Metric& metric,
                   const Metric* heldOut, const SweepOptions& options, Progress& progress)
    : m_base(base), m_recipe(recipe), m_knobs(knobs), m_makeModel(makeModel), m_metric(metric), m_heldOut(heldOut), m_options(options), m_progress(progress)
{
}

Result<ModelPtr> SweepRun::modelOf(const std::vector<double>& knobs) const
{
    auto recipe = withKnobs(m_recipe, m_knobs, knobs);
    if (!recipe)
        return failure(recipe);
    return m_makeModel(*recipe, m_base);
}

// The points differ from each other from some layer on and from the base perhaps earlier: where the base comes as far, it makes the
// states from which all points start, else the first point does.
Result<void> SweepRun::begin(std::size_t points, const std::vector<double>& low, const std::vector<double>& high)
{
    m_progress.begin(ProgressStage::Computing, m_metric.unit, (points + 1) * m_metric.steps + (m_heldOut != nullptr ? 2 * m_heldOut->steps : 0));
    auto first = modelOf(low), last = modelOf(high);
    if (!first || !last)
        return failure(first ? last : first);
    const std::size_t layers = m_base->config().layers.size();
    const std::size_t fromBase = (*first)->firstDifference(*m_base).value_or(layers);
    const std::size_t fromFirst = (*last)->firstDifference(**first).value_or(layers);
    const bool baseMakes = fromBase >= fromFirst;
    m_report.firstLayer = baseMakes ? fromBase : fromFirst;
    if (m_report.firstLayer > 0 && m_metric.tokens > 0)
        m_boundary.emplace(baseMakes ? m_base : *first, m_options.precision, std::vector{m_report.firstLayer}, m_options.boundaryBytes);
    if (!baseMakes) {
        m_first = *first;
        m_firstKnobs = low;
    }
    auto values = m_metric.score(m_base, baseMakes ? boundary() : nullptr, m_progress);
    if (!values)
        return failure(values);
    m_baseValues = std::move(*values);
    m_report.base = seen(m_baseValues);
    return {};
}

void SweepRun::holdOutThird() { m_third = m_heldOut == nullptr; }

std::vector<double> SweepRun::part(const std::vector<double>& values, bool heldOut) const
{
    const std::size_t n = values.size();
    std::vector<double> out;
    for (std::size_t i = 0; i < n; ++i)
        if ((m_metric.ordered ? i >= n - n / 3 : i % 3 == 2) == heldOut)
            out.push_back(values[i]);
    return out;
}

SweepScore SweepRun::seen(const std::vector<double>& values) const { return scoreOf(m_third && values.size() > 2 ? part(values, false) : values, m_metric); }

Result<std::vector<double>> SweepRun::valuesOf(const std::vector<double>& knobs)
{
    const std::vector<double>* known = m_options.kept != nullptr ? m_options.kept->find(knobs) : nullptr;
    if (known != nullptr && known->size() == m_baseValues.size()) {
        if (!m_progress.advance(m_metric.steps))
            return cancelledError();
        return *known;
    }
    auto model = m_first != nullptr && knobs == m_firstKnobs ? Result<ModelPtr>(m_first) : modelOf(knobs);
    if (!model)
        return failure(model);
    auto values = m_metric.score(*model, boundary(), m_progress);
    if (values && m_options.kept != nullptr)
        if (auto done = m_options.kept->add(knobs, *values); !done)
            return failure(done);
    return values;
}

Result<const SweepPoint*> SweepRun::score(const std::vector<double>& knobs)
{
    auto values = valuesOf(knobs);
    if (!values)
        return failure(values);
    SweepPoint point{knobs, seen(*values), {}};
    point.delta = deltaOf(m_report.base, point.score, m_metric, m_options.seed);
    m_values.push_back(std::move(*values));
    m_report.points.push_back(std::move(point));
    return &m_report.points.back();
}

// The point with the best mean over the scored items that `counts` admits; the first of equals.
template <class Counts> std::size_t SweepRun::bestOf(const Counts& counts) const
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

Result<SweepReport> SweepRun::finish()
{
    m_report.best = bestOf([](std::size_t) { return true; });
    if (m_heldOut != nullptr) {
        if (auto done = scoreApart(); !done)
            return failure(done);
    } else if (m_third) {
        scoreThird();
    } else {
        crossValidate();
    }
    return std::move(m_report);
}

Result<void> SweepRun::scoreApart()
{
    auto model = modelOf(m_report.points[m_report.best].knobs);
    if (!model)
        return failure(model);
    auto base = m_heldOut->score(m_base, nullptr, m_progress);
    if (!base)
        return failure(base);
    auto best = m_heldOut->score(*model, nullptr, m_progress);
    if (!best)
        return failure(best);
    keepHeldOut({HeldOut::How::Apart, scoreOf(std::move(*base), *m_heldOut), scoreOf(std::move(*best), *m_heldOut), {}}, *m_heldOut);
    return {};
}

void SweepRun::scoreThird()
{
    if (m_baseValues.size() > 2)
        keepHeldOut({HeldOut::How::Third, scoreOf(part(m_baseValues, true), m_metric), scoreOf(part(m_values[m_report.best], true), m_metric), {}}, m_metric);
}

// Items that depend on their neighbours are divided in blocks, others in turn.
void SweepRun::crossValidate()
{
    const std::size_t n = m_baseValues.size(), parts = std::min(n, folds);
    if (parts < 2)
        return;
    const auto foldOf = [&](std::size_t item) { return m_metric.ordered ? item * parts / n : item % parts; };
    std::vector<double> values(n);
    for (std::size_t fold = 0; fold < parts; ++fold) {
        const std::size_t chosen = bestOf([&](std::size_t item) { return foldOf(item) != fold; });
        for (std::size_t i = 0; i < n; ++i)
            if (foldOf(i) == fold)
                values[i] = m_values[chosen][i];
    }
    keepHeldOut({HeldOut::How::CrossValidated, m_report.base, scoreOf(std::move(values), m_metric), {}}, m_metric);
}

void SweepRun::keepHeldOut(HeldOut heldOut, const Metric& metric)
{
    heldOut.delta = deltaOf(heldOut.base, heldOut.best, metric, m_options.seed);
    m_report.heldOut = std::move(heldOut);
}

} // namespace wb
