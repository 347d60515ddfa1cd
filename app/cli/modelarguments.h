// What the verbs that run the model share: which model, in what arithmetic, over which text.
#pragma once

#include "app/cli/cli.h"

#include "core/model/model.h"
#include "core/text/tokenizer.h"

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
// With --memory: refused with the numbers before weights are read; `runBytes` is what the run takes beside them.
[[nodiscard]] Result<LoadedModel> loadModel(const ModelArguments& arguments, const Globals& globals,
                                            const std::function<std::uint64_t(const ModelConfig&)>& runBytes = {});
// What it is compared with: the same with more staged edits, or another checkpoint.
struct CompareArguments {
    std::string recipe, path;
    void add(CLI::App& app, const std::string& what);
    [[nodiscard]] bool given() const { return !recipe.empty() || !path.empty(); }
};
// Shares with `base` what is equal.
[[nodiscard]] Result<LoadedModel> loadCompared(const CompareArguments& arguments, const LoadedModel& base, const Globals& globals,
                                               const std::function<std::uint64_t(const ModelConfig&)>& runBytes = {});
[[nodiscard]] Result<TokenizerPtr> tokenizerOf(const LoadedModel& loaded);

// --tokens, --text or --file; exactly one.
struct TextArguments {
    std::string ids, text, file;
    void add(CLI::App& app);
    // At least one; each in the model's vocabulary. `addSpecial`: a text begins as the tokenizer begins one.
    [[nodiscard]] Result<std::vector<std::uint32_t>> tokens(const LoadedModel& loaded, bool addSpecial) const;
};

// "1,2,3"
[[nodiscard]] Result<std::vector<std::uint32_t>> parseTokens(const std::string& text, std::uint64_t vocabulary);

} // namespace wb::cli
