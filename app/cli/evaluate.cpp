// wb evaluate PATH: how many items of a task the model gets right; with something to compare, of both, paired.
#include "app/cli/evaluation.h"
#include "app/cli/modelarguments.h"

#include "core/base/file.h"
#include "core/eval/control.h"
#include "core/eval/report.h"
#include "core/eval/resultjson.h"
#include "core/eval/sequentialrun.h"
#include "core/eval/shippedtasks.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/recipejson.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace wb::cli {
namespace {

struct Arguments {
    ModelArguments model;
    std::string task, compareRecipe, comparePath, shotsFile, resume, out, csv, html, controlOut;
    EvaluateOptions options;
    std::size_t shots = 0;
    std::optional<double> temperature, topP;
    bool strip = false, chat = false, noiseFloor = false, control = false, earlyStop = false;
    double alpha = 0.05;

    [[nodiscard]] bool compares() const { return !compareRecipe.empty() || !comparePath.empty(); }
};

// What a run found out.
struct Findings {
    EvaluationReport report;
    std::optional<EvaluationReport> other;
    std::optional<PairedComparison> paired;
    std::optional<std::size_t> floor; // items that flip when the original is scored in another order
    std::optional<Control> control;
    std::optional<EvaluationReport> controlReport;
    std::optional<PairedComparison> controlPaired;
    std::optional<SequentialReport> sequential;
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
        if (auto done = readChat(*opened->checkpoint); !done)
            return failure(done);
        m_evaluation.emplace(m_task, m_arguments.options, m_sandbox ? &*m_sandbox : nullptr, m_arguments.resume, m_globals);
        if (auto done = find(*opened); !done)
            return failure(done);
        if (auto done = write(); !done)
            return failure(done);
        if (m_globals.json)
            printJson("evaluate", toJson());
        else
            printText();
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
        if ((m_arguments.earlyStop || m_arguments.control) && !m_arguments.compares())
            return fail(ErrorCode::BadArgument, m_arguments.control ? "--control" : "--early-stop", "it needs two sides: give --compare-recipe or --compare");
        return checkOptions(m_task, options);
    }

    // Both sides are asked in the form of the first.
    Result<void> readChat(const Checkpoint& checkpoint)
    {
        if (!m_arguments.chat)
            return {};
        auto tokenizer = loadTokenizer(checkpoint);
        if (!tokenizer)
            return failure(tokenizer);
        auto chat = loadChatTemplate(checkpoint, **tokenizer);
        if (!chat)
            return failure(chat);
        m_arguments.options.chat = std::move(*chat);
        return checkOptions(m_task, m_arguments.options);
    }

    Result<Side> otherSide(const Opened& opened)
    {
        if (!m_arguments.comparePath.empty()) {
            SourceArguments arguments;
            arguments.path = m_arguments.comparePath;
            auto other = open(arguments, m_globals);
            if (!other)
                return failure(other);
            return m_evaluation->side(other->checkpoint->name(), other->checkpoint, other->source);
        }
        auto recipe = loadRecipe(m_arguments.compareRecipe);
        if (!recipe)
            return failure(recipe);
        auto patched = patchFully(opened.source, *recipe);
        if (!patched)
            return failure(patched);
        return m_evaluation->side("patched", opened.checkpoint, *patched);
    }

    Result<void> find(const Opened& opened)
    {
        auto side = m_evaluation->side(m_arguments.comparePath.empty() ? "original" : opened.checkpoint->name(), opened.checkpoint, opened.source);
        if (!side)
            return failure(side);
        m_names = {side->name};
        std::optional<Side> other;
        if (m_arguments.compares()) {
            auto made = otherSide(opened);
            if (!made)
                return failure(made);
            other = std::move(*made);
            m_names.push_back(other->name);
            if (m_names[0] == m_names[1]) // folders tell them apart
                m_names = {m_arguments.model.source.path, m_arguments.comparePath};
        }
        if (m_arguments.earlyStop)
            return findSequentially(*side, *other);
        if (auto done = put(m_evaluation->score(*side), m_found.report); !done)
            return done;
        if (other) {
            m_found.other.emplace();
            if (auto done = put(m_evaluation->score(*other), *m_found.other); !done)
                return done;
            m_found.paired = comparePaired(m_found.report, *m_found.other, m_arguments.options.seed);
        }
        if (m_arguments.noiseFloor) {
            EvaluationReport again;
            if (auto done = put(m_evaluation->score(*side, true), again); !done)
                return done;
            m_found.floor = flippedItems(m_found.report, again);
        }
        return m_arguments.control ? findControl(opened, *side, *other) : Result<void>();
    }

    static Result<void> put(Result<EvaluationReport> report, EvaluationReport& into)
    {
        if (!report)
            return failure(report);
        into = std::move(*report);
        return {};
    }

    Result<void> findSequentially(Side& side, Side& other)
    {
        for (Side* one : {&side, &other})
            if (auto loaded = m_evaluation->model(*one); !loaded)
                return failure(loaded);
        const Sandbox* sandbox = m_sandbox ? &*m_sandbox : nullptr;
        Scorer a(side.model, side.tokenizer, m_task, m_evaluation->optionsOf(side), sandbox), b(other.model, other.tokenizer, m_task, m_evaluation->optionsOf(other), sandbox);
        m_design.emplace(chosenItems(m_task, m_arguments.options).size(), m_arguments.alpha);
        ShownProgress progress(m_globals);
        auto found = evaluateUntilClear(a, b, m_task, m_arguments.options, *m_design, progress);
        if (!found)
            return failure(found);
        m_found.report = found->a;
        m_found.other = found->b;
        m_found.paired = comparePaired(found->a, found->b, m_arguments.options.seed);
        m_found.sequential = std::move(*found);
        return {};
    }

    Result<void> findControl(const Opened& opened, const Side& side, const Side& other)
    {
        ShownProgress progress(m_globals);
        auto control = controlOf(side.source, other.source, m_arguments.options.seed, progress);
        if (!control)
            return failure(control);
        auto patched = patchFully(side.source, control->recipe);
        if (!patched)
            return failure(patched);
        auto third = m_evaluation->side("control", opened.checkpoint, *patched);
        if (!third)
            return failure(third);
        m_found.controlReport.emplace();
        if (auto done = put(m_evaluation->score(*third), *m_found.controlReport); !done)
            return done;
        m_found.controlPaired = comparePaired(m_found.report, *m_found.controlReport, m_arguments.options.seed);
        m_found.control = std::move(*control);
        return m_arguments.controlOut.empty() ? Result<void>() : saveRecipe(*m_found.control->recipe, m_arguments.controlOut);
    }

    [[nodiscard]] Scoring scoring() const
    {
        Scoring out{m_task, m_arguments.options, m_arguments.model.source.path, m_names, &m_found.report, m_found.other ? &*m_found.other : nullptr, m_found.floor,
                    m_found.control ? &*m_found.control : nullptr, m_found.controlReport ? &*m_found.controlReport : nullptr, {}};
        for (const std::string& recipe : m_arguments.model.source.recipes)
            out.more.emplace_back("recipe of the original", recipe);
        if (m_arguments.compares())
            out.more.emplace_back("compared with", m_arguments.comparePath.empty() ? m_arguments.compareRecipe : m_arguments.comparePath);
        return out;
    }

    [[nodiscard]] std::vector<std::string> sentences() const
    {
        std::vector<std::string> out = reportSentences(scoring());
        if (m_found.sequential)
            out.push_back(sequentialWords());
        return out;
    }

    [[nodiscard]] std::string sequentialWords() const
    {
        const SequentialReport& run = *m_found.sequential;
        const char* end = run.end == SequentialEnd::Difference ? "the sides differ" : run.end == SequentialEnd::Hopeless ? "no difference could be shown any more" : "all items were scored";
        return fmt::format("Stopped after {} of {} items: {}; p = {:.2g} corrected for every look (level {:.3g} of {} steps, chance of a false alarm {:.3g}).",
                           run.a.items.size(), m_design->most(), end, run.p, m_design->level(), m_design->most(), m_design->falseAlarms());
    }

    [[nodiscard]] ResultReport resultReport() const
    {
        ResultReport out = makeReport(scoring());
        out.sentences = sentences();
        return out;
    }

    Result<void> write() const
    {
        if (!m_arguments.out.empty())
            if (auto done = writeTextAtomically(m_arguments.out, itemLines(m_task, m_arguments.options, m_found.report, m_found.other ? &*m_found.other : nullptr)); !done)
                return done;
        if (!m_arguments.csv.empty())
            if (auto done = writeTextAtomically(m_arguments.csv, toCsv(resultReport())); !done)
                return done;
        return m_arguments.html.empty() ? Result<void>() : writeTextAtomically(m_arguments.html, toHtml(resultReport()));
    }

    [[nodiscard]] Json toJson() const
    {
        Json out = {{"task", m_task.name}, {"kind", taskKindName(m_task.kind)}, {"task_sha256", m_task.sha256}};
        out.update(settingsToJson(m_task, m_arguments.options));
        out.update(reportToJson(m_task, m_found.report));
        if (m_task.kind == TaskKind::Code)
            out["sandbox"] = m_sandbox ? Json(m_sandbox->interpreter()) : Json();
        if (m_found.floor)
            out["noise_floor"] = {{"flipped", *m_found.floor}, {"items", m_found.report.items.size()}, {"how", "the original again, items backwards and in batches of another size"}};
        if (!m_found.paired)
            return out;
        out["other"] = reportToJson(m_task, *m_found.other);
        out["paired"] = pairedToJson(*m_found.paired);
        out["sentences"] = sentences();
        if (m_found.control) {
            Json& control = out["control"] = reportToJson(m_task, *m_found.controlReport);
            control["norm"] = m_found.control->controlNorm;
            control["edit_norm"] = m_found.control->editNorm;
            control["recipe"] = recipeToJson(*m_found.control->recipe);
            control["paired"] = pairedToJson(*m_found.controlPaired);
        }
        if (m_found.sequential)
            out["sequential"] = {{"end", sequentialEndName(m_found.sequential->end)}, {"items", m_found.report.items.size()}, {"most", m_design->most()},
                                 {"discordant", m_found.sequential->discordant}, {"p", m_found.sequential->p}, {"level", m_design->level()},
                                 {"alpha", m_arguments.alpha}, {"false_alarms", m_design->falseAlarms()}};
        return out;
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

    void printText() const
    {
        if (!m_found.other)
            fmt::print("{}: {}\n", m_task.name, scoreText(m_found.report));
        else
            fmt::print("{}\n  {}: {}\n  {}: {}\n", m_task.name, m_names[0], scoreText(m_found.report), m_names[1], scoreText(*m_found.other));
        if (m_found.controlReport)
            fmt::print("  control: {}\n", scoreText(*m_found.controlReport));
        if (m_found.floor && !m_found.paired)
            fmt::print("  A/A floor: {} of {} items count otherwise in another order\n", *m_found.floor, m_found.report.items.size());
        for (const std::string& sentence : sentences())
            fmt::print("  {}\n", shownName(sentence));
    }

    Arguments& m_arguments;
    const Globals& m_globals;
    Task m_task;
    std::optional<Sandbox> m_sandbox;
    std::optional<Evaluation> m_evaluation;
    std::optional<SequentialDesign> m_design;
    std::vector<std::string> m_names;
    Findings m_found;
};

void addSampling(CLI::App& app, Arguments& arguments)
{
    EvaluateOptions& options = arguments.options;
    app.add_option("--samples", options.samples, "Answers to each item, for pass@k; more than one are drawn (default 1, greedy)")->check(CLI::Range(1, 1000));
    app.add_option("--temperature", arguments.temperature, "Of drawn answers (default 0.2 with several samples, else 0: greedy)");
    addTemperatureRule(app, options.sampling.rule);
    app.add_option("--top-k", options.sampling.topK, "Keep the K most likely tokens");
    app.add_option("--top-p", arguments.topP, "Keep the fewest whose probabilities reach P (default 0.95 with several samples)");
    app.add_option("--min-p", options.sampling.minP, "Keep those with at least P of the largest probability");
    app.add_option("--shots", arguments.shots, "So many worked examples before each item, chosen by the seed")->check(CLI::Range(0, 1000));
    app.add_option("--shots-file", arguments.shotsFile, "The examples' task (default: the same task, never the item itself)")->type_name("FILE|NAME");
    app.add_flag("--chat", arguments.chat, "Prompts as what a user says, examples as what was said before, in the model's own chat template; implies --strip");
    app.add_option("--max", options.maxTokens, "New tokens of an answer at most (default 64; 256 for numbers, 512 for programs)");
    app.add_flag("--strip", arguments.strip, "Blanks around an answer do not count");
    app.add_flag("--normalise", options.normaliseByLength, "Choices by log-likelihood per byte");
}

void addComparison(CLI::App& app, Arguments& arguments)
{
    auto* recipe = app.add_option("--compare-recipe", arguments.compareRecipe, "Also with these staged edits, the same items")->type_name("FILE");
    app.add_option("--compare", arguments.comparePath, "Also another checkpoint, the same items")->type_name("PATH")->excludes(recipe);
    auto* floor = app.add_flag("--noise-floor", arguments.noiseFloor, "Score the original twice, the second time in another order: how many items flip");
    auto* control = app.add_flag("--control", arguments.control, "Also a random edit of equal norm on the same tensors");
    app.add_option("--control-recipe", arguments.controlOut, "Keep that edit as a recipe; a file of that name is replaced")->type_name("FILE")->needs(control);
    auto* early = app.add_flag("--early-stop", arguments.earlyStop, "Score both sides in blocks and stop when the answer is clear, with an exact rate of false alarms");
    early->excludes(floor)->excludes(control);
    app.add_option("--alpha", arguments.alpha, "That rate (default 0.05)")->check(CLI::Range(1e-6, 0.5))->needs(early);
    app.add_option("--resume", arguments.resume, "Folder of results: each item is kept there as it is done, and what is there is not scored again")->type_name("DIR")->excludes(early);
}

} // namespace

Run addEvaluate(CLI::App& app, const Globals& globals)
{
    auto arguments = std::make_shared<Arguments>();
    arguments->model.add(app, "f32");
    app.add_option("--task", arguments->task, "JSON lines: exact answers, choices, HumanEval programs or GSM8K numbers; or the name of a task that comes with the program")->type_name("FILE|NAME")->required();
    app.add_option("--limit", arguments->options.limit, "So many items, chosen by the seed");
    app.add_option("--seed", arguments->options.seed, "Of the choice of items, of drawn answers and of the resampling (default 0)");
    addSampling(app, *arguments);
    addComparison(app, *arguments);
    app.add_option("-o", arguments->out, "JSON lines of the items; a file of that name is replaced")->type_name("FILE");
    app.add_option("--csv", arguments->csv, "A table of the items; likewise")->type_name("FILE");
    app.add_option("--report", arguments->html, "A page for a browser; likewise")->type_name("FILE.html");
    return [arguments, &globals] { return Command(*arguments, globals).run(); };
}

} // namespace wb::cli
