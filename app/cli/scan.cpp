// wb scan PATH: what is wrong with the stored values? Exit code 1 when something is NaN, infinite or a broken scale.
#include "app/cli/cli.h"

#include "core/analysis/scan.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

void printText(const ScanReport& report)
{
    if (!report.tensors.empty()) {
        Table table({"tensor", "NaN", "Inf", "denormal", "zero rows", "bad scales"}, {false, true, true, true, true, true});
        for (const ScanFinding& finding : report.tensors)
            table.add({shownName(finding.name), countText(finding.nan), countText(finding.inf), countText(finding.denormal),
                       countText(finding.zeroRows), countText(finding.badScales)});
        table.print();
    }
    for (const auto& names : report.duplicates)
        fmt::print("stored twice: {}\n", shownName(fmt::format("{}", fmt::join(names, " = "))));
    fmt::print("{} of {} tensors have findings{}\n", report.tensors.size(), report.scanned,
               report.isBroken() ? "" : "; none is NaN, infinite or a broken scale");
}

} // namespace

Run addScan(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<SourceArguments>();
    arguments->addWithRecipes(app);
    return [arguments, &globals]() -> Result<int> {
        auto opened = open(*arguments, globals);
        if (!opened)
            return failure(opened);
        Result<ScanReport> report;
        {
            ShownProgress progress(globals);
            report = scanSource(*opened->source, progress);
        }
        if (!report)
            return failure(report);
        if (globals.json)
            printJson("scan", report->toJson());
        else
            printText(*report);
        return report->isBroken() ? 1 : 0;
    };
}

} // namespace wb::cli
