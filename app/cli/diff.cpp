// wb diff A B: what differs between two checkpoints, either of them with staged edits. Exit code 0: nothing.
#include "app/cli/cli.h"

#include "core/analysis/diff.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    SourceArguments a, b;
    DiffOptions options;
};

void printNames(const char* what, const std::vector<std::string>& names)
{
    for (const std::string& name : names)
        fmt::print("{}  {}\n", what, shownName(name));
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
                       d.character == "scaled" ? "scaled by " + valueText(d.scale) : d.character});
        table.print();
    }
    if (report.nothingDiffers())
        fmt::print("Nothing differs: {} tensors are identical.\n", report.identical);
    else
        fmt::print("{} differ, {} identical.\n", report.changed.size(), report.identical);
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
    if (globals.json)
        printJson("diff", report->toJson());
    else
        printText(*report);
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
    app.add_option("--top", arguments->options.top, "Elements shown per tensor, largest difference first")
        ->check(CLI::Range(0, 100000));
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
