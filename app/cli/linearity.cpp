// wb linearity PATH: how well each layer is a linear map of its input; with something to compare, of both.
#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/analysis/linearity.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    ModelArguments model;
    CompareArguments compare;
    std::string file;
    std::size_t tokens = 0; // 0: all
    LinearityOptions options;
};

Json layerJson(const LayerLinearity& layer)
{
    return {{"from", layer.from},
            {"to", layer.to},
            {"score", jsonNumber(layer.score)},
            {"adjusted", jsonNumber(layer.adjusted)},
            {"without_residual", jsonNumber(layer.withoutResidual)},
            {"without_residual_adjusted", jsonNumber(layer.withoutResidualAdjusted)},
            {"ci95", {jsonNumber(layer.ciLow), jsonNumber(layer.ciHigh)}},
            {"anisotropy", jsonNumber(layer.anisotropy)},
            {"intrinsic_dimension", jsonNumber(layer.intrinsicDimension)},
            {"norm_ratio", jsonNumber(layer.normRatio)},
            {"rank_used", layer.rankUsed},
            {"condition", jsonNumber(layer.condition)},
            {"after_final_norm", layer.afterFinalNorm}};
}

Json layersJson(const LinearityReport& report)
{
    Json layers = Json::array();
    for (const LayerLinearity& layer : report.layers)
        layers.push_back(layerJson(layer));
    return layers;
}

std::vector<std::string> warningsOf(const LinearityReport& report)
{
    std::vector<std::string> out;
    if (report.fewTokens())
        out.push_back(fmt::format("{} tokens are few for a width of {}: unrelated states would score {:.3f}; read \"adjusted\", or give {} tokens and more", report.tokens,
                                  report.width, report.chanceFloor, 3 * report.width));
    for (const LayerLinearity& layer : report.layers)
        if (layer.rankUsed < report.width) {
            out.push_back(fmt::format("states before layer {} span {} of {} directions; the rest is rounding and was left out", layer.from, layer.rankUsed, report.width));
            break;
        }
    return out;
}

void printTable(const LinearityReport& report)
{
    Table table({"from", "to", "score", "95 %", "adjusted", "without residual", "anisotropy", "dimension", "norm ratio", "rank"}, std::vector<bool>(10, true));
    for (const LayerLinearity& layer : report.layers)
        table.add({std::to_string(layer.from), std::to_string(layer.to) + (layer.afterFinalNorm ? " (after the final norm)" : ""), fmt::format("{:.4f}", layer.score),
                   fmt::format("{:.4f} … {:.4f}", layer.ciLow, layer.ciHigh), fmt::format("{:.4f}", layer.adjusted), fmt::format("{:.4f}", layer.withoutResidual),
                   fmt::format("{:.4f}", layer.anisotropy), fmt::format("{:.1f}", layer.intrinsicDimension), fmt::format("{:.3f}", layer.normRatio),
                   std::to_string(layer.rankUsed)});
    table.print();
}

Result<int> run(Arguments& arguments, const Globals& globals)
{
    arguments.options.precision = arguments.model.chosen(Precision::F32);
    const auto runBytes = [&](const ModelConfig& config) { return linearityBytes(config, arguments.options); };
    auto loaded = loadModel(arguments.model, globals, runBytes);
    if (!loaded)
        return failure(loaded);
    auto tokens = TextArguments::firstTokens(*loaded, arguments.file, arguments.tokens);
    if (!tokens)
        return failure(tokens);
    const auto measure = [&](const Model& model) {
        ShownProgress progress(globals);
        return computeLinearity(model, *tokens, arguments.options, progress);
    };
    auto both = measureBoth(*loaded, arguments.compare, globals, runBytes, measure);
    if (!both)
        return failure(both);
    const auto& [report, other] = *both;
    const std::vector<std::string> warnings = warningsOf(report);
    if (globals.json) {
        Json out = {{"tokens", report.tokens}, {"width", report.width}, {"chance_floor", report.chanceFloor}, {"precision", precisionName(arguments.options.precision)},
                    {"window", arguments.options.window}, {"sampled", report.sampled}, {"reference_compatible", arguments.options.referenceCompatible},
                    {"layers", layersJson(report)}, {"warnings", warnings}, {"seconds", report.seconds}};
        if (other) {
            out["other"] = {{"layers", layersJson(*other)}};
            for (const LinearityChange& change : linearityChange(report, *other))
                out["delta"].push_back({{"score", jsonNumber(change.delta)}, {"ci95", {jsonNumber(change.low), jsonNumber(change.high)}}});
        }
        printJson("linearity", out);
        return 0;
    }
    fmt::print("{} tokens in windows of {}, width {}, {}; unrelated states would score {:.4f}\n", countText(report.tokens), arguments.options.window, report.width,
               precisionName(arguments.options.precision), report.chanceFloor);
    printTable(report);
    if (other) {
        fmt::print("\nother\n");
        printTable(*other);
        fmt::print("\nother less this, paired\n");
        Table table({"from", "to", "Δ score", "95 %"}, {true, true, true, true});
        const std::vector<LinearityChange> changes = linearityChange(report, *other);
        for (std::size_t i = 0; i < changes.size(); ++i)
            table.add({std::to_string(i), std::to_string(i + 1), fmt::format("{:+.4f}", changes[i].delta), fmt::format("{:+.4f} … {:+.4f}", changes[i].low, changes[i].high)});
        table.print();
    }
    for (const std::string& warning : warnings)
        fmt::print("{}\n", warning);
    return 0;
}

} // namespace

Run addLinearity(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    app.add_option("--file", arguments->file, "The text the model reads")->type_name("FILE")->required();
    app.add_option("--tokens", arguments->tokens, "So many tokens of it (default: all)");
    app.add_option("--window", arguments->options.window, "Tokens the model sees at once (default 512)");
    app.add_flag("--exclude-first", arguments->options.excludeFirst, "Without the first token of each window, whose state often outweighs all others");
    app.add_flag("--reference-compatible", arguments->options.referenceCompatible, "No cutoff of directions that are rounding, as LLM-Microscope's code has none");
    app.add_option("--sample", arguments->options.sample, "Tokens behind intervals and intrinsic dimension (default 1024)")->check(CLI::Range(3, 65536));
    arguments->compare.add(app, "the same text");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
