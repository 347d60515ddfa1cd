// wb apply PATH RECIPE… -o OUT: export with proof.
#include "app/cli/cli.h"

#include "core/checkpoint/export.h"
#include "core/recipe/recipejson.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    SourceArguments source;
    std::string out, dtype = "keep", verify;
    ExportOptions options;
    bool dryRun = false;
};

Result<int> dryRun(const Arguments& arguments, const Opened& opened, const Globals& globals)
{
    auto plan = planExport(*opened.source, *opened.layout, arguments.out, arguments.options);
    if (!plan)
        return failure(plan);
    const auto written = plan->names(false), shared = plan->names(true);
    if (globals.json)
        printJson("apply", {{"dry_run", true},
                            {"written", written},
                            {"linked_or_copied", shared},
                            {"tensors_touched", plan->touched.size()},
                            {"bytes_to_write", plan->bytesToWrite},
                            {"free_bytes", plan->freeBytes}});
    else
        fmt::print("{} tensors touched; {} {} written anew, {} shared or copied; {} of {} free\n", plan->touched.size(),
                   written.size(), written.size() == 1 ? "file" : "files", shared.size(), bytesText(plan->bytesToWrite),
                   bytesText(plan->freeBytes));
    return 0;
}

Result<int> run(Arguments& arguments, const Globals& globals)
{
    arguments.options.fromDisk = arguments.verify == "disk";
    auto opened = open(arguments.source, globals);
    if (!opened)
        return failure(opened);
    for (const std::string& file : arguments.source.recipes) {
        auto recipe = loadRecipe(file);
        if (!recipe)
            return failure(recipe);
        arguments.options.recipes.push_back(std::make_shared<const Json>(recipeToJson(**recipe)));
    }
    if (arguments.dtype != "keep")
        opened->source = convertedFor(*opened->checkpoint, opened->source, safetensorsDType(arguments.dtype)->dtype);
    if (arguments.dryRun)
        return dryRun(arguments, *opened, globals);
    Result<ExportReport> report;
    {
        ShownProgress progress(globals);
        report = exportCheckpoint(*opened->source, *opened->layout, arguments.out, arguments.options, progress);
    }
    if (!report)
        return failure(report);
    if (globals.json) {
        printJson("apply", report->toJson());
        return 0;
    }
    fmt::print("{}\n", report->proof());
    fmt::print("Written, read back and compared: {} in {:.2f} s\n", bytesText(report->bytesWritten), report->seconds);
    fmt::print("Manifest: {}\n", report->manifest);
    return 0;
}

} // namespace

Run addApply(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->source.add(app);
    app.add_option("RECIPE", arguments->source.recipes, "Recipes, applied in order")->required();
    app.add_option("-o,--output", arguments->out, "Folder for a folder, file for a file")->required();
    app.add_option("--dtype", arguments->dtype, "Stored type of all float and quantised tensors: keep, F64, F32, F16 or BF16; vectors of a GGUF and factors beside 8-bit floats keep theirs")
        ->check(CLI::IsMember({"keep", "F64", "F32", "F16", "BF16"}));
    app.add_option_function<std::string>(
           "--shard-size",
           [arguments](const std::string& text) {
               std::size_t bytes = 0;
               if (const std::string problem = readBytes(text, bytes); !problem.empty() || bytes == 0)
                   throw CLI::ValidationError("--shard-size", problem.empty() ? "0 bytes hold nothing" : problem);
               arguments->options.shardBytes = bytes;
           },
           "Lay the tensors out anew in shards of at most so many bytes (with K, M or G); OUT is then a folder")
        ->type_name("BYTES");
    app.add_flag("--link", arguments->options.link, "Hard links for untouched files, which then share bytes with the source");
    app.add_option("--verify", arguments->verify, "disk: drop what was written from memory before it is read back")
        ->check(CLI::IsMember({"disk"}));
    app.add_flag("--replace", arguments->options.replace, "Exchange an existing export for the new one");
    app.add_flag("--allow-nonfinite", arguments->options.allowNonFinite, "Write new NaN and infinities too");
    app.add_flag("--dry-run", arguments->dryRun, "Say what would be written");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
