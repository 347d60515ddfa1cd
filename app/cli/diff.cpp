// wb diff A B: what differs between two checkpoints, either of them with staged edits. Exit code 0: nothing.
#include "app/cli/cli.h"

#include "core/analysis/diff.h"
#include "core/analysis/threeway.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    SourceArguments a, b, base;
    DiffOptions options;
};

void printNames(const char* what, const std::vector<std::string>& names)
{
    for (const std::string& name : names)
        fmt::print("{}  {}\n", what, shownName(name));
}

std::string characterText(const TensorDifference& d)
{
    if (d.character == "scaled")
        return "scaled by " + valueText(d.scale);
    return d.lowRank ? fmt::format("low rank {} (effective {:.1f})", d.lowRank->rank, d.lowRank->effectiveRank) : d.character;
}

void printText(const ThreeWayReport& report)
{
    fmt::print("\nSince the base:\n");
    printNames("not in all three", report.notInBoth);
    Table table({"tensor", "in A", "in B", "in both", "conflicts", "relative A", "relative B", "cosine"},
                {false, true, true, true, true, true, true, true});
    for (const ThreeWayTensor& t : report.changed)
        table.add({shownName(t.name), countText(t.changedInA), countText(t.changedInB), countText(t.changedInBoth),
                   countText(t.conflicts), valueText(t.relativeA), valueText(t.relativeB), valueText(t.cosine)});
    table.print();
    const auto conflicts = std::ranges::count_if(report.changed, [](const ThreeWayTensor& t) { return t.conflicts != 0; });
    fmt::print("{} changed, {} of them to different values in the same elements.\n", report.changed.size(), conflicts);
}

void printText(const DiffReport& report)
{
    printNames("only in A      ", report.onlyA);
    printNames("only in B      ", report.onlyB);
    printNames("shape differs  ", report.shapeDiffers);
    printNames("type differs   ", report.dtypeDiffers);
    if (!report.changed.empty()) {
        Table table({"tensor", "changed", "of", "relative", "cosine", "max |B-A|", "character"},
                    {false, true, true, true, true, true, false});
        for (const TensorDifference& d : report.changed)
            table.add({shownName(d.name), countText(d.elementsChanged), countText(d.elements), valueText(d.relative),
                       valueText(d.cosine), valueText(d.maxAbs),
                       characterText(d)});
        table.print();
    }
    if (report.nothingDiffers())
        fmt::print("Nothing differs: {} tensors are identical.\n", report.identical);
    else
        fmt::print("{} differ, {} identical.\n", report.changed.size(), report.identical);
}

// Nothing without --base.
Result<std::optional<ThreeWayReport>> sinceBase(const Arguments& arguments, const TensorSource& a, const TensorSource& b,
                                                const Globals& globals)
{
    if (arguments.base.path.empty())
        return std::optional<ThreeWayReport>();
    const auto base = open(arguments.base, globals);
    if (!base)
        return failure(base);
    ShownProgress progress(globals);
    auto report = compareWithBase(*base->source, a, b, progress);
    if (!report)
        return failure(report);
    return std::optional(std::move(*report));
}

Result<int> run(const Arguments& arguments, const Globals& globals)
{
    auto a = open(arguments.a, globals);
    if (!a)
        return failure(a);
    auto b = open(arguments.b, globals);
    if (!b)
        return failure(b);
    Result<DiffReport> report;
    {
        ShownProgress progress(globals);
        report = diffSources(*a->source, *b->source, arguments.options, progress);
    }
    if (!report)
        return failure(report);
    const auto threeWay = sinceBase(arguments, *a->source, *b->source, globals);
    if (!threeWay)
        return failure(threeWay);
    if (globals.json) {
        Json json = report->toJson();
        if (*threeWay)
            json["since_base"] = (*threeWay)->toJson();
        printJson("diff", json);
    } else {
        printText(*report);
        if (*threeWay)
            printText(**threeWay);
    }
    return report->nothingDiffers() ? 0 : 1;
}

} // namespace

Run addDiff(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    app.add_option("A", arguments->a.path, "Checkpoint")->required();
    app.add_option("B", arguments->b.path, "Checkpoint that it is compared with")->required();
    app.add_option("--recipe-a", arguments->a.recipes, "Staged edits of A")->type_name("FILE");
    app.add_option("--recipe-b", arguments->b.recipes, "Staged edits of B")->type_name("FILE");
    app.add_option("--base", arguments->base.path, "Checkpoint that both come from: also what each changed, and where both did")
        ->type_name("PATH");
    app.add_option("--top", arguments->options.top, "Elements shown per tensor, largest difference first")
        ->check(CLI::Range(0, 100000));
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
