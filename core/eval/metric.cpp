#include "core/eval/sweep.h"

#include <numeric>

namespace wb {

Metric taskMetric(const TokenizerPtr& tokenizer, const Task& task, const EvaluateOptions& options, const Sandbox* sandbox)
{
    Metric metric;
    metric.shares = options.samples == 1;
    metric.steps = options.limit == 0 ? task.items.size() : std::min(options.limit, task.items.size());
    // Three characters a token are few: room for the boundary states of all.
    for (const TaskItem& item : task.items)
        metric.tokens += task.kind != TaskKind::Choice ? 0
                                                        : item.prompt.size() / 3 + 1 +
                std::accumulate(item.choices.begin(), item.choices.end(), std::size_t{0}, [](std::size_t sum, const std::string& choice) { return sum + choice.size() / 3 + 1; });
    metric.score = [&tokenizer, &task, options, sandbox](const ModelPtr& model, BoundaryStates* boundary, Progress& progress) -> Result<std::vector<double>> {
        EvaluateOptions one = options;
        one.boundary = boundary;
        one.continued = true;
        auto report = evaluateTask(model, tokenizer, task, one, sandbox, progress);
        if (!report)
            return failure(report);
        std::vector<double> values;
        for (const ItemResult& item : report->items)
            values.push_back(item.outcome().share());
        return values;
    };
    return metric;
}

Result<Metric> textMetric(std::span<const std::uint32_t> tokens, const PerplexityOptions& options)
{
    const auto windows = windowsOf(tokens.size(), options);
    if (!windows)
        return failure(windows);
    Metric metric;
    metric.steps = metric.tokens = tokensOf(*windows, options);
    metric.unit = ProgressUnit::Tokens;
    metric.moreIsBetter = metric.shares = false;
    metric.ordered = true;
    metric.score = [tokens, options](const ModelPtr& model, BoundaryStates* boundary, Progress& progress) -> Result<std::vector<double>> {
        PerplexityOptions one = options;
        one.boundary = boundary;
        one.continued = true;
        auto report = computePerplexity(*model, tokens, one, progress);
        if (!report)
            return failure(report);
        return std::move(report->nll);
    };
    return metric;
}

} // namespace wb
