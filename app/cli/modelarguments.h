// What the verbs that run the model share: which model, in what arithmetic, over which text.
#pragma once

#include "app/cli/cli.h"

#include "core/model/model.h"
#include "core/model/temperature.h"
#include "core/text/tokenizer.h"

#include <functional>
#include <optional>
#include <utility>

namespace wb::cli {

struct LoadedModel {
    Opened opened;
    ModelPtr model;
};

struct ModelArguments {
    SourceArguments source;
    std::string precision; // "" = the verb's own
    void add(CLI::App& app, const char* usual);
    [[nodiscard]] Precision chosen(Precision usual) const;
};
using RunBytes = std::function<std::uint64_t(const ModelConfig&)>; // of a run, beside the weights
// With the program itself and the weights of a model that stays: all that --memory must hold but the weights that are read.
[[nodiscard]] RunBytes besideNewWeights(RunBytes runBytes, ModelPtr kept);

// With --memory: refused with the numbers before weights are read.
[[nodiscard]] Result<LoadedModel> loadModel(const ModelArguments& arguments, const Globals& globals, const RunBytes& runBytes = {});
// What it is compared with: the same with more staged edits, or another checkpoint.
struct CompareArguments {
    std::string recipe, path;
    void add(CLI::App& app, const std::string& what);
    [[nodiscard]] bool given() const { return !recipe.empty() || !path.empty(); }
};
// Shares with `base` what is equal.
[[nodiscard]] Result<LoadedModel> loadCompared(const CompareArguments& arguments, const LoadedModel& base, const Globals& globals,
                                               const RunBytes& runBytes = {});
// What a verb measures of the model, and of the one it is compared with when there is one; measure(const Model&) gives a Result.
template <typename Measure>
[[nodiscard]] auto measureBoth(const LoadedModel& loaded, const CompareArguments& compare, const Globals& globals,
                               const RunBytes& runBytes, const Measure& measure)
{
    using Report = typename decltype(measure(*loaded.model))::value_type;
    using Both = std::pair<Report, std::optional<Report>>;
    auto report = measure(*loaded.model);
    if (!report)
        return Result<Both>(failure(report));
    if (!compare.given())
        return Result<Both>(Both(std::move(*report), std::nullopt));
    auto compared = loadCompared(compare, loaded, globals, runBytes);
    if (!compared)
        return Result<Both>(failure(compared));
    auto other = measure(*compared->model);
    return other ? Result<Both>(Both(std::move(*report), std::move(*other))) : Result<Both>(failure(other));
}
[[nodiscard]] Result<TokenizerPtr> tokenizerOf(const LoadedModel& loaded);

// --tokens, --text or --file; exactly one.
struct TextArguments {
    std::string ids, text, file;
    void add(CLI::App& app);
    // At least one; each in the model's vocabulary. `addSpecial`: a text begins as the tokenizer begins one.
    [[nodiscard]] Result<std::vector<std::uint32_t>> tokens(const LoadedModel& loaded, bool addSpecial) const;
    // The first `most` (0: all) of the file's, without special tokens.
    [[nodiscard]] static Result<std::vector<std::uint32_t>> firstTokens(const LoadedModel& loaded, const std::string& file, std::size_t most);
};

// --temperature-rule and its numbers.
void addTemperatureRule(CLI::App& app, TemperatureRule& rule);

// "1,2,3"
[[nodiscard]] Result<std::vector<std::uint32_t>> parseTokens(const std::string& text, std::uint64_t vocabulary);

} // namespace wb::cli
