// wb stats PATH [TENSOR…]: statistics, quantiles, histogram and outliers, over all elements.
#include "app/cli/choices.h"
#include "app/cli/cli.h"

#include "core/analysis/profile.h"
#include "core/analysis/statistics.h"
#include "core/base/parallel.h"
#include "core/tensor/float8factors.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <map>
#include <optional>

namespace wb::cli {
namespace {

struct Arguments {
    SourceArguments source;
    TensorArguments tensors;
    std::size_t bins = 64;
    std::string range;
    std::vector<double> quantiles;
    std::optional<ProfileKind> by;
};

struct Row {
    const TensorInfo* info = nullptr;
    Statistics statistics;
    std::optional<Profile> profile;
};

Result<StatisticsOptions> optionsOf(const Arguments& arguments, bool json)
{
    StatisticsOptions options;
    options.bins = arguments.bins;
    if (!json)
        options.outliers = 0; // the table does not show them
    if (!arguments.quantiles.empty())
        options.quantiles = arguments.quantiles;
    if (arguments.range.empty())
        return options;
    const std::size_t colon = arguments.range.find(':');
    const auto number = [&](std::string_view text) -> std::optional<double> {
        double value = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool whole = problem == std::errc() && end == text.data() + text.size();
        return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
    };
    const std::string_view text = arguments.range;
    const auto low = number(text.substr(0, colon));
    const auto high = colon == std::string::npos ? std::nullopt : number(text.substr(colon + 1));
    if (!low || !high || *low >= *high)
        return fail(ErrorCode::BadArgument, "--range", arguments.range + " is not a range LO:HI with LO < HI");
    options.range = {*low, *high};
    return options;
}

void printProfile(const Row& row)
{
    fmt::print("\n{}\n", shownName(row.info->name));
    Table table({profileName(row.profile->kind), "min", "max", "mean", "std", "L2", "NaN", "Inf"},
                {true, true, true, true, true, true, true, true});
    for (std::size_t i = 0; i < row.profile->groups.size(); ++i) {
        const GroupStatistics& g = row.profile->groups[i];
        table.add({std::to_string(i), valueText(g.min), valueText(g.max), valueText(g.mean), valueText(g.std), valueText(g.l2),
                   countText(g.nan), countText(g.inf)});
    }
    table.print();
}

void printText(const std::vector<Row>& rows)
{
    Table table({"tensor", "count", "min", "max", "mean", "std", "kurtosis", "zero", "NaN", "Inf"},
                {false, true, true, true, true, true, true, true, true, true});
    for (const auto& [info, s, profile] : rows)
        table.add({shownName(info->name), countText(s.count), valueText(s.min), valueText(s.max), valueText(s.mean),
                   valueText(s.std), valueText(s.kurtosis), countText(s.zero), countText(s.nan), countText(s.inf)});
    table.print();
    for (const Row& row : rows)
        if (row.profile)
            printProfile(row);
}

// Of all of them, in their order. What is small goes side by side, as a model of many experts has 10⁵ of them; what is large one after the
// other, each on all cores.
Result<std::vector<Row>> computeAll(const TensorSource& source, const std::vector<std::size_t>& tensors, const StatisticsOptions& options, const Arguments& arguments, const Globals& globals)
{
    constexpr std::uint64_t smallBytes = std::uint64_t{1} << 20;
    StatisticsCache cache(globals.cacheBytes());
    const HeadShape heads = headShapeOf(source.config());
    ShownProgress progress(globals);
    std::vector<std::size_t> small, large;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const TensorInfo& info = source.tensors()[tensors[i]];
        bytes += info.bytes;
        (info.bytes <= smallBytes ? small : large).push_back(i);
    }
    static_cast<Progress&>(progress).begin(ProgressStage::Reading, ProgressUnit::Bytes, bytes);
    std::vector<Row> rows(tensors.size());
    std::vector<Result<void>> done(tensors.size()); // by tensor, so that of several errors the first is told
    const auto compute = [&](std::size_t i) -> Result<void> {
        auto statistics = computeStatistics(source, tensors[i], options, cache, progress);
        if (!statistics)
            return failure(statistics);
        rows[i] = {&source.tensors()[tensors[i]], std::move(*statistics), std::nullopt};
        if (!arguments.by)
            return {};
        auto profile = profileOf(source, tensors[i], *arguments.by, heads, progress);
        if (!profile)
            return failure(profile);
        rows[i].profile = std::move(*profile);
        return {};
    };
    parallelFor(small.size(), [&](std::size_t i) { done[small[i]] = compute(small[i]); });
    for (const std::size_t i : large)
        if (done[i] = compute(i); !done[i])
            break;
    for (const Result<void>& one : done)
        if (!one)
            return failure(one);
    return rows;
}

Result<int> run(const Arguments& arguments, const Globals& globals)
{
    auto options = optionsOf(arguments, globals.json);
    if (!options)
        return failure(options);
    auto opened = open(arguments.source, globals);
    if (!opened)
        return failure(opened);
    auto chosen = choose(arguments.tensors, *opened);
    if (!chosen)
        return failure(chosen);
    // Named by hand it is an error; of a selection or of all, opaque tensors have no numbers to give.
    std::erase_if(*chosen, [&](std::size_t tensor) {
        const TensorInfo& info = opened->source->tensors()[tensor];
        const bool left = info.dtype == DType::Opaque && arguments.tensors.names.empty();
        if (left)
            printWarning(globals, {ErrorCode::OpaqueDtype, info.name, {info.name, info.storedType}});
        return left;
    });
    const auto found = computeAll(*opened->source, *chosen, *options, arguments, globals);
    if (!found)
        return failure(found);
    const std::vector<Row>& rows = *found;
    if (!globals.json) {
        printText(rows);
        return 0;
    }
    Json tensors = Json::array();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& [info, statistics, profile] = rows[i];
        Json row = {{"name", info->name}};
        row.update(toJson(statistics, *info));
        if (const auto factors = float8FactorsOf(*opened->source, (*chosen)[i]))
            row["factors"] = opened->source->tensors()[*factors].name;
        if (profile)
            row["by"] = profile->toJson();
        tensors.push_back(std::move(row));
    }
    printJson("stats", {{"tensors", tensors}});
    return 0;
}

} // namespace

Run addStats(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->source.addWithRecipes(app);
    arguments->tensors.addNames(app);
    arguments->tensors.addSelect(app);
    app.add_option("--bins", arguments->bins, "Bins of the histogram")->check(CLI::Range(1, 1 << 20));
    app.add_option("--range", arguments->range, "Range LO:HI of the histogram (default: min to max)");
    app.add_option("--quantiles", arguments->quantiles, "Quantiles, as 0.01,0.5,0.99")
        ->delimiter(',')
        ->check(CLI::Range(0.0, 1.0));
    static const std::map<std::string, ProfileKind> kinds = {{"row", ProfileKind::Row},
                                                             {"col", ProfileKind::Column},
                                                             {"head", ProfileKind::Head},
                                                             {"expert", ProfileKind::Expert}};
    app.add_option("--by", arguments->by, "Also for each row, col, head or expert")->transform(oneOf(kinds));
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
