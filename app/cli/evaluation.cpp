#include "app/cli/evaluation.h"

#include "app/cli/modelarguments.h"

#include "core/model/generationconfig.h"

namespace wb::cli {

Evaluation::Evaluation(const Task& task, EvaluateOptions options, const Sandbox* sandbox, std::string resume, const Globals& globals)
    : m_task(task), m_options(std::move(options)), m_sandbox(sandbox), m_resume(std::move(resume)), m_globals(globals)
{
}

Result<Side> Evaluation::side(std::string name, CheckpointPtr checkpoint, SourcePtr source) const
{
    auto tokenizer = loadTokenizer(*checkpoint);
    if (!tokenizer)
        return failure(tokenizer);
    auto config = readGenerationConfig(*checkpoint, tokenizer->get());
    if (!config)
        return failure(config);
    return Side{std::move(name), std::move(checkpoint), std::move(source), *tokenizer, config->endTokens, nullptr};
}

Result<ModelPtr> Evaluation::model(Side& side)
{
    if (side.model)
        return side.model;
    auto longest = longestText(*side.tokenizer, m_task, chosenItems(m_task, m_options), m_options);
    if (!longest)
        return failure(longest);
    ShownProgress progress(m_globals);
    ModelOptions options{side.checkpoint->root().string(), m_globals.memory, m_loaded, {}};
    options.runBytes = besideNewWeights(
        [&](const ModelConfig& c) { return Generator::bytesFor(c, m_task.kind == TaskKind::Choice ? 1 : Scorer::sequences, *longest); }, m_loaded);
    auto model = Model::load(*side.source, options, progress);
    if (!model)
        return failure(model);
    side.model = *model;
    if (!m_loaded)
        m_loaded = *model;
    return side.model;
}

EvaluateOptions Evaluation::optionsOf(const Side& side) const
{
    EvaluateOptions options = m_options;
    options.endTokens = side.endTokens;
    return options;
}

Result<EvaluationReport> Evaluation::score(Side& side, bool otherOrder)
{
    EvaluateOptions options = optionsOf(side);
    options.otherOrder = otherOrder;
    if (m_resume.empty()) {
        auto loaded = model(side);
        if (!loaded)
            return failure(loaded);
        ShownProgress progress(m_globals);
        return evaluateTask(*loaded, side.tokenizer, m_task, options, m_sandbox, progress);
    }
    auto tokenizer = tokenizerIdentity(*side.checkpoint);
    if (!tokenizer)
        return failure(tokenizer);
    auto kept = KeptResults::open(m_resume, resultKey(*side.source, *tokenizer, m_task, options, m_sandbox), m_task,
                                  aboutResult(side.checkpoint->name(), *side.source, m_task));
    if (!kept)
        return failure(kept);
    if (!(*kept)->holds(chosenItems(m_task, options)))
        if (auto loaded = model(side); !loaded)
            return failure(loaded);
    ShownProgress progress(m_globals);
    return evaluateKept(**kept, [&] { return model(side); }, side.tokenizer, m_task, options, m_sandbox, progress);
}

} // namespace wb::cli
