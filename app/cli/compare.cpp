// wb compare A B: results that other programs wrote, or counts alone, in the same paired comparison as our own.
#include "app/cli/cli.h"

#include "core/base/file.h"
#include "core/eval/importresults.h"
#include "core/eval/report.h"
#include "core/eval/resultjson.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>

namespace wb::cli {
namespace {

struct Arguments {
    std::string a, b, items, html, csv;
    ImportOptions import;
    std::uint64_t seed = 0;
};

// "1,0,4,15": both, only A, only B, neither.
Result<PairedCounts> parseCounts(const std::string& text)
{
    std::vector<std::uint64_t> counts;
    const char* at = text.data();
    const char* end = at + text.size();
    while (at <= end) {
        std::uint64_t value = 0;
        const auto [stop, problem] = std::from_chars(at, end, value);
        if (problem != std::errc() || (stop != end && *stop != ',') || value > 100'000'000)
            break;
        counts.push_back(value);
        at = stop + 1;
    }
    if (counts.size() != 4 || at <= end || counts[0] + counts[1] + counts[2] + counts[3] == 0)
        return fail(ErrorCode::BadArgument, "--items", "\"" + text + "\" is not four counts: both right, only A, only B, neither");
    return PairedCounts{counts[0], counts[1], counts[2], counts[3]};
}

ReportSide sideOf(const std::string& name, std::uint64_t correct, std::uint64_t total)
{
    return {name, static_cast<double>(correct) / static_cast<double>(total), wilsonInterval(correct, total), correct};
}

void print(const ResultReport& report, const PairedComparison& paired, Json more, const Globals& globals)
{
    if (globals.json) {
        Json sides = Json::array();
        for (const ReportSide& side : report.sides)
            sides.push_back({{"name", side.name}, {"correct", side.correct}, {"score", side.score}, {"ci95", {side.ci95.low, side.ci95.high}}});
        more.update({{"n", paired.counts.total()}, {"sides", std::move(sides)}, {"paired", pairedToJson(paired)}, {"sentences", report.sentences}});
        return printJson("compare", more);
    }
    fmt::print("{}\n", shownName(report.title));
    for (const ReportSide& side : report.sides)
        fmt::print("  {}: {} of {}, {:.1f} % (95 % from {:.1f} to {:.1f} %)\n", shownName(side.name), side.correct, paired.counts.total(), 100 * side.score, 100 * side.ci95.low,
                   100 * side.ci95.high);
    for (const std::string& sentence : report.sentences)
        fmt::print("  {}\n", shownName(sentence));
}

std::vector<std::string> sentencesOf(const PairedComparison& paired, const std::string& name)
{
    std::vector<std::string> out = {verdictWords(paired, name, std::nullopt) + "."};
    out.push_back(fmt::format("Difference {:+.1f} points, 95 % from {:+.1f} to {:+.1f} (paired bootstrap).", 100 * paired.delta, 100 * paired.ci95.low, 100 * paired.ci95.high));
    if (const std::string caution = cautionWords(paired, std::nullopt); !caution.empty())
        out.push_back(caution);
    return out;
}

Result<int> compareCounts(const Arguments& arguments, const Globals& globals)
{
    auto counts = parseCounts(arguments.items);
    if (!counts)
        return failure(counts);
    const PairedComparison paired = comparePaired(*counts, arguments.seed);
    ResultReport report;
    report.title = fmt::format("{} items, by their counts", counts->total());
    report.sides = {sideOf("A", counts->both + counts->onlyA, counts->total()), sideOf("B", counts->both + counts->onlyB, counts->total())};
    report.sentences = sentencesOf(paired, "B");
    print(report, paired, Json::object(), globals);
    return 0;
}

ReportSide importedSide(const ImportedResults& results, const std::vector<std::size_t>& places, std::uint64_t seed)
{
    std::vector<double> shares;
    std::uint64_t correct = 0;
    bool several = false;
    for (const std::size_t place : places) {
        const Outcome outcome = results.items[place].outcome();
        shares.push_back(outcome.share());
        correct += outcome.mostly() ? 1 : 0;
        several = several || outcome.answers > 1;
    }
    ReportSide side = sideOf(results.name, correct, places.size());
    if (several) {
        side.score = meanOf(shares).value;
        side.ci95 = pairedBootstrap(shares, seed);
    }
    return side;
}

ResultReport reportOf(const ImportedResults& a, const ImportedResults& b, const MatchedResults& matched, const PairedComparison& paired, std::uint64_t seed)
{
    ResultReport report;
    report.title = fmt::format("{} and {}", a.name, b.name);
    report.sentences = sentencesOf(paired, b.name);
    report.settings = {{"results of", a.origin == b.origin ? a.origin : a.origin + " and " + b.origin}, {"items of both", std::to_string(matched.pairs.size())},
                       {"items of one only, left out", fmt::format("{} and {}", matched.onlyInA, matched.onlyInB)}};
    if (!a.metric.empty())
        report.settings.emplace_back("metric", a.filter.empty() ? a.metric : fmt::format("{} ({})", a.metric, a.filter));
    std::vector<std::size_t> left, right;
    for (const auto& [mine, theirs] : matched.pairs) {
        left.push_back(mine);
        right.push_back(theirs);
        report.items.push_back({a.items[mine].id, "", {a.items[mine].answers, b.items[theirs].answers}});
    }
    report.sides = {importedSide(a, left, seed), importedSide(b, right, seed)};
    return report;
}

Result<int> compareFiles(const Arguments& arguments, const Globals& globals)
{
    auto a = importResults(arguments.a, arguments.import);
    if (!a)
        return failure(a);
    auto b = importResults(arguments.b, arguments.import);
    if (!b)
        return failure(b);
    if (a->name == b->name) { // folders tell them apart
        a->name = arguments.a;
        b->name = arguments.b;
    }
    auto matched = matchResults(*a, *b);
    if (!matched)
        return failure(matched);
    const PairedComparison paired = compareMatched(*a, *b, *matched, arguments.seed);
    const ResultReport report = reportOf(*a, *b, *matched, paired, arguments.seed);
    if (matched->onlyInA + matched->onlyInB != 0 && !globals.quiet)
        fmt::print(stderr, "wb: {} items are only in {} and {} only in {}; they are left out\n", matched->onlyInA, shownName(a->name), matched->onlyInB, shownName(b->name));
    if (!arguments.csv.empty())
        if (auto done = writeTextAtomically(arguments.csv, toCsv(report)); !done)
            return failure(done);
    if (!arguments.html.empty())
        if (auto done = writeTextAtomically(arguments.html, toHtml(report)); !done)
            return failure(done);
    print(report, paired, {{"origin", {a->origin, b->origin}}, {"metric", a->metric}, {"filter", a->filter}, {"only_in_a", matched->onlyInA}, {"only_in_b", matched->onlyInB}}, globals);
    return 0;
}

Result<int> run(const Arguments& arguments, const Globals& globals)
{
    if (!arguments.items.empty())
        return compareCounts(arguments, globals);
    if (arguments.b.empty())
        return fail(ErrorCode::BadArgument, "compare", "it takes two files of results, or --items");
    return compareFiles(arguments, globals);
}

} // namespace

Run addCompare(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    auto* a = app.add_option("A", arguments->a, "Results: samples_*.jsonl of lm-evaluation-harness, *_results.jsonl of HumanEval, or what wb evaluate -o wrote")->type_name("FILE");
    app.add_option("B", arguments->b, "Results of the same items")->type_name("FILE");
    app.add_option("--items", arguments->items, "Counts instead of files: both right, only A, only B, neither")->type_name("N,N,N,N")->excludes(a);
    app.add_option("--metric", arguments->import.metric, "Of lm-evaluation-harness (default: the first it names)");
    app.add_option("--filter", arguments->import.filter, "Likewise, where there are several (default: the first)");
    app.add_option("--seed", arguments->seed, "Of the resampling (default 0)");
    app.add_option("--csv", arguments->csv, "A table of the items; a file of that name is replaced")->type_name("FILE");
    app.add_option("--report", arguments->html, "A page for a browser; likewise")->type_name("FILE.html");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
