#include "core/recipe/check.h"

#include "core/analysis/statistics.h"
#include "core/recipe/consequence.h"
#include "core/recipe/layeredsource.h"
#include "core/recipe/patchedsource.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>

namespace wb {
namespace {

// Why no stored bit changes.
Consequence unchanged(const Edit& edit, const TensorInfo& info, bool allZero)
{
    const auto nothing = [](const char* text) { return Consequence{Effect::Void, {text, {}}}; };
    if (edit.strength == 0)
        return nothing(CORE_TEXT("verdicts", "at a strength of 0 nothing changes"));
    if (const auto* scale = std::get_if<Scale>(&edit.operation)) {
        if (scale->factor == 1)
            return nothing(CORE_TEXT("verdicts", "a factor of 1 changes nothing"));
        if (allZero)
            return nothing(CORE_TEXT("verdicts", "every element is 0"));
        return {Effect::RoundedAway, {CORE_TEXT("verdicts", "×%1 is less than the rounding step of %2"),
                                      {numberText(1 + edit.strength * (scale->factor - 1)), info.storedType}}};
    }
    if (const auto* add = std::get_if<Add>(&edit.operation)) {
        if (add->value == 0)
            return nothing(CORE_TEXT("verdicts", "adding 0 changes nothing"));
        return {Effect::RoundedAway, {CORE_TEXT("verdicts", "%1 is less than the rounding step of %2 at these values"),
                                      {numberText(add->value * edit.strength), info.storedType}}};
    }
    if (const auto* noise = std::get_if<Noise>(&edit.operation)) {
        if (noise->std == 0)
            return nothing(CORE_TEXT("verdicts", "noise of size 0 changes nothing"));
        return {Effect::RoundedAway, {CORE_TEXT("verdicts", "the noise is less than the rounding step of %1 at these values"), {info.storedType}}};
    }
    if (const auto* svf = std::get_if<Svf>(&edit.operation)) {
        if (const auto common = commonGain(*svf); common && *common == 1 && !svf->keepNuclearNorm)
            return nothing(CORE_TEXT("verdicts", "every gain is 1"));
        if (commonGain(*svf) && svf->keepNuclearNorm)
            return nothing(CORE_TEXT("verdicts", "a gain that all components share is divided out again, since the sum of the singular values is kept"));
        if (allZero)
            return nothing(CORE_TEXT("verdicts", "every element is 0"));
        if (std::holds_alternative<EnergyCut>(svf->gains) || std::holds_alternative<RankCut>(svf->gains))
            return nothing(CORE_TEXT("verdicts", "the cut leaves every component that the matrix has"));
        return {Effect::RoundedAway, {CORE_TEXT("verdicts", "the other singular values change less than the rounding step of %1"), {info.storedType}}};
    }
    if (const auto* prune = std::get_if<Prune>(&edit.operation); prune != nullptr && prune->share == 0)
        return nothing(CORE_TEXT("verdicts", "a share of 0 prunes nothing"));
    if (std::holds_alternative<Clamp>(edit.operation))
        return nothing(CORE_TEXT("verdicts", "no element lies outside the bounds"));
    return nothing(CORE_TEXT("verdicts", "every element has that value already"));
}

// Elements whose stored bytes differ, by the names of the tensors; a block counts whole. Nothing when the tensors are not the same ones.
Result<std::optional<std::uint64_t>> differing(const TensorSource& before, const TensorSource& after, Progress& progress)
{
    constexpr std::uint64_t piece = 1U << 20; // units
    if (before.tensors().size() != after.tensors().size())
        return std::optional<std::uint64_t>();
    std::uint64_t changed = 0;
    std::vector<std::byte> left, right;
    for (std::size_t tensor = 0; tensor < before.tensors().size(); ++tensor) {
        const TensorInfo& info = before.tensors()[tensor];
        const auto other = after.find(info.name);
        if (!other || after.tensors()[*other].dtype != info.dtype || after.tensors()[*other].shape != info.shape)
            return std::optional<std::uint64_t>();
        if (before.fingerprint(tensor) == after.fingerprint(*other))
            continue;
        const std::uint64_t unit = unitBytes(info.dtype), units = info.bytes / unit;
        for (std::uint64_t at = 0; at < units; at += piece) {
            const UnitRange range{at, std::min(piece, units - at)};
            left.resize(range.count * unit);
            right.resize(left.size());
            auto done = before.read(tensor, range, left);
            if (done)
                done = after.read(*other, range, right);
            if (!done)
                return failure(done);
            for (std::uint64_t i = 0; i < left.size(); i += unit)
                changed += std::memcmp(left.data() + i, right.data() + i, unit) == 0 ? 0 : unitElements(info.dtype);
            if (progress.cancelled())
                return cancelledError();
        }
    }
    return std::optional(changed);
}

class Checker {
public:
    Checker(const CheckpointPtr& base, const RecipePtr& recipe, StatisticsCache& cache, Progress& progress)
        : m_base(base), m_recipe(recipe), m_cache(cache), m_progress(progress)
    {
    }

    Result<RecipeCheck> run()
    {
        auto all = patch(m_base, m_recipe);
        if (!all)
            return failure(all);
        std::uint64_t bytes = 0;
        for (std::size_t i = 0; i < m_recipe->size(); ++i)
            for (const std::size_t tensor : (*all)->selectedBy(i))
                bytes += m_base->tensors()[tensor].bytes;
        m_progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, bytes);
        if (editsLayers(*m_recipe)) {
            if (auto fully = edited(*all); !fully) // says why it cannot be
                return failure(fully);
            auto plan = planLayers(*m_recipe, layerCount(*m_base));
            if (!plan)
                return failure(plan);
            m_plan = std::move(*plan);
            m_layers = layersOf(*m_base);
        }
        const Consequences consequences(*m_base, *m_recipe, [&](std::size_t tensor) { return (*all)->editsOf(tensor); });
        RecipeCheck check;
        for (std::size_t i = 0; i < m_recipe->size(); ++i) {
            auto edit = checkEdit(i, **all, consequences);
            if (!edit)
                return failure(edit);
            check.edits.push_back(std::move(*edit));
        }
        return check;
    }

private:
    // Its tensors leave, come twice or give their place to others: all of their elements count as changed, unless as many layers run
    // after it and the values can be compared.
    Result<EditCheck> checkLayers(std::size_t index, const PatchedSource& all) const
    {
        EditCheck check;
        check.index = check.until = index;
        for (const std::size_t tensor : all.selectedBy(index)) {
            check.matched.push_back(m_base->tensors()[tensor].name);
            check.elements += m_base->tensors()[tensor].elements;
        }
        const std::uint32_t layers = layerCount(*m_base);
        const auto before = planLayers(*m_recipe->first(index), layers), after = planLayers(*m_recipe->first(index + 1), layers);
        if (!before || !after)
            return failure(before ? after : before);
        const Edit& edit = m_recipe->at(index);
        bool changes = edit.enabled && (before->content != after->content || before->folds.size() != after->folds.size() || before->transplants != after->transplants);
        check.changedAfterRounding = changes ? check.elements : 0;
        if (changes && std::get<LayerEdit>(edit.operation).setsOnePlace()) {
            auto changed = changedInPlace(index, all);
            if (!changed)
                return failure(changed);
            if (changed->has_value()) {
                check.changedAfterRounding = **changed;
                changes = check.changedAfterRounding != 0;
                check.because = {changes ? CORE_TEXT("verdicts", "%1 of %2 elements change after rounding") : CORE_TEXT("verdicts", "the layer has these values already"),
                                 {std::to_string(check.changedAfterRounding), std::to_string(check.elements)}};
            }
        }
        check.effect = effectName(changes ? Effect::Effective : Effect::Void);
        if (check.because.empty())
            check.because = edit.enabled ? Sentence{CORE_TEXT("verdicts", "%1 layers run where %2 ran before"), {std::to_string(after->content.size()), std::to_string(before->content.size())}}
                                         : Sentence{CORE_TEXT("verdicts", "the edit is switched off"), {}};
        return check;
    }

    Result<std::optional<std::uint64_t>> changedInPlace(std::size_t index, const PatchedSource& all) const
    {
        const auto before = edited(all.firstEdits(index)), after = edited(all.firstEdits(index + 1));
        if (!before || !after)
            return failure(before ? after : before);
        return differing(**before, **after, m_progress);
    }

    Result<EditCheck> checkEdit(std::size_t index, const PatchedSource& all, const Consequences& consequences)
    {
        const Edit& edit = m_recipe->at(index);
        EditCheck check;
        check.index = check.until = index;
        if (std::holds_alternative<LayerEdit>(edit.operation))
            return checkLayers(index, all);
        const auto before = all.firstEdits(index), after = all.firstEdits(index + 1);
        Consequence verdict{Effect::Void, {}};
        for (const std::size_t tensor : all.selectedBy(index)) {
            check.matched.push_back(m_base->tensors()[tensor].name);
            check.elements += m_base->tensors()[tensor].elements;
            if (!edit.enabled)
                continue;
            auto effect = effectOf(*before, *after, tensor, false, m_cache, m_progress);
            if (!effect)
                return failure(effect);
            check.changedAfterRounding += effect->changed;
            Consequence one = judge(index, tensor, *effect, *before, consequences);
            check.with.insert(check.with.end(), one.with.begin(), one.with.end());
            check.until = std::max(check.until, one.behind.value_or(index));
            if (check.matched.size() == 1 || one.effect > verdict.effect)
                verdict = std::move(one);
        }
        check.effect = effectName(verdict.effect);
        std::ranges::sort(check.with);
        check.with.erase(std::ranges::unique(check.with).begin(), check.with.end());
        if (verdict.effect != Effect::Absorbed)
            check.with.clear();
        check.because = edit.enabled ? verdict.because : Sentence{CORE_TEXT("verdicts", "the edit is switched off"), {}};
        if (check.because.empty())
            check.because = {CORE_TEXT("verdicts", "%1 of %2 elements change after rounding"),
                             {std::to_string(check.changedAfterRounding), std::to_string(check.elements)}};
        return check;
    }

    Consequence judge(std::size_t index, std::size_t tensor, const EditEffect& effect, const TensorSource& before,
                      const Consequences& consequences)
    {
        const TensorInfo& info = m_base->tensors()[tensor];
        if (effect.changed == 0)
            return unchanged(m_recipe->at(index), info, isAllZero(before, tensor));
        if (const auto layer = m_plan ? m_layers[tensor] : std::nullopt; layer && !m_plan->runs(*layer))
            return {Effect::Void, {CORE_TEXT("verdicts", "layer %1 is left out by an edit of the layers"), {std::to_string(*layer)}}};
        Consequence found = consequences.of(index, tensor);
        if (effect.newNonFinite > 0 && !(found.effect == Effect::Void && found.behind))
            return {Effect::Effective, {CORE_TEXT("verdicts", "%1 elements of %2 become infinite or not a number"), {std::to_string(effect.newNonFinite), info.name}}};
        return found;
    }

    bool isAllZero(const TensorSource& source, std::size_t tensor)
    {
        auto statistics = computeStatistics(source, tensor, {.outliers = 0}, m_cache, m_progress);
        return statistics && statistics->zero == statistics->count;
    }

    const CheckpointPtr& m_base;
    const RecipePtr& m_recipe;
    StatisticsCache& m_cache;
    Progress& m_progress;
    std::optional<LayerPlan> m_plan; // of a recipe that edits the layers; edits of values come before, wherever they stand
    std::vector<std::optional<std::uint32_t>> m_layers; // of each tensor, with a plan
};

} // namespace

Result<RecipeCheck> checkRecipe(const CheckpointPtr& base, const RecipePtr& recipe, StatisticsCache& cache,
                                Progress& progress)
{
    return Checker(base, recipe, cache, progress).run();
}

std::vector<std::vector<std::size_t>> RecipeCheck::together() const
{
    std::vector<std::vector<std::size_t>> out;
    std::ranges::transform(edits, std::back_inserter(out), &EditCheck::with);
    return out;
}

std::vector<std::size_t> RecipeCheck::until() const
{
    std::vector<std::size_t> out;
    std::ranges::transform(edits, std::back_inserter(out), &EditCheck::until);
    return out;
}

Json RecipeCheck::toJson() const
{
    Json rows = Json::array();
    for (const EditCheck& edit : edits) {
        rows.push_back({{"index", edit.index},
                        {"matched", edit.matched},
                        {"elements", edit.elements},
                        {"changed_after_rounding", edit.changedAfterRounding},
                        {"effect", edit.effect},
                        {"because", edit.because.english()}});
        if (!edit.with.empty())
            rows.back()["with"] = edit.with;
        if (edit.until != edit.index)
            rows.back()["until"] = edit.until;
    }
    return {{"edits", rows}};
}

} // namespace wb
