// wb perplexity PATH: how surprised the model is by a text.
#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/eval/perplexity.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    ModelArguments model;
    TextArguments text;
    PerplexityOptions options;
    bool bos = false, positions = false;
};

Json reportJson(const Arguments& arguments, const PerplexityReport& report)
{
    Json out = {{"tokens", report.tokens},
                {"nll_mean", jsonNumber(report.nllMean)},
                {"perplexity", jsonNumber(report.perplexity)},
                {"stderr", jsonNumber(report.standardError)},
                {"window", arguments.options.window},
                {"stride", arguments.options.stride},
                {"precision", precisionName(arguments.options.precision)},
                {"seconds", report.seconds}};
    if (arguments.positions) {
        Json list = Json::array();
        for (std::size_t i = 0; i < report.nll.size(); ++i)
            list.push_back({{"position", report.positions[i]}, {"nll", jsonNumber(report.nll[i])}});
        out["positions"] = std::move(list);
    }
    return out;
}

Result<int> run(Arguments& arguments, const Globals& globals)
{
    arguments.options.precision = arguments.model.chosen(Precision::F32);
    const std::size_t window = arguments.options.window;
    auto loaded = loadModel(arguments.model, globals, [window](const ModelConfig& config) { return perplexityBytes(config, window); });
    if (!loaded)
        return failure(loaded);
    auto tokens = arguments.text.tokens(*loaded, false);
    if (!tokens)
        return failure(tokens);
    if (arguments.bos && arguments.text.ids.empty()) { // none is added to ids that were given
        auto tokenizer = tokenizerOf(*loaded);
        if (!tokenizer)
            return failure(tokenizer);
        arguments.options.bos = (*tokenizer)->special().bos;
        if (!arguments.options.bos)
            return fail(ErrorCode::BadArgument, "--bos", "the tokenizer names no token that begins a text");
    }
    Result<PerplexityReport> report;
    {
        ShownProgress progress(globals);
        report = computePerplexity(*loaded->model, *tokens, arguments.options, progress);
    }
    if (!report)
        return failure(report);
    if (globals.json)
        printJson("perplexity", reportJson(arguments, *report));
    else
        fmt::print("perplexity {} (mean negative log-likelihood {} ± {} nats a token, standard error over {} tokens; windows of {} every {}, {})\n",
                   valueText(report->perplexity), valueText(report->nllMean), valueText(report->standardError), countText(report->tokens),
                   window, arguments.options.stride, precisionName(arguments.options.precision));
    return 0;
}

} // namespace

Run addPerplexity(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    arguments->text.add(app);
    app.add_option("--window", arguments->options.window, "Tokens the model sees at once (default 512)");
    app.add_option("--stride", arguments->options.stride, "Tokens from one window to the next (default 512); less than the window: only the last of each count");
    app.add_flag("--bos", arguments->bos, "Begin each window as the tokenizer begins a text");
    app.add_flag("--positions", arguments->positions, "Also the number of each token");
    return [arguments, &globals] { return run(*arguments, globals); };
}

} // namespace wb::cli
