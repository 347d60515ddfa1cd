#include "core/eval/layercost.h"

#include "core/recipe/layeredsource.h"

#include <cmath>

namespace wb {
namespace {

class Costs {
public:
    Costs(const SourcePtr& source, const ModelPtr& model, std::span<const std::uint32_t> tokens, const LayerCostOptions& options, Progress& progress)
        : m_source(source), m_model(model), m_tokens(tokens), m_options(options), m_progress(progress)
    {
    }

    Result<std::vector<LayerCost>> run(const std::vector<std::vector<std::uint32_t>>& choices, const OnLayerCost& each)
    {
        m_options.text.continued = true;
        const auto windows = windowsOf(m_tokens.size(), m_options.text);
        if (!windows)
            return failure(windows);
        m_progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, (choices.size() + 1) * tokensOf(*windows, m_options.text));
        std::optional<BoundaryStates> states;
        if (m_options.stateBytes != 0) {
            states.emplace(m_model, m_options.text.precision, BoundaryStates::layersFor(m_model->config(), m_tokens.size() + windows->size(), m_options.stateBytes), m_options.stateBytes);
            m_options.text.boundary = &*states;
        }
        auto whole = computePerplexity(*m_model, m_tokens, m_options.text, m_progress);
        if (!whole)
            return failure(whole);
        std::vector<LayerCost> out;
        for (const auto& without : choices) {
            auto cost = costOf(without, *whole);
            if (!cost)
                return failure(cost);
            out.push_back(std::move(*cost));
            if (each)
                each(out.back());
        }
        return out;
    }

private:
    Result<LayerCost> costOf(const std::vector<std::uint32_t>& without, const PerplexityReport& whole)
    {
        auto shorter = patchFully(m_source, withoutLayers(without));
        if (!shorter)
            return failure(shorter);
        Progress inner;
        auto model = Model::load(**shorter, {m_options.where, m_options.maxBytes, m_model, {}}, inner);
        if (!model)
            return failure(model);
        auto report = computePerplexity(**model, m_tokens, m_options.text, m_progress);
        if (!report)
            return failure(report);
        std::vector<double> more(report->nll.size());
        for (std::size_t i = 0; i < more.size(); ++i)
            more[i] = report->nll[i] - whole.nll[i];
        const Mean mean = meanOf(more);
        return LayerCost{without, report->nllMean, mean.value, normalInterval(mean)};
    }

    SourcePtr m_source;
    ModelPtr m_model;
    std::span<const std::uint32_t> m_tokens;
    LayerCostOptions m_options;
    Progress& m_progress;
};

} // namespace

RecipePtr withoutLayers(std::span<const std::uint32_t> layers)
{
    RecipePtr recipe = std::make_shared<const Recipe>();
    for (const std::uint32_t layer : layers) {
        Edit edit;
        edit.operation = LayerEdit{LayerEdit::Kind::Drop, layer, layer, nullptr};
        recipe = recipe->with(edit);
    }
    return recipe;
}

Result<std::vector<LayerCost>> layerCosts(const SourcePtr& source, const ModelPtr& model, std::span<const std::uint32_t> tokens, const LayerCostOptions& options,
                                          Progress& progress, const OnLayerCost& each)
{
    std::vector<std::vector<std::uint32_t>> choices;
    for (std::uint32_t layer = 0; layer < model->config().layers.size(); ++layer)
        choices.push_back({layer});
    return Costs(source, model, tokens, options, progress).run(choices, each);
}

Result<std::vector<LayerCost>> removalCurve(const SourcePtr& source, const ModelPtr& model, std::span<const std::uint32_t> order, std::span<const std::uint32_t> tokens,
                                            const LayerCostOptions& options, Progress& progress, const OnLayerCost& each)
{
    std::vector<std::vector<std::uint32_t>> choices;
    for (std::size_t count = 1; count <= order.size(); ++count)
        choices.emplace_back(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
    return Costs(source, model, tokens, options, progress).run(choices, each);
}

} // namespace wb
