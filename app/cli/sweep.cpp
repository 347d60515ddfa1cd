// wb sweep PATH RECIPE: a score against one or two numbers of a recipe, every point on the same items.
#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/base/hash.h"
#include "core/eval/resultstore.h"
#include "core/eval/sweep.h"
#include "core/model/generationconfig.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/recipejson.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

constexpr std::uint64_t usualBoundaryBytes = 1U << 30;

struct Arguments {
    ModelArguments model;
    std::string recipe, task, file, heldOut;
    std::vector<std::string> knobs;
    std::size_t evaluations = 0; // of a search; 0: the grid
    std::string resume;
    EvaluateOptions options;
    PerplexityOptions text;
    bool strip = false;
};

// What the points are scored by, with all that its metric refers to.
struct Data {
    std::string name;
    Task task;
    std::vector<std::uint32_t> tokens;
    Metric metric;
};

Json scoreJson(const SweepScore& score)
{
    return {{"score", jsonNumber(score.mean)}, {"stderr", jsonNumber(score.standardError)}, {"ci95", {jsonNumber(score.ci95.low), jsonNumber(score.ci95.high)}},
            {"n", score.values.size()}};
}

Json deltaJson(const SweepDelta& delta)
{
    Json out = {{"mean", jsonNumber(delta.mean)}, {"ci95", {jsonNumber(delta.ci95.low), jsonNumber(delta.ci95.high)}}};
    if (delta.p)
        out["mcnemar_p"] = *delta.p;
    return out;
}

Json pointJson(const SweepPoint& point)
{
    Json out = {{"values", point.knobs}};
    out.update(scoreJson(point.score));
    out["delta"] = deltaJson(point.delta);
    return out;
}

class Command {
public:
    Command(Arguments& arguments, const Globals& globals) : m_arguments(arguments), m_globals(globals) {}

    Result<int> run()
    {
        m_precision = m_arguments.options.precision = m_arguments.text.precision = m_arguments.model.chosen(Precision::F32);
        for (const std::string& text : m_arguments.knobs) {
            auto knob = parseKnob(text);
            if (!knob)
                return failure(knob);
            m_knobs.push_back(*knob);
        }
        if (m_knobs.size() > 2 && m_arguments.evaluations == 0)
            return fail(ErrorCode::BadArgument, "--knob", "a sweep has one or two knobs, a search (--search) as many as there are");
        auto recipe = loadRecipe(m_arguments.recipe);
        if (!recipe)
            return failure(recipe);
        auto loaded = loadModel(m_arguments.model, m_globals, runBytes());
        if (!loaded)
            return failure(loaded);
        m_used = besideNewWeights(runBytes(), loaded->model)(loaded->model->config());
        if (auto done = readData(*loaded); !done)
            return failure(done);
        auto report = sweepOver(*loaded, **recipe);
        if (!report)
            return failure(report);
        m_globals.json ? printReport(*report) : printText(*report);
        return 0;
    }

private:
    [[nodiscard]] RunBytes runBytes() const
    {
        return [window = m_arguments.text.window](const ModelConfig& config) { return std::max(Generator::bytesFor(config, 16, 1024), perplexityBytes(config, window)); };
    }

    // Kept states save time alone: with --memory they get half of what the run leaves, the other half is for the edited weights.
    [[nodiscard]] std::uint64_t boundaryBytes() const
    {
        const std::uint64_t allowed = m_globals.memory;
        return allowed == 0 ? usualBoundaryBytes : std::min(usualBoundaryBytes, (allowed - std::min(allowed, m_used)) / 2);
    }

    Result<void> readData(const LoadedModel& loaded)
    {
        auto tokenizer = tokenizerOf(loaded);
        if (!tokenizer)
            return failure(tokenizer);
        m_tokenizer = *tokenizer;
        auto config = readGenerationConfig(*loaded.opened.checkpoint, m_tokenizer.get());
        if (!config)
            return failure(config);
        m_arguments.options.endTokens = config->endTokens;
        const bool text = m_arguments.task.empty();
        if (auto done = read(loaded, text ? m_arguments.file : m_arguments.task, text, m_data); !done)
            return done;
        return m_arguments.heldOut.empty() ? Result<void>() : read(loaded, m_arguments.heldOut, text, m_heldOut.emplace());
    }

    Result<void> read(const LoadedModel& loaded, const std::string& path, bool text, Data& data)
    {
        if (text) {
            TextArguments arguments;
            arguments.file = path;
            auto tokens = arguments.tokens(loaded, false);
            if (!tokens)
                return failure(tokens);
            data.tokens = std::move(*tokens);
            auto metric = textMetric(data.tokens, m_arguments.text);
            if (!metric)
                return failure(metric);
            data.metric = std::move(*metric);
            data.name = path;
            return {};
        }
        auto task = loadTask(path);
        if (!task)
            return failure(task);
        data.task = std::move(*task);
        data.task.strip = m_arguments.strip;
        data.name = data.task.name;
        if (data.task.kind == TaskKind::Code && !m_sandbox) {
            auto sandbox = Sandbox::find();
            if (!sandbox) // every point would score 0
                return failure(sandbox);
            m_sandbox = std::move(*sandbox);
        }
        data.metric = taskMetric(m_tokenizer, data.task, m_arguments.options, m_sandbox ? &*m_sandbox : nullptr);
        return {};
    }

    Result<SweepReport> sweepOver(const LoadedModel& loaded, const Recipe& recipe)
    {
        const MakeModel make = [&](const RecipePtr& edited, const ModelPtr& share) -> Result<ModelPtr> {
            auto patched = patchFully(loaded.opened.source, edited);
            if (!patched)
                return failure(patched);
            Progress inner;
            const auto beside = besideNewWeights([&](const ModelConfig& config) { return runBytes()(config) + boundaryBytes(); }, share);
            return Model::load(**patched, {loaded.opened.checkpoint->root().string(), m_globals.memory, share, beside}, inner);
        };
        SweepOptions options{m_precision, boundaryBytes(), m_arguments.options.seed};
        std::optional<KeptPoints> kept;
        if (!m_arguments.resume.empty()) {
            auto opened = KeptPoints::open(m_arguments.resume, keyOf(loaded, recipe));
            if (!opened)
                return failure(opened);
            options.kept = &kept.emplace(std::move(*opened));
        }
        const Metric* heldOut = m_heldOut ? &m_heldOut->metric : nullptr;
        ShownProgress progress(m_globals);
        if (m_arguments.evaluations > 0)
            return search(loaded.model, recipe, m_knobs, m_arguments.evaluations, make, m_data.metric, heldOut, options, progress);
        return sweep(loaded.model, recipe, m_knobs, make, m_data.metric, heldOut, options, progress);
    }

    // All that decides the score of a point but the values of the knobs.
    [[nodiscard]] Json keyOf(const LoadedModel& loaded, const Recipe& recipe) const
    {
        Json knobs = Json::array();
        for (const Knob& knob : m_knobs)
            knobs.push_back(knob.name());
        const EvaluateOptions& options = m_arguments.options;
        const std::string tokens(reinterpret_cast<const char*>(m_data.tokens.data()), m_data.tokens.size() * sizeof(std::uint32_t));
        return {{"engine", engineIdentity()},
                {"model", sourceIdentity(*loaded.opened.source)},
                {"recipe", recipeToJson(recipe)},
                {"knobs", std::move(knobs)},
                {"data", m_data.tokens.empty() ? m_data.task.sha256 : xxh3(tokens)},
                {"window", {m_arguments.text.window, m_arguments.text.stride}},
                {"limit", options.limit},
                {"seed", options.seed},
                {"max", options.maxTokens},
                {"strip", m_arguments.strip},
                {"normalise", options.normaliseByLength},
                {"precision", precisionName(m_precision)}};
    }

    void printReport(const SweepReport& report) const
    {
        Json knobs = Json::array(), points = Json::array();
        for (const Knob& knob : m_knobs)
            knobs.push_back({{"name", knob.name()}, {"low", knob.low}, {"high", knob.high}, {"points", knob.points}});
        for (const SweepPoint& point : report.points)
            points.push_back(pointJson(point));
        Json best = pointJson(report.points[report.best]);
        best["index"] = report.best;
        best["chosen_on"] = "the same items: better than it is";
        if (report.heldOut) {
            best["held_out"] = scoreJson(report.heldOut->best);
            best["held_out"]["base"] = scoreJson(report.heldOut->base);
            best["held_out"]["delta"] = deltaJson(report.heldOut->delta);
            best["held_out"]["how"] = heldOutText(*report.heldOut);
        } else {
            best["held_out"] = nullptr;
        }
        printJson("sweep", {{"task", m_data.name},
                            {"metric", m_data.metric.shares ? "share_right" : "nll_mean"},
                            {"more_is_better", m_data.metric.moreIsBetter},
                            {"n", report.base.values.size()},
                            {"precision", precisionName(m_precision)},
                            {"seed", m_arguments.options.seed},
                            {"method", m_arguments.evaluations > 0 ? "controlled random search with local mutation" : "grid"},
                            {"knobs", std::move(knobs)},
                            {"base", scoreJson(report.base)},
                            {"points", std::move(points)},
                            {"best", std::move(best)},
                            {"first_layer", report.firstLayer},
                            {"seconds", report.seconds}});
    }

    [[nodiscard]] std::string heldOutText(const HeldOut& heldOut) const
    {
        return heldOut.how == HeldOut::How::Apart ? m_heldOut->name : heldOutName(heldOut.how);
    }

    // A share in percent, nats as they are.
    [[nodiscard]] std::string shown(double value, bool sign = false) const
    {
        if (m_data.metric.shares)
            return sign ? fmt::format("{:+.1f} %", 100 * value) : fmt::format("{:.1f} %", 100 * value);
        return sign ? fmt::format("{:+.5f}", value) : fmt::format("{:.5f}", value);
    }
    [[nodiscard]] std::string shown(const Interval& interval, bool sign = false) const { return shown(interval.low, sign) + " … " + shown(interval.high, sign); }

    void printText(const SweepReport& report) const
    {
        fmt::print("{}: {} over {} {}, {}; without the recipe {} ({})\n", m_data.name, m_data.metric.shares ? "share right" : "nats a token",
                   countText(report.base.values.size()), m_data.metric.shares ? "items" : "tokens", precisionName(m_precision), shown(report.base.mean), shown(report.base.ci95));
        std::vector<std::string> headers;
        for (const Knob& knob : m_knobs)
            headers.push_back(knob.name());
        headers.insert(headers.end(), {"score", "95 %", "change", "95 %", "p", ""});
        Table table(headers, std::vector<bool>(headers.size(), true));
        for (std::size_t i = 0; i < report.points.size(); ++i) {
            const SweepPoint& point = report.points[i];
            std::vector<std::string> row;
            for (const double value : point.knobs)
                row.push_back(valueText(value));
            row.insert(row.end(), {shown(point.score.mean), shown(point.score.ci95), shown(point.delta.mean, true), shown(point.delta.ci95, true),
                                   point.delta.p ? valueText(*point.delta.p) : "", i == report.best ? "best" : ""});
            table.add(std::move(row));
        }
        table.print();
        if (report.heldOut)
            fmt::print("The best point was chosen on these items and looks better than it is. Held out ({}): {}, change {} (95 % {}).\n", heldOutText(*report.heldOut),
                       shown(report.heldOut->best.mean), shown(report.heldOut->delta.mean, true), shown(report.heldOut->delta.ci95, true));
        else
            fmt::print("The best point was chosen on this one item and says nothing of others: give --held-out.\n");
    }

    Arguments& m_arguments;
    const Globals& m_globals;
    Precision m_precision = Precision::F32;
    std::uint64_t m_used = 0; // by the model and its runs
    std::vector<Knob> m_knobs;
    TokenizerPtr m_tokenizer;
    std::optional<Sandbox> m_sandbox;
    Data m_data;
    std::optional<Data> m_heldOut;
};

} // namespace

Run addSweep(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    app.add_option("RECIPE", arguments->recipe, "The recipe whose numbers are varied")->required();
    app.add_option("--knob", arguments->knobs, "edits[2].factor=0.5:1.5:11: a number of an edit (counted from 0), from low to high in so many points; once or twice, for a search as often as wanted")
        ->required()
        ->allow_extra_args(false);
    auto* by = app.add_option_group("score", "What is scored");
    by->add_option("--task", arguments->task, "JSON lines, as for wb evaluate")->type_name("FILE");
    by->add_option("--file", arguments->file, "A text, as for wb perplexity")->type_name("FILE");
    by->require_option(1);
    app.add_option("--search", arguments->evaluations, "No grid: so many points between the bounds, chosen by a seeded search")->type_name("N");
    app.add_option("--resume", arguments->resume, "Keeps scored points in this file and takes up those that are there")->type_name("FILE");
    app.add_option("--held-out", arguments->heldOut, "Items or a text of the same kind, for the best point alone; without it the choice is cross-validated")->type_name("FILE");
    app.add_option("--limit", arguments->options.limit, "So many items, chosen by the seed");
    app.add_option("--seed", arguments->options.seed, "Of the choice of items and of the resampling (default 0)");
    app.add_option("--max", arguments->options.maxTokens, "New tokens of an answer at most (default 64; 256 for numbers, 512 for programs)");
    app.add_flag("--strip", arguments->strip, "Blanks around an answer do not count");
    app.add_flag("--normalise", arguments->options.normaliseByLength, "Choices by log-likelihood per byte");
    app.add_option("--window", arguments->text.window, "Tokens of a text that the model sees at once (default 512)");
    app.add_option("--stride", arguments->text.stride, "Tokens from one window to the next (default 512)");
    return [arguments, &globals] { return Command(*arguments, globals).run(); };
}

} // namespace wb::cli
