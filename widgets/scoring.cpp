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

} // namespace

Result<ScorePtr> scoreKept(const ScoreRequest& request, Progress& progress, const OnItem& onItem)
{
    const Task& task = *request.task;
    auto tokenizer = request.models->tokenizer();
    if (!tokenizer) return failure(tokenizer);
    auto config = request.models->generationConfig();
    if (!config) return failure(config);
    EvaluateOptions options = request.options;
    options.endTokens = config->endTokens;
    const auto chat = chatOf(request);
    if (!chat) return failure(chat);
    options.chat = *chat;
    std::optional<Sandbox> sandbox;
    if (task.kind == TaskKind::Code) {
        auto found = Sandbox::find();
        if (!found) return failure(found);
        sandbox = std::move(*found);
    }
    const Sandbox* place = sandbox ? &*sandbox : nullptr;
    const ModelMaker model = [&] { return request.models->load(request.source, progress); };
    const auto identity = tokenizerIdentity(*request.models->checkpoint());
    if (!identity) return failure(identity);
    auto kept = KeptResults::open(ResultStore::defaultFolder(), resultKey(*request.source, *identity, task, options, place), task,
                                  aboutResult(request.models->checkpoint()->name(), *request.source, task));
    Result<EvaluationReport> report = cancelledError();
    if (kept) {
        report = evaluateKept(**kept, model, *tokenizer, task, options, place, progress, onItem);
        if (report) removeOldest(ResultStore::defaultFolder(), ".jsonl", ResultStore::maxFolderBytes, (*kept)->path());
    } else { // another window scores the same, or the folder cannot be written
        auto loaded = model();
        if (!loaded) return failure(loaded);
        report = evaluateTask(*loaded, *tokenizer, task, options, place, progress, onItem);
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

} // namespace wb
