// What the architecture makes of an edit that does change stored bits: a norm divides it out again, a loader never reads
// it, greedy answers cannot show it. Read from roles, shapes and the config; no engine, no tensor is read.
#pragma once

#include "core/base/sentence.h"
#include "core/checkpoint/checkpoint.h"
#include "core/model/config.h"
#include "core/model/roles.h"
#include "core/model/summary.h"
#include "core/recipe/recipe.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace wb {

// From nothing to something; an edit of several tensors is as effective as the most effective of them.
enum class Effect : std::uint8_t { Void, RoundedAway, Absorbed, GreedyInvariant, Effective };
[[nodiscard]] const char* effectName(Effect effect); // "void", "rounded_away", …

struct Consequence {
    Effect effect = Effect::Effective;
    Sentence because; // empty when there is nothing to say beyond the numbers; of the context "verdicts"
    std::vector<std::size_t> with = {}; // positions of all the edits that undo each other, where it is absorbed by others
    std::optional<std::size_t> behind = {}; // position of a later edit of the tensor that makes it so
};

class Consequences {
public:
    // `base` and `recipe` must outlive it. `edits[t]` are positions of the enabled edits of tensor t.
    Consequences(const Checkpoint& base, const Recipe& recipe, std::function<std::span<const std::size_t>(std::size_t)> edits);
    // Of the edit at this position, which is one of the tensor's: what the recipe would be without it, so far as its tensors go.
    [[nodiscard]] Consequence of(std::size_t position, std::size_t tensor) const;

private:
    Consequence alone(const Edit& edit, std::size_t tensor) const;
    bool goesAlong(const Edit& later, const Edit& edit, std::size_t tensor) const;
    std::optional<std::size_t> find(const std::string& role, const TensorRole& beside) const;
    bool hasBias(const std::string& role, const TensorRole& beside) const { return find(role + ".bias", beside).has_value(); }
    bool biasInTheWay(const TensorRole& role) const;
    std::optional<std::string> normBehind(std::size_t tensor) const;
    std::optional<std::size_t> compensatedBy(std::size_t tensor) const;
    std::optional<double> totalFactor(std::size_t tensor) const;
    std::optional<Consequence> ofHead(const Edit& edit, std::size_t tensor) const;
    std::optional<Consequence> ofEmbedding(const Edit& edit, std::size_t tensor) const;
    std::optional<Consequence> ofConstant(const Edit& edit, std::size_t tensor) const;
    std::optional<Consequence> ofKeyBias(std::size_t tensor) const;
    bool isCopyOfTied(std::size_t tensor) const;
    bool isTied() const { return !m_summary.tied.empty() && m_summary.tied[0].size() == 2; }
    bool isCentred() const { return m_model && m_model->norm == NormKind::Layer; }
    Sentence note(const TensorRole& role) const;
    bool isGated(std::size_t tensor) const;
    bool hasZeroCentredNorms() const;

    std::span<const TensorInfo> m_tensors;
    const Json* m_config;
    Format m_format;
    const Recipe& m_recipe;
    std::function<std::span<const std::size_t>(std::size_t)> m_edits;
    std::vector<TensorRole> m_roles;
    ModelSummary m_summary;
    std::optional<ModelConfig> m_model; // where the engine knows the architecture
    std::map<std::string, std::size_t> m_byRole; // role, layer, expert → tensor
};

// The uniform positive factor that an edit is, at its strength: a scale of all elements of a tensor, or an svf whose gains
// are all the same.
[[nodiscard]] std::optional<double> uniformFactor(const Edit& edit);

} // namespace wb
