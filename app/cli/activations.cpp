// wb activations PATH: what flows through a model on a text, site by site.
#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/analysis/activations.h"
#include "core/checkpoint/arrayfile.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    ModelArguments model;
    CompareArguments compare;
    std::string file, out;
    std::size_t tokens = 0; // 0: all
    ActivationOptions options;
};

Json siteJson(const SiteActivity& site)
{
    return {{"layer", site.layer}, {"site", siteName(site.site)}, {"width", site.width}, {"mean", jsonNumber(site.mean)}, {"std", jsonNumber(site.std)},
            {"kurtosis", jsonNumber(site.kurtosis)}, {"energy", jsonNumber(site.energy)}, {"largest", jsonNumber(static_cast<double>(site.largest))},
            {"largest_token", site.largestToken}, {"largest_channel", site.largestChannel}};
}

Json reportJson(const ActivationReport& report)
{
    Json out = {{"sites", Json::array()}, {"massive", Json::array()}, {"massive_count", report.massiveCount}, {"peaks", Json::array()}, {"routing", Json::array()}};
    for (const SiteActivity& site : report.sites)
        out["sites"].push_back(siteJson(site));
    for (const MassiveActivation& one : report.massive)
        out["massive"].push_back({{"layer", one.layer}, {"token", one.token}, {"channel", one.channel}, {"value", jsonNumber(static_cast<double>(one.value))}, {"over_median", jsonNumber(one.overMedian)}});
    for (const FeedForwardPeak& peak : report.peaks)
        out["peaks"].push_back({{"layer", peak.layer}, {"token", peak.token}, {"value", jsonNumber(static_cast<double>(peak.value))}, {"over_typical", jsonNumber(peak.overTypical)},
                                {"row", peak.row}, {"col", peak.col}, {"weight", jsonNumber(static_cast<double>(peak.weight))}, {"input", jsonNumber(static_cast<double>(peak.input))}, {"share", jsonNumber(peak.share)}});
    for (const Routing& routing : report.routing)
        out["routing"].push_back({{"layer", routing.layer}, {"experts", routing.experts}, {"chosen", routing.chosen}, {"frequency", routing.frequency}, {"together", routing.together}, {"balance", routing.balance}});
    return out;
}

Json changeJson(const PairedChange& change) { return {{"delta", jsonNumber(change.delta)}, {"ci95", {jsonNumber(change.low), jsonNumber(change.high)}}}; }

Json changesJson(const ActivationReport& report, const ActivationReport& other)
{
    Json sites = Json::array();
    for (const ActivityChange& change : activationChange(report, other))
        sites.push_back({{"layer", change.layer}, {"site", siteName(change.site)}, {"mean", changeJson(change.mean)}, {"energy", changeJson(change.energy)}, {"rms", changeJson(change.rms)}});
    return {{"sites", std::move(sites)}, {"run_length", report.runLength}, {"interval", "paired over runs of run_length tokens: delta ± 1.96 standard errors; rms by its linear approximation"}};
}

void printChanges(const ActivationReport& report, const ActivationReport& other)
{
    fmt::print("\nother less this; 95 % paired over {}\n", report.runLength == 1 ? std::string("tokens") : fmt::format("runs of {} tokens", report.runLength));
    Table table({"layer", "site", "Δ root mean square", "95 %", "Δ mean", "95 %"}, {true, false, true, true, true, true});
    for (const ActivityChange& change : activationChange(report, other))
        table.add({std::to_string(change.layer), siteName(change.site), fmt::format("{:+.4g}", change.rms.delta), fmt::format("{:+.4g} … {:+.4g}", change.rms.low, change.rms.high),
                   fmt::format("{:+.4g}", change.mean.delta), fmt::format("{:+.4g} … {:+.4g}", change.mean.low, change.mean.high)});
    table.print();
}

// Channel by channel: "layers.3.block.mean", "….energy" (mean square), "….largest" (magnitude).
Result<void> writeChannels(const ActivationReport& report, const std::string& path)
{
    std::vector<ArrayFile::Array> arrays;
    for (const SiteActivity& site : report.sites)
        for (const char* what : {"mean", "energy", "largest"})
            arrays.push_back({fmt::format("layers.{}.{}.{}", site.layer, siteName(site.site), what), {site.width}});
    auto file = ArrayFile::create(path, arrays);
    if (!file)
        return failure(file);
    std::size_t at = 0;
    for (const SiteActivity& site : report.sites)
        for (const auto* values : {&site.channelMean, &site.channelEnergy, &site.channelLargest})
            if (auto done = file->write(at++, 0, *values); !done)
                return done;
    return file->publish();
}

void printReport(const ActivationReport& report)
{
    Table table({"layer", "site", "width", "mean", "std", "kurtosis", "largest", "token", "channel"}, {true, false, true, true, true, true, true, true, true});
    for (const SiteActivity& site : report.sites)
        table.add({std::to_string(site.layer), siteName(site.site), std::to_string(site.width), fmt::format("{:.4g}", site.mean), fmt::format("{:.4g}", site.std), fmt::format("{:.4g}", site.kurtosis),
                   fmt::format("{:.4g}", site.largest), std::to_string(site.largestToken), std::to_string(site.largestChannel)});
    table.print();
    std::uint64_t massive = 0;
    for (const std::uint64_t count : report.massiveCount)
        massive += count;
    fmt::print("\n{} massive activations (above 100 and 1000 times the median of their layer's states)\n", countText(massive));
    for (const MassiveActivation& one : report.massive)
        fmt::print("  into layer {}: token {}, channel {}: {:.5g} ({:.0f} × median)\n", one.layer, one.token, one.channel, one.value, one.overMedian);
    fmt::print("\nlargest value each feed-forward adds, and the weight that makes most of it\n");
    Table peaks({"layer", "token", "value", "× typical", "row", "col", "weight", "input", "share"}, std::vector<bool>(9, true));
    for (const FeedForwardPeak& peak : report.peaks)
        peaks.add({std::to_string(peak.layer), std::to_string(peak.token), fmt::format("{:.4g}", peak.value), fmt::format("{:.1f}", peak.overTypical), std::to_string(peak.row), std::to_string(peak.col),
                   fmt::format("{:.4g}", peak.weight), fmt::format("{:.4g}", peak.input), fmt::format("{:.2f}", peak.share)});
    peaks.print();
    for (const Routing& routing : report.routing) {
        fmt::print("\nlayer {}: {} of {} experts a token, balance {:.3f}; share of tokens by expert:", routing.layer, routing.chosen, routing.experts, routing.balance);
        for (const double share : routing.frequency)
            fmt::print(" {:.3f}", share);
        fmt::print("\n");
    }
}

Result<int> run(Arguments& arguments, const Globals& globals)
{
    arguments.options.precision = arguments.model.chosen(Precision::F32);
    const auto runBytes = [&](const ModelConfig& config) { return activationBytes(config, arguments.options); };
    auto loaded = loadModel(arguments.model, globals, runBytes);
    if (!loaded)
        return failure(loaded);
    auto tokens = TextArguments::firstTokens(*loaded, arguments.file, arguments.tokens);
    if (!tokens)
        return failure(tokens);
    const auto measure = [&](const Model& model) {
        ShownProgress progress(globals);
        return computeActivations(model, *tokens, arguments.options, progress);
    };
    auto both = measureBoth(*loaded, arguments.compare, globals, runBytes, measure);
    if (!both)
        return failure(both);
    const auto& [report, other] = *both;
    if (!arguments.out.empty())
        if (auto done = writeChannels(report, arguments.out); !done)
            return failure(done);
    if (globals.json) {
        Json out = reportJson(report);
        out.update({{"tokens", report.tokens}, {"window", arguments.options.window}, {"precision", precisionName(arguments.options.precision)}, {"seconds", report.seconds}});
        if (other) {
            out["other"] = reportJson(*other);
            out["change"] = changesJson(report, *other);
        }
        printJson("activations", out);
        return 0;
    }
    printReport(report);
    if (other) {
        fmt::print("\nother\n");
        printReport(*other);
        printChanges(report, *other);
    }
    return 0;
}

} // namespace

Run addActivations(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    app.add_option("--file", arguments->file, "The text the model reads")->type_name("FILE")->required();
    app.add_option("--tokens", arguments->tokens, "So many tokens of it (default: all)");
    app.add_option("--window", arguments->options.window, "Tokens the model sees at once (default 512)");
    app.add_option("-o,--output", arguments->out, "Write mean, energy and largest of every channel as safetensors")->type_name("FILE");
    arguments->compare.add(app, "the same text");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
