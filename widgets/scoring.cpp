#include "widgets/scoring.h"

#include "core/base/cachefolder.h"
#include "core/recipe/layeredsource.h"
#include "widgets/runningmodels.h"

namespace wb {

namespace {

Result<ChatTemplatePtr> chatOf(const ScoreRequest& request)
{
    return request.chat ? request.models->chatTemplate() : Result<ChatTemplatePtr>(ChatTemplatePtr());
}

// What the request leaves to the checkpoint: end tokens, template, and for programs the sandbox.
struct Prepared {
    TokenizerPtr tokenizer;
    EvaluateOptions options;
    std::optional<Sandbox> sandbox;
};

Result<Prepared> prepare(const ScoreRequest& request)
{
    auto tokenizer = request.models->tokenizer();
    if (!tokenizer) return failure(tokenizer);
    auto config = request.models->generationConfig();
    if (!config) return failure(config);
    Prepared out{*tokenizer, request.options, {}};
    out.options.endTokens = config->endTokens;
    const auto chat = chatOf(request);
    if (!chat) return failure(chat);
    out.options.chat = *chat;
    if (request.task->kind != TaskKind::Code) return out;
    auto found = Sandbox::find();
    if (!found) return failure(found);
    out.sandbox = std::move(*found);
    return out;
}

} // namespace

Result<ScorePtr> scoreKept(const ScoreRequest& request, Progress& progress, const OnItem& onItem)
{
    const Task& task = *request.task;
    auto prepared = prepare(request);
    if (!prepared) return failure(prepared);
    const EvaluateOptions& options = prepared->options;
    const Sandbox* place = prepared->sandbox ? &*prepared->sandbox : nullptr;
    const ModelMaker model = [&] { return request.models->load(request.source, progress); };
    const auto identity = tokenizerIdentity(*request.models->checkpoint());
    if (!identity) return failure(identity);
    auto kept = KeptResults::open(ResultStore::defaultFolder(), resultKey(*request.source, *identity, task, options, place), task,
                                  aboutResult(request.models->checkpoint()->name(), *request.source, task));
    Result<EvaluationReport> report = cancelledError();
    if (kept) {
        report = evaluateKept(**kept, model, prepared->tokenizer, task, options, place, progress, onItem);
        if (report) removeOldest(ResultStore::defaultFolder(), ".jsonl", ResultStore::maxFolderBytes, (*kept)->path());
    } else { // another window scores the same, or the folder cannot be written
        auto loaded = model();
        if (!loaded) return failure(loaded);
        report = evaluateTask(*loaded, prepared->tokenizer, task, options, place, progress, onItem);
    }
    if (!report) return failure(report);
    return std::make_shared<const EvaluationReport>(std::move(*report));
}

Result<ScoredSide> scoreAgainst(const ScoreRequest& request, const ScorePtr& before, Progress& progress, const OnItem& onItem)
{
    auto score = scoreKept(request, progress, onItem);
    if (!score) return failure(score);
    return ScoredSide{*score, before ? comparePaired(*before, **score, request.options.seed) : PairedComparison{}, chatOf(request).value_or(nullptr)};
}

Result<std::size_t> scoreFloor(ScoreRequest request, const ScorePtr& before, Progress& progress)
{
    request.options.otherOrder = true;
    const auto again = scoreKept(request, progress);
    if (!again) return failure(again);
    return flippedItems(*before, **again);
}

Result<std::shared_ptr<const ScoredControl>> scoreControl(ScoreRequest request, const SourcePtr& edited, const ScorePtr& before, Progress& progress)
{
    auto control = controlOf(request.source, edited, request.options.seed, progress);
    if (!control) return failure(control);
    auto patched = patchFully(request.source, control->recipe);
    if (!patched) return failure(patched);
    request.source = *patched;
    auto side = scoreAgainst(request, before, progress);
    if (!side) return failure(side);
    return std::make_shared<const ScoredControl>(ScoredControl{std::move(*control), std::move(*side)});
}

Result<ScoredUntilClear> scoreUntilClear(const ScoreRequest& request, const SourcePtr& edited, Progress& progress, const OnEitherItem& onItem)
{
    constexpr double alpha = 0.05;
    const Task& task = *request.task;
    auto prepared = prepare(request);
    if (!prepared) return failure(prepared);
    const EvaluateOptions& options = prepared->options;
    auto original = request.models->load(request.source, progress);
    if (!original) return failure(original);
    auto patched = request.models->load(edited, progress);
    if (!patched) return failure(patched);
    const Sandbox* place = prepared->sandbox ? &*prepared->sandbox : nullptr;
    Scorer a(*original, prepared->tokenizer, task, options, place), b(*patched, prepared->tokenizer, task, options, place);
    const SequentialDesign design(chosenItems(task, options).size(), alpha);
    auto run = evaluateUntilClear(a, b, task, options, design, progress, onItem);
    if (!run) return failure(run);
    ScoredUntilClear out;
    out.paired = comparePaired(run->a, run->b, options.seed);
    out.original = std::make_shared<const EvaluationReport>(std::move(run->a));
    out.patched = std::make_shared<const EvaluationReport>(std::move(run->b));
    out.end = run->end;
    out.p = run->p;
    out.falseAlarms = design.falseAlarms();
    out.most = design.most();
    out.chat = options.chat;
    return out;
}

} // namespace wb
