// wb evaluate PATH: how many items of a task the model gets right; with something to compare, of both, paired.
#include "app/cli/cli.h"
#include "app/cli/modelarguments.h"

#include "core/base/file.h"
#include "core/eval/resultjson.h"
#include "core/eval/shippedtasks.h"
#include "core/model/generationconfig.h"
#include "core/recipe/patchedsource.h"
#include "core/recipe/recipejson.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    ModelArguments model;
    std::string task, compareRecipe, comparePath, out, shotsFile;
    EvaluateOptions options;
    std::size_t shots = 0;
    std::optional<double> temperature, topP;
    bool strip = false;
};

// One side: the model and the tokenizer it came with.
struct Side {
    ModelPtr model;
    TokenizerPtr tokenizer;
    std::set<std::uint32_t> endTokens;
};

class Command {
public:
    Command(Arguments& arguments, const Globals& globals) : m_arguments(arguments), m_globals(globals) {}

    Result<int> run()
    {
        if (auto done = readTask(); !done)
            return failure(done);
        if (m_task.kind == TaskKind::Code) {
            auto sandbox = Sandbox::find();
            if (sandbox)
                m_sandbox = std::move(*sandbox);
            else
                printWarning(m_globals, sandbox.error());
        }
        auto opened = open(m_arguments.model.source, m_globals);
        if (!opened)
            return failure(opened);
        auto side = load(*opened->checkpoint, *opened->source, nullptr);
        if (!side)
            return failure(side);
        auto report = score(*side);
        if (!report)
            return failure(report);
        std::optional<EvaluationReport> other;
        if (!m_arguments.compareRecipe.empty() || !m_arguments.comparePath.empty()) {
            auto compared = scoreOther(*opened, side->model);
            if (!compared)
                return failure(compared);
            other = std::move(*compared);
        }
        if (!m_arguments.out.empty())
            if (auto done = writeItems(*report); !done)
                return failure(done);
        print(*report, other ? &*other : nullptr);
        return 0;
    }

private:
    Result<void> readTask()
    {
        auto task = findTask(m_arguments.task);
        if (!task)
            return failure(task);
        m_task = std::move(*task);
        m_task.strip = m_arguments.strip;
        EvaluateOptions& options = m_arguments.options;
        options.precision = m_arguments.model.chosen(Precision::F32);
        // Those of the published runs of HumanEval; greedy where one answer is asked for.
        options.sampling.temperature = m_arguments.temperature.value_or(options.samples > 1 ? 0.2 : 0.0);
        options.sampling.topP = m_arguments.topP.value_or(options.samples > 1 ? 0.95 : 1.0);
        std::optional<Task> examples;
        if (!m_arguments.shotsFile.empty()) {
            auto read = findTask(m_arguments.shotsFile);
            if (!read)
                return failure(read);
            examples = std::move(*read);
        }
        auto shots = FewShot::choose(m_task, m_arguments.shots, examples ? &*examples : nullptr, options.seed);
        if (!shots)
            return failure(shots);
        options.shots = std::move(*shots);
        return checkOptions(m_task, options);
    }

    Result<Side> load(const Checkpoint& checkpoint, const TensorSource& source, ModelPtr share)
    {
        auto tokenizer = loadTokenizer(checkpoint);
        if (!tokenizer)
            return failure(tokenizer);
        auto config = readGenerationConfig(checkpoint, tokenizer->get());
        if (!config)
            return failure(config);
        ShownProgress progress(m_globals);
        ModelOptions options{checkpoint.root().string(), m_globals.memory, std::move(share), {}};
        options.runBytes = [](const ModelConfig& c) { return Generator::bytesFor(c, Scorer::sequences, 1024); };
        auto model = Model::load(source, options, progress);
        if (!model)
            return failure(model);
        return Side{*model, *tokenizer, config->endTokens};
    }

    Result<EvaluationReport> score(const Side& side)
    {
        EvaluateOptions options = m_arguments.options;
        options.endTokens = side.endTokens;
        ShownProgress progress(m_globals);
        return evaluateTask(side.model, side.tokenizer, m_task, options, m_sandbox ? &*m_sandbox : nullptr, progress);
    }

    Result<EvaluationReport> scoreOther(const Opened& opened, const ModelPtr& base)
    {
        if (!m_arguments.comparePath.empty()) {
            SourceArguments arguments;
            arguments.path = m_arguments.comparePath;
            auto other = open(arguments, m_globals);
            if (!other)
                return failure(other);
            auto side = load(*other->checkpoint, *other->source, base);
            if (!side)
                return failure(side);
            return score(*side);
        }
        auto recipe = loadRecipe(m_arguments.compareRecipe);
        if (!recipe)
            return failure(recipe);
        auto patched = patch(opened.source, *recipe);
        if (!patched)
            return failure(patched);
        auto side = load(*opened.checkpoint, **patched, base);
        if (!side)
            return failure(side);
        return score(*side);
    }

    Result<void> writeItems(const EvaluationReport& report) const
    {
        std::string text;
        for (const ItemResult& result : report.items)
            text += dumpJson(itemToJson(m_task, result)) + "\n";
        return writeTextAtomically(m_arguments.out, text);
    }

    void print(const EvaluationReport& report, const EvaluationReport* other) const
    {
        std::optional<PairedComparison> paired;
        if (other != nullptr)
            paired = comparePaired(report, *other, m_arguments.options.seed);
        if (!m_globals.json)
            return printText(report, other, paired);
        Json out = {{"task", m_task.name}, {"kind", taskKindName(m_task.kind)}, {"task_sha256", m_task.sha256}};
        out.update(settingsToJson(m_task, m_arguments.options));
        out.update(reportToJson(m_task, report));
        if (m_task.kind == TaskKind::Code)
            out["sandbox"] = m_sandbox ? Json(m_sandbox->interpreter()) : Json();
        if (paired) {
            out["other"] = reportToJson(m_task, *other);
            out["paired"] = pairedToJson(*paired);
        }
        printJson("evaluate", out);
    }

    static std::string scoreText(const EvaluationReport& report)
    {
        std::string text = fmt::format("{} of {} right: {:.1f} % (95 % from {:.1f} to {:.1f} %), {:.1f} s", report.correct, report.items.size(), 100 * report.score,
                                       100 * report.ci95.low, 100 * report.ci95.high, report.seconds);
        if (report.passAt.size() > 1)
            for (const PassAt& one : report.passAt)
                text += fmt::format("; pass@{} {:.1f} ± {:.1f} %", one.k, 100 * one.estimate.value, 100 * one.estimate.standardError);
        return text;
    }

    void printText(const EvaluationReport& report, const EvaluationReport* other, const std::optional<PairedComparison>& paired) const
    {
        if (!paired) {
            fmt::print("{}: {}\n", m_task.name, scoreText(report));
            return;
        }
        fmt::print("{}\n  original: {}\n  other:    {}\n", m_task.name, scoreText(report), scoreText(*other));
        fmt::print("  the other solves {} more and {} fewer; difference {:+.1f} points (95 % from {:+.1f} to {:+.1f}); p = {} (McNemar, exact)\n",
                   paired->counts.onlyB, paired->counts.onlyA, 100 * paired->delta, 100 * paired->ci95.low, 100 * paired->ci95.high, valueText(paired->p));
        if (!paired->enough)
            fmt::print("  {} items say little: {}\n", paired->counts.total(),
                       paired->needed ? fmt::format("a difference like this needs about {}", *paired->needed) : "no difference was seen");
    }

    Arguments& m_arguments;
    const Globals& m_globals;
    Task m_task;
    std::optional<Sandbox> m_sandbox;
};

} // namespace

Run addEvaluate(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    app.add_option("--task", arguments->task, "JSON lines: exact answers, choices, HumanEval programs or GSM8K numbers; or the name of a task that comes with the program")->type_name("FILE|NAME")->required();
    auto* recipe = app.add_option("--compare-recipe", arguments->compareRecipe, "Also with these staged edits, the same items")->type_name("FILE");
    app.add_option("--compare", arguments->comparePath, "Also another checkpoint, the same items")->type_name("PATH")->excludes(recipe);
    app.add_option("--limit", arguments->options.limit, "So many items, chosen by the seed");
    app.add_option("--seed", arguments->options.seed, "Of the choice of items and of the resampling (default 0)");
    app.add_option("--samples", arguments->options.samples, "Answers to each item, for pass@k; more than one are drawn (default 1, greedy)")->check(CLI::Range(1, 1000));
    app.add_option("--temperature", arguments->temperature, "Of drawn answers (default 0.2 with several samples, else 0: greedy)");
    app.add_option("--top-k", arguments->options.sampling.topK, "Keep the K most likely tokens");
    app.add_option("--top-p", arguments->topP, "Keep the fewest whose probabilities reach P (default 0.95 with several samples)");
    app.add_option("--min-p", arguments->options.sampling.minP, "Keep those with at least P of the largest probability");
    app.add_option("--shots", arguments->shots, "So many worked examples before each item, chosen by the seed")->check(CLI::Range(0, 1000));
    app.add_option("--shots-file", arguments->shotsFile, "The examples' task (default: the same task, never the item itself)")->type_name("FILE|NAME");
    app.add_option("--max", arguments->options.maxTokens, "New tokens of an answer at most (default 64; 256 for numbers, 512 for programs)");
    app.add_flag("--strip", arguments->strip, "Blanks around an answer do not count");
    app.add_flag("--normalise", arguments->options.normaliseByLength, "Choices by log-likelihood per byte");
    app.add_option("-o", arguments->out, "JSON lines of the items; a file of that name is replaced")->type_name("FILE");
    return [arguments, &globals] { return Command(*arguments, globals).run(); };
}

} // namespace wb::cli
