// Results that are kept: each item is written as it is scored, an interrupted run goes on where it was, and what was scored once
// under the same key is not scored again. One file of JSON lines a key: the key, the items, and after each finished run its
// figures.
#pragma once

#include "core/base/appendfile.h"
#include "core/base/json.h"
#include "core/eval/evaluate.h"
#include "core/recipe/recipe.h"
#include "core/tensor/tensorsource.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>

#include <nlohmann/json.hpp>

namespace wb {

// Version and build of the program: results of another build are scored again.
[[nodiscard]] std::string engineIdentity();
// Equal only if all tensors store the same bytes and the config says the same. Reads no tensor.
[[nodiscard]] std::string sourceIdentity(const TensorSource& source);
// The enabled edits between a source and its files, in order; null without.
[[nodiscard]] RecipePtr editsOf(const TensorSource& source);
// The files below a source's edits.
[[nodiscard]] const TensorSource& filesOf(const TensorSource& source);
// Of tokenizer.json and what stands beside it, or of a GGUF's header.
class Checkpoint;
[[nodiscard]] Result<std::string> tokenizerIdentity(const Checkpoint& checkpoint);

// All that decides a result: the program to the instruction, model with its edits, tokenizer, task, settings. Results of unlike keys are never mixed.
struct ResultKey {
    Json fields;
    [[nodiscard]] std::string name() const; // of its file, without ending
};
[[nodiscard]] ResultKey resultKey(const TensorSource& source, const std::string& tokenizer, const Task& task, const EvaluateOptions& options,
                                  const Sandbox* sandbox);

// The file of one key, while a run goes on. `task` must outlive it.
class KeptResults {
public:
    // `about`: for people and the history, no part of the key. Reads what is there; lines from the first damaged one on are
    // dropped. BadArgument when another process writes it.
    [[nodiscard]] static Result<std::unique_ptr<KeptResults>> open(const std::filesystem::path& folder, const ResultKey& key, const Task& task,
                                                                   const Json& about);

    [[nodiscard]] const std::map<std::size_t, ItemResult>& items() const { return m_items; } // by place in the task
    [[nodiscard]] bool holds(std::span<const std::size_t> items) const;
    // Written at once, on the disk within about a second.
    [[nodiscard]] Result<void> add(const ItemResult& result);
    [[nodiscard]] Result<void> finish(const EvaluationReport& report);
    [[nodiscard]] const std::filesystem::path& path() const { return m_file.path(); }

private:
    KeptResults(AppendFile file, const Task& task) : m_file(std::move(file)), m_task(task) {}
    [[nodiscard]] Result<void> take(const std::string& text, const Json& head);

    AppendFile m_file;
    const Task& m_task;
    std::map<std::size_t, ItemResult> m_items;
    bool m_finished = false;
    std::chrono::steady_clock::time_point m_synced{};
};

// As evaluateTask, but takes what is kept and keeps what it scores. The model is asked for only when an item is missing.
using ModelMaker = std::function<Result<ModelPtr>()>;
[[nodiscard]] Result<EvaluationReport> evaluateKept(KeptResults& kept, const ModelMaker& model, const TokenizerPtr& tokenizer, const Task& task,
                                                    const EvaluateOptions& options, const Sandbox* sandbox, Progress& progress, const OnItem& onItem = {});

// One finished run as the history shows it.
struct PastResult {
    std::filesystem::path path;
    Json key, about;
    std::size_t n = 0, correct = 0;
    double score = 0, standardError = 0, seconds = 0;
    std::int64_t time = 0; // of its end, seconds since 1970
};

class ResultStore {
public:
    static constexpr std::uint64_t maxFileBytes = std::uint64_t{256} << 20;
    static constexpr std::uint64_t maxFolderBytes = std::uint64_t{512} << 20; // of the user's cache: the oldest files leave first

    // $XDG_CACHE_HOME/weightbench/results, or below ~/.cache.
    [[nodiscard]] static std::filesystem::path defaultFolder();
    // Finished runs of models made from the files of this identity, the latest first.
    [[nodiscard]] static std::vector<PastResult> history(const std::filesystem::path& folder, const std::string& filesIdentity);
};

// For `about`: the name of the checkpoint, the identity of its files, the task, and the recipe.
[[nodiscard]] Json aboutResult(const std::string& checkpoint, const TensorSource& source, const Task& task);

} // namespace wb
