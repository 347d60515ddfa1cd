#include "core/model/model.h"

#include <nlohmann/json.hpp>

namespace wb {
namespace {

bool same(const Linear& a, const Linear& b)
{
    return a.bias == b.bias && std::ranges::equal(a.segments, b.segments, [](const SegmentPtr& x, const SegmentPtr& y) { return x->key == y->key; });
}

bool same(const Norm& a, const Norm& b) { return a.gain == b.gain && a.bias == b.bias; }

bool same(const LayerWeights& a, const LayerWeights& b)
{
    return same(a.attentionNorm, b.attentionNorm) && same(a.attentionPostNorm, b.attentionPostNorm) &&
           same(a.feedForwardNorm, b.feedForwardNorm) && same(a.feedForwardPostNorm, b.feedForwardPostNorm) &&
           same(a.queryNorm, b.queryNorm) && same(a.keyNorm, b.keyNorm) && same(a.qkv, b.qkv) && same(a.output, b.output) &&
           same(a.up, b.up) && same(a.down, b.down) && same(a.router, b.router) &&
           std::ranges::equal(a.experts, b.experts, [](const ExpertWeights& x, const ExpertWeights& y) { return same(x.up, y.up) && same(x.down, y.down); });
}

Result<ModelConfig> configOf(const TensorSource& source, const std::string& where)
{
    if (source.config() == nullptr)
        return fail(ErrorCode::ConfigInvalid, where, said(CORE_TEXT("reasons", "there is none, so nothing says what the model computes")));
    return readModelConfig(*source.config(), source.find("token_embd.weight").has_value(), where);
}

} // namespace

Result<ModelPtr> Model::load(const TensorSource& source, const ModelOptions& options, Progress& progress)
{
    auto config = configOf(source, options.where);
    if (!config)
        return failure(config);
    BindOptions bind{options.where, options.maxBytes};
    if (options.shareWith)
        bind.known = &options.shareWith->m_bound.segments;
    if (options.runBytes)
        bind.runBytes = options.runBytes(*config);
    bind.followTie = options.followTie;
    auto bound = bindWeights(source, *config, bind, progress);
    if (!bound)
        return failure(bound);
    return std::make_shared<const Model>(std::move(*config), std::move(*bound));
}

Result<void> Model::check(const TensorSource& source, const std::string& where)
{
    auto config = configOf(source, where);
    if (!config)
        return failure(config);
    BindOptions bind{where};
    bind.readMatrices = false;
    Progress progress;
    auto bound = bindWeights(source, *config, bind, progress);
    if (!bound)
        return failure(bound);
    return {};
}

std::optional<std::size_t> Model::firstDifference(const Model& other) const
{
    const Weights& mine = weights();
    const Weights& theirs = other.weights();
    if (!same(mine.embedding, theirs.embedding) || !same(mine.embeddingNorm, theirs.embeddingNorm) || !same(mine.positions, theirs.positions))
        return 0;
    const std::size_t both = std::min(mine.layers.size(), theirs.layers.size());
    for (std::size_t layer = 0; layer < both; ++layer)
        if (!same(mine.layers[layer], theirs.layers[layer]))
            return layer;
    if (mine.layers.size() != theirs.layers.size())
        return both;
    if (same(mine.head, theirs.head) && same(mine.finalNorm, theirs.finalNorm))
        return std::nullopt;
    return mine.layers.size();
}

} // namespace wb
