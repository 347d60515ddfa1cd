#include "core/analysis/statistics.h"

#include "core/analysis/outliers.h"
#include "core/analysis/widestatistics.h"
#include "core/tensor/decode.h"
#include "core/tensor/floatview.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <limits>

namespace wb {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// What makes two requests for the same bytes the same request.
std::string keyOf(const std::string& fingerprint, const StatisticsOptions& options)
{
    std::string key = fmt::format("{} statistics {} {}", fingerprint, options.bins, options.outliers);
    if (options.range)
        key += fmt::format(" {:a}:{:a}", options.range->first, options.range->second);
    for (const double q : options.quantiles)
        key += fmt::format(" {:a}", q);
    return key;
}

std::size_t bytesOf(const Statistics& statistics)
{
    return sizeof(Statistics) + statistics.histogram.counts.size() * 16 + statistics.quantiles.size() * 16 +
           statistics.outliers.size() * sizeof(Outlier) + 256;
}

// F32 and F64 while an edit moves: the base's buckets, each mapped as its middle value is.
Result<Statistics> quickStatistics(const Derived& derived, const StatisticsOptions& options, StatisticsCache& cache,
                                   Progress& progress)
{
    auto base = bucketTable(*derived.source, derived.tensor, cache, progress);
    if (!base)
        return failure(base);
    std::vector<std::pair<double, std::uint64_t>> moved;
    Statistics statistics;
    statistics.nan = (*base)->nan;
    statistics.inf = (*base)->inf;
    for (std::size_t i = 0; i < (*base)->values.size(); ++i) {
        const double value = derived.values((*base)->values[i]);
        if (std::isnan(value))
            statistics.nan += (*base)->counts[i];
        else if (std::isinf(value))
            statistics.inf += (*base)->counts[i];
        else
            moved.emplace_back(value, (*base)->counts[i]);
    }
    std::ranges::stable_sort(moved, {}, &std::pair<double, std::uint64_t>::first);
    SortedValues values;
    for (const auto& [value, count] : moved) {
        values.values.push_back(value);
        values.counts.push_back(count);
        values.total += count;
    }
    fillFrom(values, options, statistics);
    statistics.count = values.total + statistics.nan + statistics.inf;
    statistics.exact = false;
    return statistics;
}

double smallestNormal(DType dtype) { return dtype == DType::BF16 ? 0x1p-126 : dtype == DType::F16 ? 0x1p-14 : 0; }

void countSpecial(double value, std::uint64_t count, double normal, Statistics& statistics)
{
    const double magnitude = std::abs(value);
    statistics.count += count;
    statistics.nan += std::isnan(magnitude) ? count : 0;
    statistics.inf += std::isinf(magnitude) ? count : 0;
    statistics.zero += magnitude == 0 ? count : 0;
    statistics.denormal += magnitude > 0 && magnitude < normal ? count : 0;
}

void countSpecial(const ValueTable& table, Statistics& statistics)
{
    const std::vector<double>& values = codeValues(table.dtype);
    const double normal = smallestNormal(table.dtype);
    for (std::size_t code = 0; code < values.size(); ++code)
        countSpecial(values[code], table.counts[code], normal, statistics);
}

// Up to so many elements are sorted themselves: looking through a table of 65,536 codes takes a millisecond, and a model of many experts
// has 10⁵ tensors.
constexpr std::uint64_t fewElements = 8192;

// What the table of a type that has one would give.
Result<Statistics> statisticsOfFew(const TensorSource& source, std::size_t tensor, const StatisticsOptions& options, Progress& progress)
{
    const TensorInfo& info = source.tensors()[tensor];
    std::vector<std::byte> bytes(info.bytes);
    if (auto done = source.read(tensor, {0, info.units()}, bytes); !done)
        return failure(done);
    std::vector<double> values(info.elements);
    decode(info.dtype, bytes, values);
    Statistics statistics;
    LargestElements largest(options.outliers);
    const double normal = smallestNormal(info.dtype);
    std::vector<double> finite;
    for (std::size_t i = 0; i < values.size(); ++i) {
        countSpecial(values[i], 1, normal, statistics);
        if (!std::isfinite(values[i]))
            continue;
        finite.push_back(values[i] + 0.0); // -0 becomes 0
        largest.add(i, values[i]);
    }
    std::ranges::sort(finite);
    SortedValues sorted;
    sorted.total = finite.size();
    for (const double value : finite) {
        if (sorted.values.empty() || sorted.values.back() != value) {
            sorted.values.push_back(value);
            sorted.counts.push_back(0);
        }
        ++sorted.counts.back();
    }
    fillFrom(sorted, options, statistics);
    statistics.outliers = largest.elements();
    if (!progress.advance(info.bytes))
        return cancelledError();
    return statistics;
}

} // namespace

QuantileRank quantileRank(std::uint64_t total, double q)
{
    const double position = static_cast<double>(total - 1) * q;
    const auto rank = std::min(static_cast<std::uint64_t>(position), total - 1);
    return {rank, std::min(rank + 1, total - 1), position - static_cast<double>(rank)};
}

double interpolated(double below, double above, double t)
{
    // numpy's formula for its linear method: monotone, and exact at both ends.
    if (!std::isfinite(above - below))
        return below * (1 - t) + above * t;
    return t < 0.5 ? below + (above - below) * t : above - (above - below) * (1 - t);
}

namespace {

double quantileOf(const SortedValues& values, double q)
{
    if (values.total == 0)
        return nothing;
    const QuantileRank rank = quantileRank(values.total, q);
    std::size_t i = 0;
    std::uint64_t seen = values.counts[0];
    while (seen <= rank.below)
        seen += values.counts[++i];
    const double below = values.values[i];
    const double above = seen <= rank.above ? values.values[i + 1] : below;
    return interpolated(below, above, rank.t);
}

} // namespace

void fillMoments(const Moments& m, Statistics& statistics)
{
    const auto n = static_cast<long double>(m.count);
    const long double variance = m.count == 0 ? 0 : m.second / n;
    statistics.mean = m.count == 0 ? nothing : static_cast<double>(m.mean);
    statistics.absMean = m.count == 0 ? nothing : static_cast<double>(m.absSum / n);
    statistics.std = m.count == 0 ? nothing : static_cast<double>(std::sqrt(variance));
    statistics.l2 = static_cast<double>(std::sqrt(m.squares));
    statistics.rms = m.count == 0 ? nothing : static_cast<double>(std::sqrt(m.squares / n));
    statistics.skew = variance > 0 ? static_cast<double>(m.third / n / (variance * std::sqrt(variance))) : nothing;
    statistics.kurtosis = variance > 0 ? static_cast<double>(m.fourth / n / (variance * variance) - 3) : nothing;
}

void fillFrom(const SortedValues& values, const StatisticsOptions& options, Statistics& statistics)
{
    Moments m;
    m.count = values.total;
    for (std::size_t i = 0; i < values.values.size(); ++i) {
        const long double value = values.values[i], count = static_cast<long double>(values.counts[i]);
        m.mean += value * count;
        m.absSum += std::abs(value) * count;
        m.squares += value * value * count;
    }
    if (m.count != 0)
        m.mean /= static_cast<long double>(m.count);
    for (std::size_t i = 0; i < values.values.size(); ++i) {
        const long double distance = values.values[i] - m.mean, count = static_cast<long double>(values.counts[i]);
        m.second += distance * distance * count;
        m.third += distance * distance * distance * count;
        m.fourth += distance * distance * distance * distance * count;
    }
    fillMoments(m, statistics);
    statistics.min = values.total == 0 ? nothing : values.values.front();
    statistics.max = values.total == 0 ? nothing : values.values.back();
    statistics.absMax = values.total == 0 ? nothing : std::max(std::abs(statistics.min), std::abs(statistics.max));
    for (const double q : options.quantiles)
        statistics.quantiles.emplace_back(q, quantileOf(values, q));
    if (values.total == 0 && !options.range)
        return;
    const auto range = options.range.value_or(std::pair(statistics.min, statistics.max));
    statistics.histogram = Histogram::over(range.first, range.second, options.bins);
    for (std::size_t i = 0; i < values.values.size(); ++i)
        statistics.histogram.add(values.values[i], values.counts[i]);
}

Statistics statisticsOf(const ValueTable& table, const StatisticsOptions& options)
{
    Statistics statistics;
    countSpecial(table, statistics);
    fillFrom(sortedValues(table), options, statistics);
    return statistics;
}

Result<Statistics> computeStatistics(const TensorSource& source, std::size_t tensor, const StatisticsOptions& options,
                                     StatisticsCache& cache, Progress& progress)
{
    const TensorInfo& info = source.tensors()[tensor];
    if (info.dtype == DType::Opaque)
        return fail(ErrorCode::OpaqueDtype, info.name, info.name, info.storedType);
    if (hasFactors(info.dtype))
        return computeStatistics(FloatView(source, tensor), 0, options, cache, progress);
    const std::string key = keyOf(source.fingerprint(tensor), options);
    if (const auto kept = cache.find<Statistics>(key))
        return *kept;
    Statistics statistics;
    if (hasValueTable(info.dtype) && info.elements <= fewElements) {
        auto few = statisticsOfFew(source, tensor, options, progress);
        if (!few)
            return few;
        statistics = std::move(*few);
    } else if (hasValueTable(info.dtype)) {
        auto table = valueTable(source, tensor, cache, progress);
        if (!table)
            return failure(table);
        statistics = statisticsOf(**table, options);
        auto outliers = findOutliers(source, tensor, options.outliers, cache, progress);
        if (!outliers)
            return failure(outliers);
        statistics.outliers = std::move(*outliers);
    } else {
        const auto derived = source.derived(tensor);
        if (options.quick && derived && derived->values)
            return quickStatistics(*derived, options, cache, progress); // not kept: the edit is still moving
        auto streamed = wideStatistics(source, tensor, options, progress);
        if (!streamed)
            return streamed;
        statistics = std::move(*streamed);
    }
    cache.keep(key, std::make_shared<const Statistics>(statistics), bytesOf(statistics));
    return statistics;
}

std::vector<std::uint64_t> coordinates(std::uint64_t index, const Shape& shape)
{
    std::vector<std::uint64_t> position(shape.size());
    for (std::size_t i = shape.size(); i-- > 0;) {
        position[i] = index % shape[i];
        index /= shape[i];
    }
    return position;
}

namespace {

struct NamedStatistic {
    const char* name;
    double (*value)(const Statistics&);
};

constexpr std::array named = {
    NamedStatistic{"std", [](const Statistics& s) { return s.std; }},
    NamedStatistic{"mean", [](const Statistics& s) { return s.mean; }},
    NamedStatistic{"abs_mean", [](const Statistics& s) { return s.absMean; }},
    NamedStatistic{"abs_max", [](const Statistics& s) { return s.absMax; }},
    NamedStatistic{"min", [](const Statistics& s) { return s.min; }},
    NamedStatistic{"max", [](const Statistics& s) { return s.max; }},
    NamedStatistic{"rms", [](const Statistics& s) { return s.rms; }},
    NamedStatistic{"l2", [](const Statistics& s) { return s.l2; }},
    NamedStatistic{"skew", [](const Statistics& s) { return s.skew; }},
    NamedStatistic{"kurtosis", [](const Statistics& s) { return s.kurtosis; }},
    NamedStatistic{"zero", [](const Statistics& s) { return static_cast<double>(s.zero); }},
    NamedStatistic{"nan", [](const Statistics& s) { return static_cast<double>(s.nan); }},
    NamedStatistic{"inf", [](const Statistics& s) { return static_cast<double>(s.inf); }},
    NamedStatistic{"denormal", [](const Statistics& s) { return static_cast<double>(s.denormal); }},
};

} // namespace

std::optional<double> statisticByName(const Statistics& statistics, std::string_view name)
{
    const auto found = std::ranges::find_if(named, [&](const NamedStatistic& row) { return name == row.name; });
    return found == named.end() ? std::nullopt : std::optional(found->value(statistics));
}

const std::vector<std::string>& statisticNames()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const NamedStatistic& row : named)
            list.emplace_back(row.name);
        return list;
    }();
    return names;
}

Json toJson(const Statistics& s, const TensorInfo& tensor)
{
    Json quantiles = Json::object(), edges = Json::array(), outliers = Json::array();
    for (const auto& [q, value] : s.quantiles)
        quantiles[fmt::format("{}", q)] = jsonNumber(value);
    for (const double edge : s.histogram.edges)
        edges.push_back(jsonNumber(edge));
    for (const Outlier& outlier : s.outliers)
        outliers.push_back({{"index", coordinates(outlier.index, tensor.shape)}, {"value", jsonNumber(outlier.value)}});
    return {{"count", s.count},
            {"nan", s.nan},
            {"inf", s.inf},
            {"zero", s.zero},
            {"denormal", s.denormal},
            {"min", jsonNumber(s.min)},
            {"max", jsonNumber(s.max)},
            {"mean", jsonNumber(s.mean)},
            {"std", jsonNumber(s.std)},
            {"abs_mean", jsonNumber(s.absMean)},
            {"abs_max", jsonNumber(s.absMax)},
            {"rms", jsonNumber(s.rms)},
            {"l2", jsonNumber(s.l2)},
            {"skew", jsonNumber(s.skew)},
            {"kurtosis", jsonNumber(s.kurtosis)},
            {"quantiles", quantiles},
            {"histogram",
             {{"edges", edges}, {"counts", s.histogram.counts}, {"below", s.histogram.below}, {"above", s.histogram.above}}},
            {"exact", s.exact},
            {"outliers", outliers}};
}

} // namespace wb
