#include "core/recipe/check.h"

#include "core/analysis/statistics.h"

#include "core/model/roles.h"
#include "core/model/summary.h"
#include "core/recipe/patchedsource.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace wb {
namespace {

// From nothing to something; an edit of several tensors is as effective as the most effective of them.
enum class Effect { Void, RoundedAway, Absorbed, GreedyInvariant, Effective };

constexpr const char* effectNames[] = {"void", "rounded_away", "absorbed", "greedy_invariant", "effective"};

struct Verdict {
    Effect effect = Effect::Void;
    std::string because;
};

// What the roles of a checkpoint say about an edit that does change stored bits.
class Rules {
public:
    explicit Rules(const Checkpoint& base) : m_tensors(base.tensors()), m_roles(rolesOf(base.tensors())), m_summary(summarise(base))
    {
        for (const TensorRole& role : m_roles)
            m_present.insert(key(role.role, role.layer));
    }

    Verdict judge(const Operation& operation, std::size_t tensor) const
    {
        const TensorRole& role = m_roles[tensor];
        if (role.role == "lm_head" && isCopyOfEmbedding(m_tensors[tensor].name))
            return {Effect::Void, "the config ties the head to the embedding: loaders read " + m_summary.tied[0][0] +
                                      " and not this stored copy"};
        const auto* scale = std::get_if<Scale>(&operation);
        if (scale == nullptr || scale->factor <= 0)
            return {Effect::Effective, ""};
        if (isAbsorbed(role, "q_proj", "q_norm") || isAbsorbed(role, "k_proj", "k_norm"))
            return {Effect::Absorbed, role.role + " goes straight into " + role.role.substr(0, 1) +
                                          "_norm, which divides a common factor out again (up to its epsilon and rounding)"};
        const bool zeroCentred = m_summary.architecture.starts_with("gemma"); // the gain is 1 + weight
        const bool headBias = m_present.contains(key("lm_head.bias", std::nullopt));
        if (!headBias && ((role.role == "norm" && !zeroCentred) || role.role == "lm_head"))
            return {Effect::GreedyInvariant, fmt::format("it multiplies every logit by {:g}: greedy answers stay, sampling sees "
                                                         "another temperature", scale->factor)};
        return {Effect::Effective, ""};
    }

private:
    static std::string key(const std::string& role, std::optional<std::uint32_t> layer)
    {
        return role + (layer ? " " + std::to_string(*layer) : "");
    }

    bool isAbsorbed(const TensorRole& role, const char* projection, const char* norm) const
    {
        return role.role == projection && m_present.contains(key(norm, role.layer)) &&
               !m_present.contains(key(std::string(projection) + ".bias", role.layer));
    }

    bool isCopyOfEmbedding(const std::string& name) const
    {
        return std::ranges::any_of(m_summary.tied, [&](const auto& names) { return names.size() == 2 && names[1] == name; });
    }

    std::span<const TensorInfo> m_tensors;
    std::vector<TensorRole> m_roles;
    ModelSummary m_summary;
    std::set<std::string> m_present;
};

// Why no stored bit changes.
Verdict unchanged(const Operation& operation, const TensorInfo& info, bool allZero)
{
    if (const auto* scale = std::get_if<Scale>(&operation)) {
        if (scale->factor == 1)
            return {Effect::Void, "a factor of 1 changes nothing"};
        if (allZero)
            return {Effect::Void, "every element is 0"};
        return {Effect::RoundedAway, fmt::format("×{:g} is less than the rounding step of {}", scale->factor, info.storedType)};
    }
    if (const auto* add = std::get_if<Add>(&operation)) {
        if (add->value == 0)
            return {Effect::Void, "adding 0 changes nothing"};
        return {Effect::RoundedAway, fmt::format("{:g} is less than the rounding step of {} at these values", add->value, info.storedType)};
    }
    if (std::holds_alternative<Clamp>(operation))
        return {Effect::Void, "no element lies outside the bounds"};
    return {Effect::Void, "every element has that value already"};
}

class Checker {
public:
    Checker(const CheckpointPtr& base, const RecipePtr& recipe, StatisticsCache& cache, Progress& progress)
        : m_base(base), m_recipe(recipe), m_cache(cache), m_progress(progress), m_rules(*base)
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
        RecipeCheck check;
        for (std::size_t i = 0; i < m_recipe->size(); ++i) {
            auto edit = checkEdit(i, (*all)->selectedBy(i));
            if (!edit)
                return failure(edit);
            check.edits.push_back(std::move(*edit));
        }
        return check;
    }

private:
    Result<EditCheck> checkEdit(std::size_t index, std::span<const std::size_t> selected)
    {
        const Edit& edit = m_recipe->at(index);
        EditCheck check;
        check.index = index;
        auto before = patch(m_base, m_recipe->first(index));
        auto after = patch(m_base, m_recipe->first(index + 1));
        if (!before || !after)
            return failure(before ? after : before);
        Verdict verdict;
        for (const std::size_t tensor : selected) {
            const TensorInfo& info = m_base->tensors()[tensor];
            check.matched.push_back(info.name);
            check.elements += info.elements;
            if (!edit.enabled)
                continue;
            auto effect = effectOf(**before, **after, tensor, false, m_cache, m_progress);
            if (!effect)
                return failure(effect);
            check.changedAfterRounding += effect->changed;
            const bool allZero = effect->changed == 0 && isAllZero(**before, tensor);
            Verdict one = effect->changed == 0 ? unchanged(edit.operation, info, allZero) : m_rules.judge(edit.operation, tensor);
            if (check.matched.size() == 1 || one.effect > verdict.effect)
                verdict = std::move(one);
        }
        check.effect = effectNames[static_cast<int>(verdict.effect)];
        check.because = edit.enabled ? verdict.because : "the edit is switched off";
        if (check.because.empty())
            check.because = fmt::format("{} of {} elements change after rounding", check.changedAfterRounding, check.elements);
        return check;
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
    Rules m_rules;
};

} // namespace

Result<RecipeCheck> checkRecipe(const CheckpointPtr& base, const RecipePtr& recipe, StatisticsCache& cache,
                                Progress& progress)
{
    return Checker(base, recipe, cache, progress).run();
}

Json RecipeCheck::toJson() const
{
    Json rows = Json::array();
    for (const EditCheck& edit : edits)
        rows.push_back({{"index", edit.index},
                        {"matched", edit.matched},
                        {"elements", edit.elements},
                        {"changed_after_rounding", edit.changedAfterRounding},
                        {"effect", edit.effect},
                        {"because", edit.because}});
    return {{"edits", rows}};
}

} // namespace wb
