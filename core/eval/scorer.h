// Asks a model the items of a task, in any order and any company: what an item gets does not depend on the others.
#pragma once

#include "core/eval/itemprompt.h"
#include "core/eval/judge.h"
#include "core/eval/significance.h"
#include "core/model/boundary.h"
#include "core/model/generate.h"

#include <functional>
#include <optional>

namespace wb {

struct EvaluateOptions {
    Precision precision = Precision::F32;
    std::size_t limit = 0;     // items, chosen by the seed; 0: all
    std::uint64_t seed = 0;    // of the choice of items, of draws and of resampling
    std::size_t maxTokens = 0; // of an answer; 0: 64, 256 of a number, 512 of a program
    bool normaliseByLength = false; // choices by log-likelihood per byte
    std::set<std::uint32_t> endTokens;
    std::size_t samples = 1;                     // answers to each item; more than one are drawn
    SamplingOptions sampling{.temperature = 0};  // its seed is not used: draws go by `seed`, the item's id and the sample
    FewShot shots;
    ChatTemplatePtr chat; // null: prompts are texts to go on with; else blanks around answers do not count
    BoundaryStates* boundary = nullptr; // of this task, for choices; see forwardInSteps()
    bool continued = false; // the caller has begun the progress, of which this is a part
    bool otherOrder = false; // the items backwards and in other batches: what changes then is noise
};
// BadArgument: several samples of greedy answers or of choices, settings that make no sense.
[[nodiscard]] Result<void> checkOptions(const Task& task, const EvaluateOptions& options);
// New tokens of an answer at most.
[[nodiscard]] std::size_t maxTokensOf(TaskKind kind, const EvaluateOptions& options);

struct ItemResult {
    std::size_t item = 0;  // of the task
    bool correct = false;  // of several answers: more than half of them
    std::string output, extracted; // of the first answer, see Answer
    Reason reason;
    std::vector<Answer> samples;           // all of them where there are several

    [[nodiscard]] Outcome outcome() const;
    bool operator==(const ItemResult&) const = default;
};
[[nodiscard]] ItemResult makeItemResult(std::size_t item, std::vector<Answer> answers); // at least one

// Called as items are done, in the calling thread.
using OnItem = std::function<void(const ItemResult&)>;

// Tokens of the longest text that the chosen items lead to, answer included.
[[nodiscard]] Result<std::size_t> longestText(const Tokenizer& tokenizer, const Task& task, std::span<const std::size_t> items, const EvaluateOptions& options);

class Scorer {
public:
    static constexpr std::size_t sequences = 16; // that go on together, for the memory they take

    // `task` and `sandbox` (may be null: programs are then not run and the items say so) must outlive it.
    Scorer(ModelPtr model, TokenizerPtr tokenizer, const Task& task, EvaluateOptions options, const Sandbox* sandbox);

    // Advances the progress by items. A prompt longer than the model's context is a wrong item with that reason.
    [[nodiscard]] Result<void> score(std::span<const std::size_t> items, Progress& progress, const OnItem& onItem);

private:
    struct Asked;
    [[nodiscard]] Result<void> choose(std::size_t index, Progress& progress, const OnItem& onItem);
    [[nodiscard]] Result<void> generate(std::span<const std::size_t> items, Progress& progress, const OnItem& onItem);
    [[nodiscard]] Result<std::vector<Asked>> ask(std::span<const std::size_t> items) const;
    [[nodiscard]] Result<void> answer(std::span<Asked*> asked, Progress& progress);
    [[nodiscard]] Reason tooLong(std::size_t tokens) const;

    ModelPtr m_model;
    TokenizerPtr m_tokenizer;
    const Task& m_task;
    Task m_rules; // how answers are judged; no items: an answer in a chat begins without a blank
    EvaluateOptions m_options;
    const Sandbox* m_sandbox;
    Generator m_generator;
    Workspace m_space;
    std::optional<KvCache> m_cache;
};

} // namespace wb
