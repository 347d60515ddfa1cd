// wb perplexity PATH: how surprised the model is by a text; with something to compare, of both, token by token.
#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/eval/textcomparison.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace wb::cli {
namespace {

struct Arguments {
    ModelArguments model;
    CompareArguments compare;
    TextArguments text;
    PerplexityOptions options;
    bool bos = false, positions = false, noiseFloor = false;
};

Json sideJson(const PerplexityReport& report)
{
    return {{"tokens", report.tokens}, {"nll_mean", jsonNumber(report.nllMean)}, {"perplexity", jsonNumber(report.perplexity)},
            {"stderr", jsonNumber(report.standardError)}};
}

Json comparisonJson(const TextComparison& comparison)
{
    Json quantiles = Json::object();
    std::vector<double> delta(comparison.a.tokens);
    for (std::size_t i = 0; i < delta.size(); ++i)
        delta[i] = comparison.delta(i);
    std::ranges::sort(delta);
    for (const char* q : {"0.01", "0.05", "0.5", "0.95", "0.99"})
        quantiles[q] = jsonNumber(quantileOf(delta, std::stod(q)));
    const Spread& kl = comparison.kl;
    return {{"other", sideJson(comparison.b)},
            {"delta_nll", {{"mean", jsonNumber(comparison.deltaMean)}, {"stderr", jsonNumber(comparison.deltaError)},
                           {"ci95", {jsonNumber(comparison.deltaCi95.low), jsonNumber(comparison.deltaCi95.high)}}, {"quantiles", std::move(quantiles)}}},
            {"kl", {{"mean", jsonNumber(kl.mean)}, {"stderr", jsonNumber(kl.standardError)}, {"median", jsonNumber(kl.median)},
                    {"p99", jsonNumber(kl.p99)}, {"max", jsonNumber(kl.max)}}},
            {"same_top", jsonNumber(comparison.sameTopShare)}};
}

Json noiseJson(const TextComparison& noise)
{
    return {{"delta_nll", jsonNumber(std::abs(noise.deltaMean))}, {"kl", {{"mean", jsonNumber(noise.kl.mean)}, {"max", jsonNumber(noise.kl.max)}}},
            {"same_top", jsonNumber(noise.sameTopShare)},
            {"how", fmt::format("the same model a second time, {} tokens at once, which sums in another order", noiseFloorStep)}};
}

Json positionsJson(const PerplexityReport& report, std::span<const std::uint32_t> tokens, const TextComparison* comparison)
{
    Json list = Json::array();
    for (std::size_t i = 0; i < report.nll.size(); ++i) {
        list.push_back({{"position", report.positions[i]}, {"token", tokens[report.positions[i]]}, {"nll", jsonNumber(report.nll[i])}});
        if (comparison == nullptr)
            continue;
        list.back()["other_nll"] = jsonNumber(comparison->b.nll[i]);
        list.back()["kl"] = jsonNumber(comparison->divergence[i]);
        list.back()["same_top"] = comparison->sameTop[i] != 0;
    }
    return list;
}

class Command {
public:
    Command(Arguments& arguments, const Globals& globals) : m_arguments(arguments), m_globals(globals) {}

    Result<int> run()
    {
        m_arguments.options.precision = m_arguments.model.chosen(Precision::F32);
        const auto runBytes = [this](const ModelConfig& config) {
            const std::size_t window = m_arguments.options.window;
            return m_arguments.compare.given() || m_arguments.noiseFloor ? textComparisonBytes(config, window) : perplexityBytes(config, window);
        };
        auto loaded = loadModel(m_arguments.model, m_globals, runBytes);
        if (!loaded)
            return failure(loaded);
        auto tokens = m_arguments.text.tokens(*loaded, false);
        if (!tokens)
            return failure(tokens);
        m_tokens = std::move(*tokens);
        if (auto done = findBos(*loaded); !done)
            return failure(done);
        if (auto done = m_arguments.compare.given() ? compare(*loaded, runBytes) : measure(*loaded->model); !done)
            return failure(done);
        if (m_arguments.noiseFloor)
            if (auto done = measureNoise(*loaded->model); !done)
                return failure(done);
        m_globals.json ? printJson() : printText();
        return 0;
    }

private:
    Result<void> findBos(const LoadedModel& loaded)
    {
        if (!m_arguments.bos || !m_arguments.text.ids.empty()) // none is added to ids that were given
            return {};
        auto tokenizer = tokenizerOf(loaded);
        if (!tokenizer)
            return failure(tokenizer);
        m_arguments.options.bos = (*tokenizer)->special().bos;
        if (!m_arguments.options.bos)
            return fail(ErrorCode::BadArgument, "--bos", "the tokenizer names no token that begins a text");
        return {};
    }

    Result<void> measure(const Model& model)
    {
        ShownProgress progress(m_globals);
        auto report = computePerplexity(model, m_tokens, m_arguments.options, progress);
        if (!report)
            return failure(report);
        m_report = std::move(*report);
        return {};
    }

    Result<void> compare(const LoadedModel& loaded, const std::function<std::uint64_t(const ModelConfig&)>& runBytes)
    {
        auto other = loadCompared(m_arguments.compare, loaded, m_globals, runBytes);
        if (!other)
            return failure(other);
        ShownProgress progress(m_globals);
        auto comparison = compareOnText(*loaded.model, *other->model, m_tokens, m_arguments.options, progress);
        if (!comparison)
            return failure(comparison);
        m_comparison = std::move(*comparison);
        m_report = m_comparison->a;
        m_report.seconds = m_comparison->seconds;
        return {};
    }

    Result<void> measureNoise(const Model& model)
    {
        ShownProgress progress(m_globals);
        auto noise = compareWithItself(model, m_tokens, m_arguments.options, progress);
        if (!noise)
            return failure(noise);
        m_noise = std::move(*noise);
        return {};
    }

    void printJson() const
    {
        Json out = sideJson(m_report);
        out["window"] = m_arguments.options.window;
        out["stride"] = m_arguments.options.stride;
        out["precision"] = precisionName(m_arguments.options.precision);
        out["seconds"] = m_report.seconds;
        if (m_comparison)
            out.update(comparisonJson(*m_comparison));
        if (m_noise)
            out["noise_floor"] = noiseJson(*m_noise);
        if (m_arguments.positions)
            out["positions"] = positionsJson(m_report, m_tokens, m_comparison ? &*m_comparison : nullptr);
        cli::printJson("perplexity", out);
    }

    void printText() const
    {
        const PerplexityOptions& options = m_arguments.options;
        fmt::print("perplexity {} (mean negative log-likelihood {} ± {} nats a token, standard error over {} tokens; windows of {} every {}, {})\n",
                   valueText(m_report.perplexity), valueText(m_report.nllMean), valueText(m_report.standardError), countText(m_report.tokens),
                   options.window, options.stride, precisionName(options.precision));
        if (m_comparison)
            printComparison(*m_comparison);
        if (m_noise)
            fmt::print("noise floor {:.2g} nats a token, KL divergence mean {:.2g} (the same model a second time, {} tokens at once)\n", std::abs(m_noise->deltaMean),
                       m_noise->kl.mean, noiseFloorStep);
        if (m_arguments.positions)
            printPositions();
    }

    void printComparison(const TextComparison& c) const
    {
        fmt::print("other      {} ({} ± {})\n", valueText(c.b.perplexity), valueText(c.b.nllMean), valueText(c.b.standardError));
        fmt::print("difference {:+.6g} ± {:.2g} nats a token, paired (95 % from {:+.4g} to {:+.4g}): {}\n", c.deltaMean, c.deltaError, c.deltaCi95.low,
                   c.deltaCi95.high, verdict(c));
        fmt::print("KL divergence mean {} ± {:.2g}, median {}, 99 % {}, largest {}; the same likeliest token at {:.2f} % of places\n", valueText(c.kl.mean),
                   c.kl.standardError, valueText(c.kl.median), valueText(c.kl.p99), valueText(c.kl.max), 100 * c.sameTopShare);
    }

    [[nodiscard]] std::string verdict(const TextComparison& c) const
    {
        if (m_noise && std::abs(c.deltaMean) <= std::abs(m_noise->deltaMean))
            return "not more than the noise floor";
        if (c.deltaCi95.low <= 0 && c.deltaCi95.high >= 0)
            return "this text does not tell them apart";
        return c.deltaMean > 0 ? "the other is worse" : "the other is better";
    }

    void printPositions() const
    {
        std::vector<std::string> headers{"position", "token", "nll"};
        if (m_comparison)
            headers.insert(headers.end(), {"other", "change", "KL", "same top"});
        Table table(headers, std::vector<bool>(headers.size(), true));
        for (std::size_t i = 0; i < m_report.nll.size(); ++i) {
            std::vector<std::string> row{countText(m_report.positions[i]), std::to_string(m_tokens[m_report.positions[i]]), valueText(m_report.nll[i])};
            if (m_comparison)
                row.insert(row.end(), {valueText(m_comparison->b.nll[i]), fmt::format("{:+.4g}", m_comparison->delta(i)), valueText(m_comparison->divergence[i]),
                                       m_comparison->sameTop[i] != 0 ? "yes" : "no"});
            table.add(std::move(row));
        }
        table.print();
    }

    Arguments& m_arguments;
    const Globals& m_globals;
    std::vector<std::uint32_t> m_tokens;
    PerplexityReport m_report;
    std::optional<TextComparison> m_comparison, m_noise;
};

} // namespace

Run addPerplexity(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    arguments->text.add(app);
    app.add_option("--window", arguments->options.window, "Tokens the model sees at once (default 512)");
    app.add_option("--stride", arguments->options.stride, "Tokens from one window to the next (default 512); less than the window: only the last of each count");
    app.add_flag("--bos", arguments->bos, "Begin each window as the tokenizer begins a text");
    app.add_flag("--positions", arguments->positions, "Also the numbers of each token");
    arguments->compare.add(app, "the same text");
    app.add_flag("--noise-floor", arguments->noiseFloor, "Also the same model against itself, summed in another order");
    return [arguments, &globals] { return Command(*arguments, globals).run(); };
}

} // namespace wb::cli
