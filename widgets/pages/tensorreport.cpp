#include "widgets/pages/tensorreport.h"

#include <algorithm>
#include <cmath>

namespace wb {
namespace {

using Range = std::pair<double, double>;

// All finite values of both; widened when they are one and the same value.
Range rangeOf(const Statistics& a, const Statistics* b)
{
    double low = a.min, high = a.max;
    if (b) {
        low = std::fmin(low, b->min); // fmin and fmax leave NaN out: no finite values
        high = std::fmax(high, b->max);
    }
    if (!std::isfinite(low) || !std::isfinite(high)) return {-1, 1};
    if (low < high) return {low, high};
    const double half = low == 0 ? 1 : std::abs(low) / 2;
    return {low - half, high + half};
}

bool covers(const Histogram& histogram, const Range& range)
{
    return histogram.edges.size() > 1 && histogram.edges.front() == range.first &&
           histogram.edges.back() == range.second;
}

} // namespace

Result<TensorReport> computeTensorReport(const TensorRequest& request, StatisticsCache& cache,
                                         Progress& progress)
{
    StatisticsOptions options;
    options.bins = request.bins;
    options.outliers = 0;
    options.quick = request.quick;
    options.range = request.range;
    const auto compute = [&](const SourcePtr& source, std::size_t tensor) {
        return computeStatistics(*source, tensor, options, cache, progress);
    };
    TensorReport report;
    Result<Statistics> original = compute(request.original, request.tensor);
    if (!original) return failure(original);
    report.original = std::move(*original);
    const bool edited =
        request.original->fingerprint(request.tensor) != request.patched->fingerprint(request.tensor);
    if (edited) {
        Result<Statistics> patched = compute(request.patched, request.tensor);
        if (!patched) return failure(patched);
        report.patched = std::move(*patched);
    }
    options.range =
        request.range.value_or(rangeOf(report.original, report.patched ? &*report.patched : nullptr));
    if (!covers(report.original.histogram, *options.range)) {
        Result<Statistics> again = compute(request.original, request.tensor);
        if (!again) return failure(again);
        report.original.histogram = std::move(again->histogram);
    }
    if (report.patched && !covers(report.patched->histogram, *options.range)) {
        Result<Statistics> again = compute(request.patched, request.tensor);
        if (!again) return failure(again);
        report.patched->histogram = std::move(again->histogram);
    }
    if (request.neighbour) {
        Result<Statistics> neighbour = compute(request.original, *request.neighbour);
        if (!neighbour) return failure(neighbour);
        report.neighbour = std::move(neighbour->histogram);
    }
    return report;
}

std::vector<std::size_t> otherLayers(std::span<const TensorRole> roles, std::size_t tensor)
{
    const TensorRole& own = roles[tensor];
    std::vector<std::size_t> others;
    if (!own.layer || own.companion) return others;
    for (std::size_t i = 0; i < roles.size(); ++i)
        if (roles[i].layer && roles[i].layer != own.layer && roles[i].role == own.role &&
            roles[i].expert == own.expert)
            others.push_back(i);
    return others.size() < 3 ? std::vector<std::size_t>() : others;
}

Result<std::size_t> middleOf(const TensorSource& source, const std::vector<std::size_t>& tensors,
                             StatisticsCache& cache, Progress& progress)
{
    StatisticsOptions options;
    options.bins = 1;
    options.outliers = 0;
    options.quantiles.clear();
    std::vector<std::pair<double, std::size_t>> spreads;
    for (const std::size_t tensor : tensors) {
        const Result<Statistics> statistics = computeStatistics(source, tensor, options, cache, progress);
        if (!statistics) return failure(statistics);
        if (std::isfinite(statistics->std)) spreads.emplace_back(statistics->std, tensor);
    }
    if (spreads.empty()) return tensors.front();
    std::ranges::sort(spreads);
    return spreads[spreads.size() / 2].second;
}

} // namespace wb
