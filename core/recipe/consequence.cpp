#include "core/recipe/consequence.h"

#include "core/analysis/profile.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace wb {
namespace {

// A norm divides a factor out up to its epsilon; a factor below this makes the epsilon show.
constexpr double smallestAbsorbed = 0.1;
constexpr double pairTolerance = 1e-6; // of a product of factors that should be 1

std::string keyOf(const std::string& role, const TensorRole& beside)
{
    const auto text = [](const std::optional<std::uint32_t>& number) { return number ? std::to_string(*number) : std::string("-"); };
    return role + " " + text(beside.layer) + " " + text(beside.expert);
}

const Json* settingIn(const Json* config, const char* key)
{
    if (config == nullptr || !config->is_object())
        return nullptr;
    const auto text = config->find("text_config");
    const Json& part = text != config->end() && text->is_object() ? *text : *config;
    const auto found = part.find(key);
    return found == part.end() || found->is_null() ? nullptr : &*found;
}

// One number is added to every element, so that all outputs of a matrix grow by the same.
bool addsToAll(const Edit& edit) { return std::holds_alternative<Add>(edit.operation) && edit.elements.all(); }

// Whatever the elements were, they are the same behind it.
bool overwrites(const Edit& edit)
{
    return (std::holds_alternative<Set>(edit.operation) || std::holds_alternative<Zero>(edit.operation)) && edit.elements.all() && edit.strength == 1;
}

// f(c·x) = c·f(x) for c > 0, or f(c·x) = f(x).
bool keepsFactors(const Edit& edit)
{
    const Operation& operation = edit.operation;
    if (const auto* noise = std::get_if<Noise>(&operation); edit.elements.band || (noise != nullptr && !noise->relative))
        return false;
    if (const auto* normalize = std::get_if<Normalize>(&operation))
        return normalize->form == Normalize::Form::Standard && edit.elements.all() && edit.strength == 1;
    if (const auto* set = std::get_if<Set>(&operation); set != nullptr && set->value != 0)
        return false;
    return !std::holds_alternative<Add>(operation) && !std::holds_alternative<Clamp>(operation);
}

// f(x + c) = f(x) + c for all elements, or a multiple of c, the same of all.
bool keepsConstants(const Edit& edit)
{
    const Operation& operation = edit.operation;
    if (edit.elements.band)
        return false;
    const auto* normalize = std::get_if<Normalize>(&operation);
    if (std::holds_alternative<Scale>(operation) || (normalize != nullptr && normalize->form != Normalize::Form::AroundMean))
        return edit.elements.all();
    return normalize != nullptr || std::holds_alternative<Add>(operation) || std::holds_alternative<Noise>(operation);
}

// The same numbers are added to every row.
bool addsToAllRows(const Edit& edit)
{
    const Elements& some = edit.elements;
    return std::holds_alternative<Add>(edit.operation) && !some.rows && some.heads.empty() && some.experts.empty() && some.part.empty() && !some.band;
}

} // namespace

const char* effectName(Effect effect)
{
    constexpr std::array names = {"void", "rounded_away", "absorbed", "greedy_invariant", "effective"};
    return names[static_cast<std::size_t>(effect)];
}

std::optional<double> uniformFactor(const Edit& edit)
{
    if (!edit.elements.all())
        return std::nullopt;
    const auto* scale = std::get_if<Scale>(&edit.operation);
    if (const auto* svf = std::get_if<Svf>(&edit.operation)) {
        const auto gain = commonGain(*svf);
        const double multiplier = gain ? 1 + edit.strength * (*gain - 1) : 0;
        return multiplier > 0 ? std::optional(multiplier) : std::nullopt;
    }
    if (scale == nullptr)
        return std::nullopt;
    const double factor = 1 + edit.strength * (scale->factor - 1);
    return factor > 0 ? std::optional(factor) : std::nullopt;
}

Consequences::Consequences(const Checkpoint& base, const Recipe& recipe, std::function<std::span<const std::size_t>(std::size_t)> edits)
    : m_tensors(base.tensors())
    , m_config(base.config())
    , m_format(base.format())
    , m_recipe(recipe)
    , m_edits(std::move(edits))
    , m_roles(rolesOf(base.tensors()))
    , m_summary(summarise(base))
{
    for (std::size_t i = 0; i < m_roles.size(); ++i)
        if (!m_roles[i].companion)
            m_byRole.emplace(keyOf(m_roles[i].role, m_roles[i]), i);
    if (m_config == nullptr)
        return;
    if (auto model = readModelConfig(*m_config, m_format == Format::Gguf, ""))
        m_model = std::move(*model);
}

std::optional<std::size_t> Consequences::find(const std::string& role, const TensorRole& beside) const
{
    auto found = m_byRole.find(keyOf(role, beside));
    if (found == m_byRole.end() && beside.expert) // norms are not of one expert
        found = m_byRole.find(keyOf(role, {"", beside.layer, std::nullopt, false}));
    return found == m_byRole.end() ? std::nullopt : std::optional(found->second);
}

// The gain is 1 + weight (safetensors of these families; Nemotron calls it LayerNorm1P). GGUF stores the gain itself.
bool Consequences::hasZeroCentredNorms() const
{
    if (m_format == Format::Gguf)
        return false;
    static constexpr std::array families = {"gemma", "recurrent_gemma", "qwen3_next", "qwen3_5", "nemotron", "genesis"};
    return std::ranges::any_of(families, [this](const char* family) { return m_summary.architecture.starts_with(family); });
}

// A q_proj that also makes an output gate is not all divided by its norm.
bool Consequences::isGated(std::size_t tensor) const
{
    const HeadShape shape = headShapeOf(m_config);
    const Json* gate = settingIn(m_config, "attn_output_gate");
    if (m_roles[tensor].role != "q_proj")
        return false;
    return (gate != nullptr && gate->is_boolean() && gate->get<bool>()) ||
           (shape.heads != 0 && shape.headWidth != 0 && m_tensors[tensor].shape.size() == 2 &&
            m_tensors[tensor].shape[0] != shape.heads * shape.headWidth);
}

// The norm that takes the output of this projection, or of what it is linear in: Qwen3's q and k norms, and the norms
// behind a branch of Gemma 2 and 3 and OLMo 2.
std::optional<std::string> Consequences::normBehind(std::size_t tensor) const
{
    const TensorRole& role = m_roles[tensor];
    const auto present = [&](const char* name) { return find(name, role).has_value(); };
    if (role.role == "q_proj" && present("q_norm") && !isGated(tensor))
        return "q_norm";
    if (role.role == "k_proj" && present("k_norm"))
        return "k_norm";
    // post_attention_layernorm stands behind the attention only where the MLP has a norm of its own on either side.
    const bool behindBranches = present("post_feedforward_layernorm");
    if (behindBranches && (role.role == "o_proj" || role.role == "v_proj") && present("post_attention_layernorm"))
        return "post_attention_layernorm";
    if (behindBranches && !role.expert && (role.role == "down_proj" || role.role == "up_proj"))
        return "post_feedforward_layernorm";
    return std::nullopt;
}

// A bias that is not scaled along keeps the output from being a multiple.
bool Consequences::biasInTheWay(const TensorRole& role) const
{
    if (hasBias(role.role, role))
        return true;
    return (role.role == "v_proj" && hasBias("o_proj", role)) || (role.role == "up_proj" && hasBias("down_proj", role));
}

// The product of a tensor's enabled edits when all of them are uniform positive factors.
std::optional<double> Consequences::totalFactor(std::size_t tensor) const
{
    double product = 1;
    for (const std::size_t edit : m_edits(tensor)) {
        const auto factor = uniformFactor(m_recipe.at(edit));
        if (!factor)
            return std::nullopt;
        product *= *factor;
    }
    return product;
}

// The other half of a pair whose factors cancel: v and o, up and down, q and k.
std::optional<std::size_t> Consequences::compensatedBy(std::size_t tensor) const
{
    const TensorRole& role = m_roles[tensor];
    static constexpr std::array<std::pair<const char*, const char*>, 3> pairs = {{{"v_proj", "o_proj"}, {"up_proj", "down_proj"}, {"q_proj", "k_proj"}}};
    for (const auto& [first, second] : pairs) {
        if ((role.role != first && role.role != second) || hasBias(first, role))
            continue; // a bias behind the second one is added after both
        const bool keys = std::string_view(first) == "q_proj";
        if (keys && (find("q_norm", role) || find("k_norm", role) || hasBias(second, role) || isGated(tensor)))
            continue;
        const auto other = find(role.role == first ? second : first, role);
        if (!other || m_edits(*other).empty() || m_roles[*other].expert != role.expert)
            continue;
        const auto mine = totalFactor(tensor), theirs = totalFactor(*other);
        if (mine && theirs && std::abs(*mine * *theirs - 1) < pairTolerance)
            return other;
    }
    return std::nullopt;
}

// A head that is stored although the config ties it.
bool Consequences::isCopyOfTied(std::size_t tensor) const
{
    return m_roles[tensor].role == "lm_head" &&
           std::ranges::any_of(m_summary.tied, [&](const auto& names) { return names.size() == 2 && names[1] == m_tensors[tensor].name; });
}

std::optional<Consequence> Consequences::ofHead(const Edit& edit, std::size_t tensor) const
{
    const TensorRole& role = m_roles[tensor];
    const bool isHead = role.role == "lm_head";
    if (isCopyOfTied(tensor))
        return Consequence{Effect::Void, {CORE_TEXT("verdicts", "the config ties the head to the embedding: loaders that follow it (transformers 4) read %1 and not this stored copy; those that compare the two (transformers 5, this program) run the copy once it differs"),
                                          {m_summary.tied[0][0]}}};
    const bool headBias = hasBias("lm_head", {}), capped = settingIn(m_config, "final_logit_softcapping") != nullptr;
    if (!capped && ((isHead && addsToAllRows(edit)) || (role.role == "lm_head.bias" && addsToAll(edit))))
        return Consequence{Effect::Void, {CORE_TEXT("verdicts", "it adds the same number to every logit of a position, which no probability shows"), {}}};
    const auto factor = uniformFactor(edit);
    if (!factor || headBias)
        return std::nullopt;
    const bool plainNorm = role.role == "norm" && !hasZeroCentredNorms() && !hasBias("norm", {});
    if ((plainNorm || isHead) && capped)
        return Consequence{Effect::Effective, {CORE_TEXT("verdicts", "a cap bends the logits: greedy answers stay, but sampling sees more than another temperature"), {}}};
    if (plainNorm || isHead)
        return Consequence{Effect::GreedyInvariant,
                           {CORE_TEXT("verdicts", "it multiplies every logit by %1: greedy answers stay, sampling sees another temperature"),
                            {numberText(*factor)}}};
    return std::nullopt;
}

// An embedding that is normalised before anything reads it: only a head that is tied to it sees a factor.
std::optional<Consequence> Consequences::ofEmbedding(const Edit& edit, std::size_t tensor) const
{
    const auto factor = uniformFactor(edit);
    if (m_roles[tensor].role != "embed_tokens" || !m_model || !m_model->embeddingNorm || !factor || *factor < smallestAbsorbed)
        return std::nullopt;
    if (!isTied())
        return Consequence{Effect::Absorbed, {CORE_TEXT("verdicts", "the norm behind the embedding divides a common factor out again (up to its epsilon and rounding)"), {}}};
    if (hasBias("lm_head", {}) || settingIn(m_config, "final_logit_softcapping") != nullptr)
        return std::nullopt;
    return Consequence{Effect::GreedyInvariant,
                       {CORE_TEXT("verdicts", "the norm behind the embedding divides a common factor out again; as the tied head it multiplies every logit by %1: greedy answers stay, sampling sees another temperature"),
                        {numberText(*factor)}}};
}

// One number more in all outputs, where a LayerNorm takes the mean away, or a softmax whatever all have in common.
std::optional<Consequence> Consequences::ofConstant(const Edit& edit, std::size_t tensor) const
{
    if (!m_model || !addsToAll(edit))
        return std::nullopt;
    const TensorRole& role = m_roles[tensor];
    if (role.role == "router")
        return Consequence{Effect::Absorbed, {CORE_TEXT("verdicts", "it adds the same number to the scores of all experts, which changes neither their order nor their shares"), {}}};
    if (!isCentred() || role.expert)
        return std::nullopt;
    const std::string part = role.role.substr(0, role.role.find('.')); // a bias is as good as its matrix
    if ((part == "q_proj" && find("q_norm", role) && !isGated(tensor)) || (part == "k_proj" && find("k_norm", role)))
        return Consequence{Effect::Absorbed, {CORE_TEXT("verdicts", "it adds the same number to all outputs, which %1 takes away again with their mean"), {part == "q_proj" ? "q_norm" : "k_norm"}}};
    static constexpr std::array writers = {"o_proj", "down_proj", "fc2", "embed_tokens", "position_embedding"};
    if (std::ranges::find(writers, part) == writers.end() && role.role != "embedding_norm.bias")
        return std::nullopt;
    if (part == "embed_tokens" && isTied())
        return Consequence{Effect::Absorbed, {CORE_TEXT("verdicts", "it adds the same number to all of the stream, which every norm takes away again with the mean, and, as the tied head, to every logit, which no probability shows"), {}}};
    return Consequence{Effect::Absorbed, {CORE_TEXT("verdicts", "it adds the same number to all of the stream, which every norm takes away again with the mean"), {}}};
}

// What is added to all keys alike adds one number to all scores of a query, which the softmax takes away; not where places turn the keys.
std::optional<Consequence> Consequences::ofKeyBias(std::size_t tensor) const
{
    const TensorRole& role = m_roles[tensor];
    if (role.role != "k_proj.bias" || !m_model || !role.layer || *role.layer >= m_model->layers.size() || find("k_norm", role))
        return std::nullopt;
    const AttentionConfig& attention = m_model->layers[*role.layer].attention;
    if (attention.rope >= 0 || attention.scoreCap != 0)
        return std::nullopt;
    return Consequence{Effect::Absorbed, {CORE_TEXT("verdicts", "a bias of the keys adds one number to all scores of a query, which the softmax takes away again"), {}}};
}

// Effective, but not where one might think.
Sentence Consequences::note(const TensorRole& role) const
{
    const bool isCopied = isTied() && std::ranges::any_of(m_tensors, [&](const TensorInfo& tensor) { return tensor.name == m_summary.tied[0][1]; });
    if (role.role == "embed_tokens" && isCopied)
        return {CORE_TEXT("verdicts", "the matrix is used twice by loaders that follow the config's tie: as %1 and as %2; those that compare it with the stored copy of the head run that copy"), {m_summary.tied[0][0], m_summary.tied[0][1]}};
    if (role.role == "embed_tokens" && isTied())
        return {CORE_TEXT("verdicts", "the matrix is used twice: as %1 and, tied, as %2"), {m_summary.tied[0][0], m_summary.tied[0][1]}};
    if (role.role == "input_layernorm" && find("q_norm", role) && find("k_norm", role))
        return {CORE_TEXT("verdicts", "q_norm and k_norm divide a common factor out again, so it acts through v_proj only"), {}};
    if (hasZeroCentredNorms() && (role.role == "norm" || role.role.ends_with("layernorm") || role.role.ends_with("_norm")))
        return {CORE_TEXT("verdicts", "the gain is 1 + weight here: a factor on the weight is not a factor on the gain"), {}};
    return {};
}

// Whether what the edit did is still of the same kind behind a later one of its tensor: a common factor, or a constant.
bool Consequences::goesAlong(const Edit& later, const Edit& edit, std::size_t tensor) const
{
    if (std::holds_alternative<Add>(later.operation) && alone(later, tensor).effect < Effect::GreedyInvariant)
        return true; // a constant that nothing shows
    return uniformFactor(edit) ? keepsFactors(later) : keepsConstants(later);
}

Consequence Consequences::of(std::size_t position, std::size_t tensor) const
{
    const Edit& edit = m_recipe.at(position);
    Consequence out = alone(edit, tensor);
    const bool always = ofKeyBias(tensor) || isCopyOfTied(tensor); // whatever its values are
    for (const std::size_t later : m_edits(tensor)) {
        if (later <= position)
            continue;
        if (overwrites(m_recipe.at(later)))
            return {Effect::Void, {CORE_TEXT("verdicts", "edit %1 writes all of %2 anew"), {std::to_string(later + 1), m_tensors[tensor].name}}, {}, later};
        if (out.effect == Effect::Effective || always || goesAlong(m_recipe.at(later), edit, tensor))
            continue;
        out = {Effect::Effective, {CORE_TEXT("verdicts", "alone it would not show, but edit %1 of %2 comes after it and does not go along"), {std::to_string(later + 1), m_tensors[tensor].name}}, {}, later};
    }
    return out;
}

Consequence Consequences::alone(const Edit& edit, std::size_t tensor) const
{
    if (auto found = ofKeyBias(tensor))
        return *found;
    for (const auto rule : {&Consequences::ofHead, &Consequences::ofEmbedding, &Consequences::ofConstant})
        if (auto found = (this->*rule)(edit, tensor))
            return *found;
    const TensorRole& role = m_roles[tensor];
    const auto factor = uniformFactor(edit);
    if (!factor)
        return {};
    if (const auto norm = normBehind(tensor); norm && !biasInTheWay(role)) {
        if (*factor >= smallestAbsorbed)
            return {Effect::Absorbed,
                    {CORE_TEXT("verdicts", "%1 goes into %2, which divides a common factor out again (up to its epsilon and rounding)"), {role.role, *norm}}};
        return {Effect::Effective,
                {CORE_TEXT("verdicts", "%1 behind %2 would divide a common factor out again, but at ×%3 its epsilon begins to show"),
                 {*norm, role.role, numberText(*factor)}}};
    }
    if (const auto other = compensatedBy(tensor)) {
        Consequence pair{Effect::Absorbed, {CORE_TEXT("verdicts", "the edits of %1 in the same layer undo it: the product of the two factors is 1"), {m_roles[*other].role}}};
        for (const std::size_t of : {tensor, *other})
            pair.with.insert(pair.with.end(), m_edits(of).begin(), m_edits(of).end());
        return pair;
    }
    return {Effect::Effective, note(role)};
}

} // namespace wb
