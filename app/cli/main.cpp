// wb, the command line: the same engine as the window, without Qt. Each verb is a file of its own.
#include "app/cli/choices.h"
#include "app/cli/cli.h"

#include "core/base/file.h"
#include "core/base/parallel.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdlib>
#include <malloc.h>
#include <map>
#include <new>
#include <optional>
#include <system_error>

namespace wb::cli {
namespace {

constexpr std::array verbs = {
    Verb{"info", "What a checkpoint says about itself", addInfo},
    Verb{"layers", "What each layer is worth to a text; recipes that leave out, replace or repeat layers", addLayers},
    Verb{"lens", "What the head would say of the stream before each layer", addLens},
    Verb{"activations", "What flows through the model on a text: statistics, massive activations, routing", addActivations},
    Verb{"linearity", "How well each layer is a linear map of its input, over a text", addLinearity},
    Verb{"list", "Every tensor with role, type, shape and place", addList},
    Verb{"spectrum", "Singular values of matrices, ranks, power law and error bounds", addSpectrum},
    Verb{"stats", "Statistics, quantiles, histogram and outliers, over all elements", addStats},
    Verb{"svf", "Singular-value experts: split, mix into a recipe, import and export", addSvf},
    Verb{"sweep", "A score against one or two numbers of a recipe, the best with its held-out score", addSweep},
    Verb{"values", "Numbers of a part of a tensor", addValues},
    Verb{"tokenize", "Text to ids and back with the tokenizer of a checkpoint", addTokenize},
    Verb{"scan", "NaN, infinities, denormals, zero rows, broken scales, tensors stored twice", addScan},
    Verb{"recipe", "Check a recipe against a checkpoint", addRecipe},
    Verb{"diff", "What differs between two checkpoints", addDiff},
    Verb{"logits", "Logits and hidden states of a text, written as safetensors", addLogits},
    Verb{"perplexity", "How surprised the model is by a text", addPerplexity},
    Verb{"generate", "Go on with a prompt, with staged edits or without", addGenerate},
    Verb{"serve", "The model, with staged edits or without, behind the API that evaluation tools speak", addServe},
    Verb{"evaluate", "Score the model on a task, original and edited, paired", addEvaluate},
    Verb{"compare", "Results of other programs, or counts alone, paired like our own", addCompare},
    Verb{"task", "What a task asks, and whether its own solutions pass", addTask},
    Verb{"apply", "Export a checkpoint with staged edits, with proof", addApply},
    Verb{"verify", "Is an export still what it was?", addVerify},
};

std::string verbNames()
{
    std::string names;
    for (const Verb& verb : verbs)
        names += std::string(names.empty() ? "" : ", ") + verb.name;
    return names;
}

int report(const Error& error, bool json)
{
    fmt::print(stderr, "wb: {}\n", sentence(error));
    if (json)
        printJson("error", {{"code", errorText(error.code).name}, {"where", error.where}, {"message", errorMessage(error)}});
    return exitCode(error.code);
}

std::string readMemory(const std::string& text, std::size_t& bytes)
{
    constexpr std::size_t least = std::size_t{16} << 20;
    const std::string problem = readBytes(text, bytes);
    return !problem.empty() || bytes >= least ? problem : text + " is less than the 16M that buffers need";
}

// What is freed goes back to the system at once: by itself the allocator would keep up to 64 MiB of a thread for the next
// time, beside what --memory allows.
void keepNothing()
{
    constexpr int most = 256 << 10;
    ::mallopt(M_MMAP_THRESHOLD, most);
    ::mallopt(M_TRIM_THRESHOLD, most);
}

void addGlobals(CLI::App& app, Globals& globals)
{
    app.add_flag("--json", globals.json, "One JSON object on stdout");
    app.add_option("--threads", globals.threads, "Worker threads (default: all cores)")->check(CLI::Range(1, 1024));
    app.add_option_function<std::string>(
           "--memory",
           [&globals](const std::string& text) {
               if (const std::string problem = readMemory(text, globals.memory); !problem.empty())
                   throw CLI::ValidationError("--memory", problem);
           },
           "Ceiling for caches and working buffers: bytes, with K, M or G");
    static const std::map<std::string, ProgressMode> modes = {
        {"auto", ProgressMode::Auto}, {"never", ProgressMode::Never}, {"json", ProgressMode::Json}};
    app.add_option("--progress", globals.progress, "Progress on stderr: auto, never or json")
        ->transform(oneOf(modes));
    app.add_flag("--quiet", globals.quiet, "No progress, no warnings");
    app.add_flag("!--no-limits", globals.limits, "Lift the caps on headers that no honest file reaches");
}

// CLI11's sentences name its own concepts; the word that was wrong is what helps.
Error usageError(const CLI::App& app, const CLI::ParseError& problem, int argc, char** argv)
{
    const bool noVerb = app.get_subcommands().empty();
    std::string what = problem.what();
    for (int i = 1; noVerb && i < argc; ++i)
        if (argv[i][0] != '-' && std::ranges::none_of(verbs, [&](const Verb& v) { return std::string(v.name) == argv[i]; })) {
            what = fmt::format("there is no verb {}; there are {}", argv[i], verbNames());
            break;
        }
    while (!what.empty() && (what.back() == '.' || what.back() == '\n'))
        what.pop_back();
    return {ErrorCode::BadArgument, noVerb ? "usage" : app.get_subcommands().front()->get_name(), {what}};
}

// "" for a number, a name or a selection is the unset variable of a script, and not a wish for everything.
const char* problemOf(const CLI::Option& option, const std::string& value)
{
    static constexpr std::array texts = {"--text", "--prompt", "--system", "--stop"};
    if (value.empty())
        return std::ranges::find(texts, option.get_name()) == texts.end() ? "it is empty" : nullptr;
    if (value.front() == '-' && option.get_type_name().starts_with("UINT"))
        return "it is negative"; // which would become a very large number
    return option.get_type_name().starts_with("FLOAT") && !std::isfinite(std::strtod(value.c_str(), nullptr)) ? "it is not a finite number" : nullptr;
}

std::optional<Error> valueError(const CLI::App& app)
{
    for (const CLI::Option* option : app.get_options())
        for (const std::string& value : option->results())
            if (const char* problem = problemOf(*option, value))
                return Error{ErrorCode::BadArgument, option->get_name(), {problem}};
    for (const CLI::App* part : app.get_subcommands({})) // verbs and groups of options
        if (auto error = valueError(*part))
            return error;
    return std::nullopt;
}

int run(int argc, char** argv)
{
    Globals globals;
    CLI::App app("Looks at the weights of language models, edits them, and proves what was written.", "wb");
    app.set_version_flag("--version", "wb " WB_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    addGlobals(app, globals);
    std::vector<std::pair<CLI::App*, Run>> added;
    for (const Verb& verb : verbs) {
        CLI::App* sub = app.add_subcommand(verb.name, verb.help);
        added.emplace_back(sub, verb.add(*sub, globals));
    }
    const bool json = std::any_of(argv, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        if (problem.get_exit_code() == 0) // --help, --version
            return app.exit(problem);
        return report(usageError(app, problem, argc, argv), json);
    }
    if (const auto error = valueError(app))
        return report(*error, json);
    setThreadCount(globals.threads);
    if (globals.memory != 0)
        keepNothing();
    for (const auto& [sub, verb] : added) {
        if (!sub->parsed())
            continue;
        auto code = verb();
        return code ? *code : report(code.error(), globals.json);
    }
    return 0;
}

} // namespace
} // namespace wb::cli

namespace {

// What a job gives back it asks for again, a tensor or a window of text later: kept by the process until it ends, the system need not clear the
// pages anew (wb stats of SmolLM2-135M: 0.26 s against 0.40 s, with its matrices in F8 1.7 s against 3.1 s).
void keepFreedMemory()
{
    constexpr int large = 32 << 20, never = 1 << 30;
    ::mallopt(M_MMAP_THRESHOLD, large);
    ::mallopt(M_TRIM_THRESHOLD, never);
}

} // namespace

int main(int argc, char** argv)
{
    wb::prepareProcess();
    keepFreedMemory();
    try {
        return wb::cli::run(argc, argv);
    } catch (const std::bad_alloc&) {
        std::fputs("wb: out of memory. Close other programs or use a smaller selection.\n", stderr);
        return 6;
    } catch (const std::system_error&) { // stdout is closed, as by `| head`
        return 6;
    }
}
