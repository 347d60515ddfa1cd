#include "core/eval/proof.h"

#include "core/base/random.h"
#include "core/model/forward.h"
#include "core/recipe/layeredsource.h"
#include "core/tensor/convertedsource.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

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

std::span<const float> rowOf(const Logits& logits, std::size_t row) { return std::span(logits.values).subspan(row * logits.vocabulary, logits.vocabulary); }
std::size_t rowsOf(const Logits& logits) { return logits.values.size() / logits.vocabulary; }

double meanOf(std::span<const float> row) { return std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(row.size()); }

// All logits times one factor, by least squares over all rows about their means: whether that leaves nothing of the change.
bool isTemperature(const Logits& before, const Logits& after, double range)
{
    double xx = 0, xy = 0;
    const auto each = [&](const auto& use) {
        for (std::size_t row = 0; row < rowsOf(before); ++row) {
            const auto a = rowOf(before, row), b = rowOf(after, row);
            const double meanA = meanOf(a), meanB = meanOf(b);
            for (std::size_t i = 0; i < a.size(); ++i)
                use(static_cast<double>(a[i]) - meanA, static_cast<double>(b[i]) - meanB);
        }
    };
    each([&](double a, double b) {
        xx += a * a;
        xy += a * b;
    });
    const double factor = xy / xx;
    bool all = factor > 0;
    each([&](double a, double b) { all = all && std::abs(b - factor * a) <= proofTolerance * range * std::max(1.0, factor); });
    return all;
}

Distance distance(const Logits& before, const Logits& after)
{
    const auto [low, high] = std::ranges::minmax(before.values);
    const double range = static_cast<double>(high) - static_cast<double>(low);
    Distance out;
    std::size_t same = 0;
    const std::size_t rows = rowsOf(before);
    for (std::size_t row = 0; row < rows; ++row) {
        const auto a = rowOf(before, row), b = rowOf(after, row);
        same += std::ranges::max_element(a) - a.begin() == std::ranges::max_element(b) - b.begin() ? 1U : 0U;
        const double common = meanOf(b) - meanOf(a);
        for (std::size_t i = 0; i < a.size(); ++i)
            out.largest = std::max(out.largest, std::abs(static_cast<double>(b[i]) - static_cast<double>(a[i]) - common));
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
        if (auto done = m_model ? Result<void>() : load(*m_base); !done)
            return failure(done);
        m_tied = m_tied.value_or(m_model->config().tied);
        if (auto done = load(**source); !done)
            return failure(done);
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
            return fail(ErrorCode::LogitsNotFinite, m_options.where, said(CORE_TEXT("reasons", "%1 (with %2 edits)"), count, recipe->size()));
        progress.advance(1);
        return out;
    }

private:
    Result<void> load(const TensorSource& source)
    {
        Progress inner;
        auto model = Model::load(source, {m_options.where, m_options.maxBytes, m_model, {}, m_tied.value_or(false)}, inner);
        if (!model)
            return failure(model);
        m_model = *model;
        return {};
    }

    SourcePtr m_base;
    const ProofOptions& m_options;
    ModelPtr m_model;
    std::optional<bool> m_tied; // the base's head
};

// The first `count` edits, with the later ones of layers where `layers` says so: edits of values come first wherever they stand.
// Bound to no base: widened to F32 it has another layout.
RecipePtr firstEdits(const RecipePtr& recipe, std::size_t count, bool layers, std::span<const std::size_t> without = {})
{
    RecipePtr out = std::make_shared<const Recipe>(BaseIdentity{});
    for (std::size_t i = 0; i < recipe->size(); ++i)
        if ((i < count && std::ranges::find(without, i) == without.end()) || (layers && std::holds_alternative<LayerEdit>(recipe->at(i).operation)))
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
        std::vector<std::size_t> together{i};
        if (i < options.together.size())
            together.insert(together.end(), options.together[i].begin(), options.together[i].end());
        const std::size_t later = i < options.until.size() ? options.until[i] : i;
        const std::size_t last = std::min(recipe->size() - 1, std::max(later, std::ranges::max(together)));
        const RecipePtr before = firstEdits(recipe, last + 1, ofValues, together), after = firstEdits(recipe, last + 1, ofValues);
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
