// wb info PATH: what a checkpoint says about itself.
#include "app/cli/cli.h"

#include "core/model/model.h"
#include "core/model/summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

Json toJson(const Checkpoint& checkpoint, const ModelSummary& summary, const Result<void>& runnable)
{
    Json files = Json::array(), dtypes = Json::object(), metadata = Json::object(), warnings = Json::array();
    for (const CheckpointFile& file : checkpoint.files()) {
        files.push_back({{"path", file.name}, {"bytes", file.file->size()}});
        for (const auto& [key, value] : file.metadata)
            metadata[key] = value;
    }
    for (const auto& [name, total] : summary.dtypes)
        dtypes[name] = {{"tensors", total.tensors}, {"bytes", total.bytes}};
    for (const auto* list : {&checkpoint.warnings(), &summary.warnings})
        for (const Error& warning : *list)
            warnings.push_back(warningJson(warning));
    return {{"format", nameOfFormat(checkpoint.format())},
            {"architecture", summary.architecture.empty() ? Json() : Json(summary.architecture)},
            {"parameters", summary.parameters},
            {"stored_parameters", summary.storedParameters},
            {"tensors", checkpoint.tensors().size()},
            {"absent", checkpoint.absent()},
            {"bytes", summary.bytes},
            {"files", files},
            {"dtypes", dtypes},
            {"tied", summary.tied},
            {"layers", summary.layers},
            {"metadata", metadata},
            {"config", checkpoint.config() != nullptr ? *checkpoint.config() : Json()},
            {"layout_fingerprint", layoutFingerprint(checkpoint)},
            {"warnings", warnings},
            {"runnable", runnable.has_value()},
            {"not_runnable_because", runnable ? Json() : Json(errorMessage(runnable.error()))}};
}

void printText(const Checkpoint& checkpoint, const ModelSummary& summary, const Result<void>& runnable)
{
    fmt::print("{}\n", shownName(checkpoint.name()));
    const std::string architecture = summary.architecture.empty() ? "architecture not stated" : summary.architecture;
    fmt::print("  {}, {} layers, {} parameters{}\n", architecture, summary.layers, countText(summary.parameters),
               summary.storedParameters == summary.parameters
                   ? ""
                   : fmt::format(" ({} stored)", countText(summary.storedParameters)));
    fmt::print("  {} tensors, {} in {} {}\n", checkpoint.tensors().size(), bytesText(summary.bytes),
               checkpoint.files().size(), checkpoint.files().size() == 1 ? "file" : "files");
    for (const auto& [name, total] : summary.dtypes)
        fmt::print("  {}: {} {}, {}\n", name, total.tensors, total.tensors == 1 ? "tensor" : "tensors",
                   bytesText(total.bytes));
    for (const auto& names : summary.tied)
        fmt::print("  tied: {}\n", fmt::join(names, " = "));
    fmt::print("  {}\n", runnable ? "runs in the engine" : "does not run: " + errorMessage(runnable.error()));
}

} // namespace

Run addInfo(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<SourceArguments>();
    arguments->add(app);
    return [arguments, &globals]() -> Result<int> {
        auto opened = open(*arguments, globals);
        if (!opened)
            return failure(opened);
        const ModelSummary summary = summarise(*opened->checkpoint);
        for (const Error& warning : summary.warnings)
            printWarning(globals, warning);
        const Result<void> runnable = Model::check(*opened->checkpoint, opened->checkpoint->root().string());
        if (globals.json)
            printJson("info", toJson(*opened->checkpoint, summary, runnable));
        else
            printText(*opened->checkpoint, summary, runnable);
        return 0;
    };
}

} // namespace wb::cli
