#include "widgets/sweepjob.h"

#include "core/base/file.h"
#include "core/eval/shippedtasks.h"
#include "core/recipe/layeredsource.h"

#include <algorithm>
#include <optional>

namespace wb {
namespace {

constexpr std::uint64_t maxTextBytes = std::uint64_t{64} << 20;
constexpr std::size_t textTokens = 4096; // of a text, so that a point takes seconds
constexpr std::uint64_t stateBytes = std::uint64_t{512} << 20;

// What a metric refers to, kept while it is used.
struct Scored {
    TokenizerPtr tokenizer;
    Task task;
    std::vector<TokenId> tokens;
    std::optional<Sandbox> sandbox;
    Metric metric;
};

Result<void> readScored(const SweepSetup& setup, const std::string& path, const ModelConfig& config, Scored& out)
{
    auto tokenizer = setup.models->tokenizer();
    if (!tokenizer) return failure(tokenizer);
    out.tokenizer = *tokenizer;
    if (setup.text) {
        auto content = readText(path, maxTextBytes);
        if (!content) return failure(content);
        auto encoded = out.tokenizer->encode(*content, false);
        if (!encoded) return failure(encoded);
        out.tokens = std::move(encoded->ids);
        out.tokens.resize(std::min(out.tokens.size(), textTokens));
        PerplexityOptions options;
        if (config.maxPositions != 0) options.window = options.stride = std::min<std::size_t>(options.window, config.maxPositions);
        auto made = textMetric(out.tokens, options);
        if (!made) return failure(made);
        out.metric = std::move(*made);
        return {};
    }
    auto read = findTask(path);
    if (!read) return failure(read);
    out.task = std::move(*read);
    if (out.task.kind == TaskKind::Code) {
        auto found = Sandbox::find();
        if (!found) return failure(found);
        out.sandbox = std::move(*found);
    }
    auto generation = setup.models->generationConfig();
    if (!generation) return failure(generation);
    EvaluateOptions options;
    options.limit = setup.limit;
    options.seed = setup.seed;
    options.endTokens = generation->endTokens;
    out.metric = taskMetric(out.tokenizer, out.task, options, out.sandbox ? &*out.sandbox : nullptr);
    return {};
}

} // namespace

Result<SweepReportPtr> runSweep(const SweepSetup& setup, Progress& progress, const std::function<void(SweepPoint)>& onPoint)
{
    auto base = setup.models->load(setup.original, progress);
    if (!base) return failure(base);
    Scored scored, heldOut;
    if (auto done = readScored(setup, setup.path, (*base)->config(), scored); !done) return failure(done);
    const Metric* apart = nullptr;
    if (!setup.heldOut.empty()) {
        if (auto done = readScored(setup, setup.heldOut, (*base)->config(), heldOut); !done) return failure(done);
        apart = &heldOut.metric;
    }
    const MakeModel make = [&](const RecipePtr& recipe, const ModelPtr& share) -> Result<ModelPtr> {
        auto patched = patchFully(setup.original, recipe);
        if (!patched) return failure(patched);
        Progress inner;
        return Model::load(**patched, {setup.models->checkpoint()->name(), 0, share, {}}, inner);
    };
    const SweepOptions options{Precision::F32, stateBytes, setup.seed};
    const OnPoint tell = [&](const SweepPoint& point, std::size_t) { onPoint(point); };
    auto report = setup.evaluations != 0 ? search(*base, *setup.recipe, setup.knobs, setup.evaluations, make, scored.metric, apart, options, progress, tell)
                                         : sweep(*base, *setup.recipe, setup.knobs, make, scored.metric, apart, options, progress, tell);
    if (!report) return failure(report);
    return std::make_shared<const SweepReport>(std::move(*report));
}

} // namespace wb
