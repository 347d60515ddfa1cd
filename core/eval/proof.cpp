#include "core/eval/proof.h"

#include "core/base/random.h"
#include "core/model/forward.h"
#include "core/recipe/layeredsource.h"
#include "core/tensor/convertedsource.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace wb {
namespace {

struct Logits {
    std::vector<float> values; // (tokens, vocabulary)
    std::size_t vocabulary = 0;
};

struct Distance {
    double largest = 0; // over the range of `before`
    double sameTop = 1;
    bool temperature = false;
};

// The logits of each row as a·before + b, by least squares over all rows: how much of the change that leaves.
bool isTemperature(const Logits& before, const Logits& after, double range)
{
    double x = 0, y = 0, xx = 0, xy = 0;
    const auto n = static_cast<double>(before.values.size());
    for (std::size_t i = 0; i < before.values.size(); ++i) {
        const double a = static_cast<double>(before.values[i]), b = static_cast<double>(after.values[i]);
        x += a;
        y += b;
        xx += a * a;
        xy += a * b;
    }
    const double factor = (xy - x * y / n) / (xx - x * x / n), offset = (y - factor * x) / n;
    if (!(factor > 0))
        return false;
    for (std::size_t i = 0; i < before.values.size(); ++i)
        if (std::abs(static_cast<double>(after.values[i]) - factor * static_cast<double>(before.values[i]) - offset) > proofTolerance * range * std::max(1.0, factor))
            return false;
    return true;
}

Distance distance(const Logits& before, const Logits& after)
{
    const auto [low, high] = std::ranges::minmax(before.values);
    const double range = static_cast<double>(high) - static_cast<double>(low);
    Distance out;
    std::size_t same = 0;
    const std::size_t rows = before.values.size() / before.vocabulary;
    for (std::size_t row = 0; row < rows; ++row) {
        const auto a = std::span(before.values).subspan(row * before.vocabulary, before.vocabulary), b = std::span(after.values).subspan(row * before.vocabulary, before.vocabulary);
        same += std::ranges::max_element(a) - a.begin() == std::ranges::max_element(b) - b.begin() ? 1U : 0U;
        for (std::size_t i = 0; i < a.size(); ++i)
            out.largest = std::max(out.largest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    }
    out.sameTop = static_cast<double>(same) / static_cast<double>(rows);
    out.temperature = isTemperature(before, after, range);
    out.largest /= range;
    return out;
}

// One base with the first edits of a recipe after the other; models share what their edits leave alone.
class Side {
public:
    Side(SourcePtr base, const ProofOptions& options) : m_base(std::move(base)), m_options(options) {}

    Result<Logits> logits(const RecipePtr& recipe, Progress& progress)
    {
        auto source = patchFully(m_base, recipe);
        if (!source)
            return failure(source);
        Progress inner;
        auto model = Model::load(**source, {m_options.where, m_options.maxBytes, m_model, {}}, inner);
        if (!model)
            return failure(model);
        m_model = *model;
        const ModelConfig& config = m_model->config();
        std::vector<std::uint32_t> tokens;
        const std::size_t count = config.maxPositions == 0 ? m_options.tokens : std::min<std::size_t>(m_options.tokens, config.maxPositions);
        for (std::size_t i = 0; i < count; ++i)
            tokens.push_back(static_cast<std::uint32_t>(uniform(m_options.seed, 0, i) * config.vocabulary));
        KvCache cache(config);
        Workspace space;
        Sequence sequence{&cache, tokens};
        auto hidden = forward(*m_model, std::span(&sequence, 1), {}, space, &progress);
        if (!hidden)
            return failure(hidden);
        Logits out{std::vector<float>(count * config.vocabulary), config.vocabulary};
        computeLogits(*m_model, hidden->first(count * config.width), Precision::F32, Product::Blocks, out.values);
        if (!std::ranges::all_of(out.values, [](float value) { return std::isfinite(value); }))
            return fail(ErrorCode::LogitsNotFinite, m_options.where, std::to_string(recipe->size()));
        progress.advance(1);
        return out;
    }

private:
    SourcePtr m_base;
    const ProofOptions& m_options;
    ModelPtr m_model;
};

// The first `count` edits, with the later ones of layers where `layers` says so: edits of values come first wherever they stand.
// Bound to no base: widened to F32 it has another layout.
RecipePtr firstEdits(const RecipePtr& recipe, std::size_t count, bool layers)
{
    RecipePtr out = std::make_shared<const Recipe>(BaseIdentity{});
    for (std::size_t i = 0; i < recipe->size(); ++i)
        if (i < count || (layers && std::holds_alternative<LayerEdit>(recipe->at(i).operation)))
            out = out->with(recipe->at(i));
    return out;
}

// The logits after such edits; those of the last recipe are kept.
class Prefixes {
public:
    Prefixes(SourcePtr base, const ProofOptions& options) : m_side(std::move(base), options) {}

    Result<Logits> logits(const RecipePtr& recipe, Progress& progress)
    {
        if (m_recipe && *m_recipe == *recipe) {
            progress.advance(1);
            return m_logits;
        }
        auto logits = m_side.logits(recipe, progress);
        if (!logits)
            return logits;
        m_recipe = recipe;
        m_logits = *logits;
        return logits;
    }

private:
    Side m_side;
    RecipePtr m_recipe;
    Logits m_logits;
};

} // namespace

const char* provenName(Proven outcome)
{
    constexpr std::array names = {"nothing", "rounding", "temperature", "changes"};
    return names[static_cast<std::size_t>(outcome)];
}

bool agrees(Proven outcome, const std::string& effect)
{
    if (effect == "void" || effect == "rounded_away")
        return outcome == Proven::Nothing || outcome == Proven::Rounding;
    if (effect == "absorbed")
        return outcome != Proven::Changes && outcome != Proven::Temperature;
    if (effect == "greedy_invariant")
        return outcome != Proven::Changes;
    return outcome == Proven::Changes || outcome == Proven::Temperature;
}

Json EditProof::toJson() const { return {{"index", index}, {"outcome", provenName(outcome)}, {"change", stored}, {"change_f32", exact}, {"same_top", sameTop}}; }

Result<std::vector<EditProof>> proveEdits(const SourcePtr& base, const RecipePtr& recipe, const ProofOptions& options, Progress& progress)
{
    progress.begin(ProgressStage::Computing, ProgressUnit::Items, 4 * recipe->enabledCount());
    Prefixes stored(base, options), exact(converted(base, DType::F32), options);
    std::vector<EditProof> out;
    for (std::size_t i = 0; i < recipe->size(); ++i) {
        if (!recipe->at(i).enabled)
            continue;
        const bool ofValues = !std::holds_alternative<LayerEdit>(recipe->at(i).operation);
        const RecipePtr before = firstEdits(recipe, i, ofValues), after = firstEdits(recipe, i + 1, ofValues);
        const auto storedBefore = stored.logits(before, progress), exactBefore = exact.logits(before, progress);
        const auto storedAfter = stored.logits(after, progress), exactAfter = exact.logits(after, progress);
        for (const auto* logits : {&storedBefore, &exactBefore, &storedAfter, &exactAfter})
            if (!*logits)
                return failure(*logits);
        const Distance inStored = distance(*storedBefore, *storedAfter), inF32 = distance(*exactBefore, *exactAfter);
        EditProof proof{i, inStored.largest, inF32.largest, inStored.sameTop, Proven::Changes};
        if (inStored.largest == 0)
            proof.outcome = Proven::Nothing;
        else if (inF32.largest <= proofTolerance)
            proof.outcome = Proven::Rounding;
        else if (inF32.temperature && inF32.sameTop == 1)
            proof.outcome = Proven::Temperature;
        out.push_back(proof);
    }
    return out;
}

} // namespace wb
