// What the verbs of wb share: global options, opening with staged edits, progress on stderr, output as text or JSON.
#pragma once

#include "core/analysis/fusedparts.h"
#include "core/analysis/statisticscache.h"
#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/checkpoint/checkpoint.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace wb::cli {

enum class ProgressMode { Auto, Never, Json };

struct Globals {
    bool json = false;
    bool quiet = false;
    bool limits = true;
    unsigned threads = 0;
    std::size_t memory = 0; // bytes; 0 = not given
    ProgressMode progress = ProgressMode::Auto;

    // What caches may hold; the rest of --memory is for working buffers.
    [[nodiscard]] std::size_t cacheBytes() const;
};

// A verb adds its arguments and options to `app` and returns what runs it; the exit code is the answer.
using Run = std::function<Result<int>()>;
struct Verb {
    const char* name;
    const char* help;
    Run (*add)(CLI::App& app, const Globals& globals);
};

Run addApply(CLI::App& app, const Globals& globals);
Run addCompare(CLI::App& app, const Globals& globals);
Run addDiff(CLI::App& app, const Globals& globals);
Run addEvaluate(CLI::App& app, const Globals& globals);
Run addGenerate(CLI::App& app, const Globals& globals);
Run addInfo(CLI::App& app, const Globals& globals);
Run addActivations(CLI::App& app, const Globals& globals);
Run addLayers(CLI::App& app, const Globals& globals);
Run addLens(CLI::App& app, const Globals& globals);
Run addLinearity(CLI::App& app, const Globals& globals);
Run addList(CLI::App& app, const Globals& globals);
Run addLogits(CLI::App& app, const Globals& globals);
Run addPerplexity(CLI::App& app, const Globals& globals);
Run addRecipe(CLI::App& app, const Globals& globals);
Run addScan(CLI::App& app, const Globals& globals);
Run addServe(CLI::App& app, const Globals& globals);
Run addSpectrum(CLI::App& app, const Globals& globals);
Run addStats(CLI::App& app, const Globals& globals);
Run addSvf(CLI::App& app, const Globals& globals);
Run addSweep(CLI::App& app, const Globals& globals);
Run addTask(CLI::App& app, const Globals& globals);
Run addTokenize(CLI::App& app, const Globals& globals);
Run addValues(CLI::App& app, const Globals& globals);
Run addVerify(CLI::App& app, const Globals& globals);

// PATH and --recipe FILE…, the same for every reading verb.
struct SourceArguments {
    std::string path;
    std::vector<std::string> recipes;
    void add(CLI::App& app);                // PATH alone
    void addWithRecipes(CLI::App& app);
};
struct Opened {
    CheckpointPtr checkpoint;
    SourcePtr source; // the checkpoint, or the checkpoint with the recipes applied
    CheckpointPtr layout; // what an export of the source follows: the checkpoint, with other tensors when a recipe edits the layers
};
[[nodiscard]] Result<Opened> open(const SourceArguments& arguments, const Globals& globals);

// Which tensors a verb is about: named ones and selected ones, or all of them.
struct TensorArguments {
    std::vector<std::string> names;
    std::string select;
    std::string part; // what such a tensor holds fused, by role; empty: the tensor itself
    void addNames(CLI::App& app);
    void addSelect(CLI::App& app);
    void addPart(CLI::App& app);
};
// U, S and V of these matrices as a safetensors file, by columns as the Transformer-squared reference has them, with the progress shown.
struct VectorsOptions {
    std::string out;
    std::size_t rank = 0; // only the first so many components; 0: all
    bool wide = false;    // double precision
};
struct WrittenVectors {
    std::vector<std::uint64_t> components;
    std::vector<double> errors; // ‖W − UΣVᵀ‖F / ‖W‖F, of all components
};
// --part, which takes the roles of fused parts.
void addPartOption(CLI::App& app, std::string& part, const std::string& help);
// One of a tensor's matrices; "model.layers.0.self_attn.qkv_proj.weight.q_proj" as the name of one that is stored fused.
struct ChosenMatrix {
    std::size_t tensor = 0;
    MatrixPart part = {};
    [[nodiscard]] std::string name(const TensorSource& source) const;
};
[[nodiscard]] Result<WrittenVectors> writeSingularVectors(const Opened& opened, const std::vector<ChosenMatrix>& matrices, const VectorsOptions& options, const Globals& globals);

// In natural order.
[[nodiscard]] Result<std::vector<std::size_t>> choose(const TensorArguments& arguments, const Opened& opened);
// Of the chosen tensors the part that is asked for, or themselves. One that has no such part is refused when it was named, else left out.
[[nodiscard]] Result<std::vector<ChosenMatrix>> chooseMatrices(const TensorArguments& arguments, const TensorSource& source, std::span<const std::size_t> tensors);

// Runs `work` with a Progress that Ctrl-C cancels and that is shown on stderr as the globals say.
class ShownProgress {
public:
    explicit ShownProgress(const Globals& globals);
    ~ShownProgress();
    ShownProgress(const ShownProgress&) = delete;
    ShownProgress& operator=(const ShownProgress&) = delete;
    operator Progress&() { return *m_progress; } // NOLINT: a Progress in every use

private:
    struct Display;
    std::shared_ptr<Progress> m_progress;
    ProgressScope m_scope;
    std::unique_ptr<Display> m_display;
};

// One JSON object on stdout, its schema first.
void printJson(const char* verb, const Json& body);
// A warning on stderr, unless --quiet.
void printWarning(const Globals& globals, const Error& warning);
[[nodiscard]] Json warningJson(const Error& warning);

// Columns of text, numbers right-aligned; control characters of names shown as spaces.
class Table {
public:
    explicit Table(std::vector<std::string> headers, std::vector<bool> rightAligned);
    void add(std::vector<std::string> row);
    void print() const;

private:
    std::vector<std::vector<std::string>> m_rows;
    std::vector<bool> m_right;
};

[[nodiscard]] std::string bytesText(std::uint64_t bytes);   // "3.4 MB"
[[nodiscard]] std::string countText(std::uint64_t count);   // "1 706 624"
[[nodiscard]] std::string valueText(double value);          // six significant digits
[[nodiscard]] std::string shownName(const std::string& name); // safe for a terminal

// "512M" → bytes, binary suffixes K, M and G; what is wrong with it, or nothing.
[[nodiscard]] std::string readBytes(const std::string& text, std::size_t& bytes);
// "10:20", ":20", "10:" over [0, end); the end is not included. BadArgument otherwise.
[[nodiscard]] Result<std::pair<std::uint64_t, std::uint64_t>> parseRange(const std::string& text, std::uint64_t end,
                                                                         const char* option);

} // namespace wb::cli
