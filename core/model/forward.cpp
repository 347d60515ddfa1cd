#include "core/model/forward.h"

#include "core/base/parallel.h"
#include "core/model/attention.h"
#include "core/model/boundary.h"
#include "core/model/feedforward.h"

#include <algorithm>
#include <array>

namespace wb {
namespace {

constexpr std::size_t rowByRowTokens = 16; // up to here a sequence goes through our own kernels

class Pass {
public:
    Pass(const Model& model, std::span<Sequence> sequences, const ForwardOptions& options, Workspace& workspace, Product product)
        : m_model(model), m_config(model.config()), m_sequences(sequences), m_options(options), m_space(workspace), m_product(product)
    {
        for (const Sequence& sequence : sequences)
            m_rows += sequence.tokens.size();
    }

    Result<void> run(Progress* progress)
    {
        const std::size_t width = m_config.width;
        const auto resize = [&](std::vector<float>& values, std::size_t size) { values.resize(std::max(values.size(), size)); };
        resize(m_space.residual, m_rows * width);
        resize(m_space.normed, m_rows * width);
        resize(m_space.added, m_rows * width);
        place();
        if (m_options.states.empty()) {
            embed();
            watch(0, Site::Embedding, m_space.residual, width);
        } else {
            std::ranges::copy(m_options.states, m_space.residual.begin());
        }
        makeRotations();
        for (std::size_t layer = m_options.firstLayer; layer < m_config.layers.size(); ++layer) {
            if (progress != nullptr && progress->cancelled())
                return cancelledError();
            block(layer);
        }
        for (Sequence& sequence : m_sequences)
            sequence.cache->commit(sequence.tokens, m_options.firstLayer, finalLength(sequence));
        normalise(m_model.weights().finalNorm, m_space.residual.data(), m_space.residual.data());
        watch(m_config.layers.size(), Site::FinalNorm, m_space.residual, width);
        return {};
    }

private:
    void watch(std::size_t layer, Site site, std::vector<float>& values, std::size_t width)
    {
        if (m_options.observer)
            m_options.observer(layer, site, {values.data(), m_rows * width}, width);
    }

    static std::uint64_t finalLength(const Sequence& sequence)
    {
        return std::max<std::uint64_t>(sequence.finalLength, sequence.cache->length() + sequence.tokens.size());
    }

    void place()
    {
        m_space.positions.clear();
        for (const Sequence& sequence : m_sequences)
            for (std::size_t i = 0; i < sequence.tokens.size(); ++i)
                m_space.positions.push_back(static_cast<std::uint32_t>(sequence.cache->length() + i));
    }

    void embed()
    {
        std::vector<std::uint32_t> ids;
        for (const Sequence& sequence : m_sequences)
            ids.insert(ids.end(), sequence.tokens.begin(), sequence.tokens.end());
        const std::size_t width = m_config.width;
        std::vector<float> learned(m_config.learnedPositions ? width : 0);
        for (std::size_t row = 0; row < m_rows; ++row) {
            float* to = m_space.residual.data() + row * width;
            m_model.weights().embedding.row(ids[row], to);
            if (m_config.embeddingScale != 1)
                kernels::scale(to, m_config.embeddingScale, width);
            if (!m_config.learnedPositions)
                continue;
            m_model.weights().positions.row(m_space.positions[row] + m_config.positionOffset, learned.data());
            kernels::add(to, learned.data(), width);
        }
        if (m_config.embeddingNorm)
            normalise(m_model.weights().embeddingNorm, m_space.residual.data(), m_space.residual.data());
    }

    // Cosines and sines of all rows, for each kind of rotation one after the other.
    void makeRotations()
    {
        std::size_t size = 0;
        for (const RopeConfig& rope : m_config.ropes) {
            m_rotationAt.push_back(size);
            size += m_rows * (rope.dims / 2);
        }
        m_space.cosines.resize(std::max(m_space.cosines.size(), size));
        m_space.sines.resize(std::max(m_space.sines.size(), size));
        for (std::size_t r = 0; r < m_config.ropes.size(); ++r) {
            const RopeConfig& rope = m_config.ropes[r];
            const std::size_t half = rope.dims / 2;
            std::size_t row = 0;
            for (const Sequence& sequence : m_sequences) {
                const std::size_t count = sequence.tokens.size();
                ropeTables(rope, rope.frequencies(finalLength(sequence)), std::span(m_space.positions).subspan(row, count),
                           std::span(m_space.cosines).subspan(m_rotationAt[r] + row * half, count * half),
                           std::span(m_space.sines).subspan(m_rotationAt[r] + row * half, count * half));
                row += count;
            }
        }
    }

    // Without a norm the values go on as they are.
    void normalise(const Norm& norm, const float* x, float* out)
    {
        const std::size_t width = m_config.width;
        if (norm.gain.empty()) {
            std::copy_n(x, m_rows * width, out);
            return;
        }
        parallelFor((m_rows + 15) / 16, [&](std::size_t block) {
            for (std::size_t row = block * 16; row < std::min(m_rows, block * 16 + 16); ++row)
                normaliseRow(norm, x + row * width, width, out + row * width);
        });
    }

    // With the gains from `first` on.
    void normaliseRow(const Norm& norm, const float* x, std::size_t size, float* out, std::size_t first = 0) const
    {
        if (m_config.norm == NormKind::Layer)
            kernels::layerNorm(x, norm.gain.data() + first, norm.bias.data() + first, m_config.epsilon, size, out);
        else
            kernels::rmsNorm(x, norm.gain.data() + first, m_config.epsilon, size, out);
    }

    void addToResidual()
    {
        const std::size_t width = m_config.width;
        parallelFor((m_rows + 15) / 16, [&](std::size_t block) {
            const std::size_t first = block * 16 * width, end = std::min(m_rows * width, first + 16 * width);
            kernels::add(m_space.residual.data() + first, m_space.added.data() + first, end - first);
        });
    }

    void block(std::size_t layer)
    {
        const LayerWeights& weights = m_model.weights().layers[layer];
        const LayerConfig& shape = m_config.layers[layer];
        const std::size_t width = m_config.width;
        normalise(weights.attentionNorm, m_space.residual.data(), m_space.normed.data());
        watch(layer, Site::AttentionIn, m_space.normed, width);
        if (shape.parallel) // the feed-forward reads the block's input too, before attention is added to it
            m_parallelIn.assign(m_space.residual.begin(), m_space.residual.begin() + static_cast<std::ptrdiff_t>(m_rows * width));
        attention(layer, weights, shape.attention);
        if (!weights.attentionPostNorm.gain.empty())
            normalise(weights.attentionPostNorm, m_space.added.data(), m_space.added.data());
        watch(layer, Site::AttentionOut, m_space.added, width);
        addToResidual();
        normalise(weights.feedForwardNorm, shape.parallel ? m_parallelIn.data() : m_space.residual.data(), m_space.normed.data());
        watch(layer, Site::FeedForwardIn, m_space.normed, width);
        feedForward(weights, shape.feedForward, layer, {m_space.normed.data(), m_rows * width}, m_rows, {m_space.added.data(), m_rows * width},
                    m_space.inner, m_options, m_product);
        if (!weights.feedForwardPostNorm.gain.empty())
            normalise(weights.feedForwardPostNorm, m_space.added.data(), m_space.added.data());
        watch(layer, Site::FeedForwardOut, m_space.added, width);
        addToResidual();
        watch(layer, Site::Block, m_space.residual, width);
    }

    void attention(std::size_t layer, const LayerWeights& weights, const AttentionConfig& shape)
    {
        const std::size_t wide = weights.qkv.rows, mixed = std::size_t{shape.heads} * shape.headDim;
        m_space.qkv.resize(std::max(m_space.qkv.size(), m_rows * wide));
        m_space.mix.resize(std::max(m_space.mix.size(), m_rows * mixed));
        multiply(weights.qkv, m_space.normed.data(), m_rows, m_config.width, m_space.qkv.data(), wide, m_options.precision, m_product);
        std::vector<AttentionSpan> spans;
        std::vector<KvCache::Place> places;
        std::size_t row = 0;
        for (Sequence& sequence : m_sequences) {
            places.push_back(sequence.cache->append(layer, sequence.tokens.size()));
            spans.push_back({row, sequence.tokens.size(), sequence.cache->rows(layer)});
            row += sequence.tokens.size();
        }
        for (std::size_t s = 0; s < spans.size(); ++s)
            prepareRows(weights, shape, spans[s], places[s], wide);
        attend(shape, spans, m_space.qkv.data(), wide, m_space.mix.data(), m_product);
        watch(layer, Site::AttentionMix, m_space.mix, mixed);
        multiply(weights.output, m_space.mix.data(), m_rows, mixed, m_space.added.data(), m_config.width, m_options.precision, m_product);
    }

    // Norms and rotations of q and k; k and v go to the cache.
    void prepareRows(const LayerWeights& weights, const AttentionConfig& shape, const AttentionSpan& span, const KvCache::Place& place, std::size_t wide)
    {
        const std::size_t size = shape.headDim, heads = shape.heads, shared = shape.kvHeads;
        parallelFor((span.count + 15) / 16, [&](std::size_t block) {
            for (std::size_t i = block * 16; i < std::min(span.count, block * 16 + 16); ++i) {
                float* row = m_space.qkv.data() + (span.row + i) * wide;
                if (shape.normsAllHeads) {
                    normaliseRow(weights.queryNorm, row, heads * size, row);
                    normaliseRow(weights.keyNorm, row + heads * size, shared * size, row + heads * size);
                }
                for (std::size_t head = 0; head < heads; ++head)
                    prepareHead(weights.queryNorm, shape, span.row + i, head, row + head * size);
                for (std::size_t head = 0; head < shared; ++head)
                    prepareHead(weights.keyNorm, shape, span.row + i, head, row + (heads + head) * size);
                std::copy_n(row + heads * size, shared * size, place.keys + i * shared * size);
                std::copy_n(row + (heads + shared) * size, shared * size, place.values + i * shared * size);
            }
        });
    }

    void prepareHead(const Norm& norm, const AttentionConfig& shape, std::size_t row, std::size_t head, float* values) const
    {
        if (!norm.gain.empty() && !shape.normsAllHeads)
            normaliseRow(norm, values, shape.headDim, values, shape.gainsOfEachHead ? head * shape.headDim : 0);
        if (shape.rope < 0)
            return;
        const RopeConfig& rope = m_config.ropes[static_cast<std::size_t>(shape.rope)];
        const std::size_t half = rope.dims / 2, at = m_rotationAt[static_cast<std::size_t>(shape.rope)] + row * half;
        kernels::rotate(values, m_space.cosines.data() + at, m_space.sines.data() + at, half, rope.neighbours);
    }

    const Model& m_model;
    const ModelConfig& m_config;
    std::span<Sequence> m_sequences;
    const ForwardOptions& m_options;
    Workspace& m_space;
    Product m_product;
    std::size_t m_rows = 0;
    std::vector<std::size_t> m_rotationAt;
    std::vector<float> m_parallelIn;
};

Result<void> check(const ModelConfig& config, std::span<const Sequence> sequences)
{
    for (const Sequence& sequence : sequences) {
        const std::size_t length = sequence.cache->length() + sequence.tokens.size();
        if (config.maxPositions != 0 && length > config.maxPositions)
            return fail(ErrorCode::ContextFull, "", std::to_string(length), std::to_string(config.maxPositions));
        for (const std::uint32_t token : sequence.tokens)
            if (token >= config.vocabulary)
                return fail(ErrorCode::TokenOutOfRange, "", std::to_string(token), std::to_string(config.vocabulary));
    }
    return {};
}

Product productFor(std::span<const Sequence> sequences)
{
    const bool shortOnes = std::ranges::all_of(sequences, [](const Sequence& s) { return s.tokens.size() <= rowByRowTokens; });
    return shortOnes ? Product::RowByRow : Product::Blocks;
}

constexpr std::array siteNames = {"embedding", "attention_in", "attention_mix", "attention_out", "feed_forward_in",
                                  "feed_forward_mix", "feed_forward_out", "block", "final_norm", "router"};

} // namespace

const char* siteName(Site site) { return siteNames[static_cast<std::size_t>(site)]; }

Result<std::span<float>> forward(const Model& model, std::span<Sequence> sequences, const ForwardOptions& options, Workspace& workspace,
                                 Progress* progress)
{
    if (auto done = check(model.config(), sequences); !done)
        return failure(done);
    Pass pass(model, sequences, options, workspace, productFor(sequences));
    if (auto done = pass.run(progress); !done) {
        for (Sequence& sequence : sequences)
            sequence.cache->keepPrefix({});
        return failure(done);
    }
    std::size_t rows = 0;
    for (const Sequence& sequence : sequences)
        rows += sequence.tokens.size();
    return std::span(workspace.residual).first(rows * model.config().width);
}

std::uint64_t workspaceBytes(const ModelConfig& config, std::uint64_t rows)
{
    std::uint64_t widest = config.width;
    for (const LayerConfig& layer : config.layers) {
        const AttentionConfig& attention = layer.attention;
        widest = std::max({widest, std::uint64_t{2} * layer.feedForward.width, (std::uint64_t{attention.heads} + 2 * attention.kvHeads) * attention.headDim});
    }
    return rows * (4 * std::uint64_t{config.width} + 2 * widest) * sizeof(float);
}

void computeLogits(const Model& model, std::span<const float> hidden, Precision precision, Product product, std::span<float> out)
{
    const ModelConfig& config = model.config();
    const std::size_t rows = hidden.size() / config.width;
    multiply(model.weights().head, hidden.data(), rows, config.width, out.data(), config.vocabulary, precision, product);
    if (config.logitScale != 1)
        parallelFor(rows, [&](std::size_t row) { kernels::scale(out.data() + row * config.vocabulary, config.logitScale, config.vocabulary); });
    if (config.logitCap == 0)
        return;
    parallelFor(rows, [&](std::size_t row) { kernels::softCap(out.data() + row * config.vocabulary, config.logitCap, config.vocabulary); });
}

namespace {

// Reads tokens of one sequence step by step; where states of the base model are at hand it starts at a later layer.
class Steps {
public:
    Steps(const Model& model, KvCache& cache, const ForwardOptions& options, Workspace& workspace, Progress& progress, BoundaryStates* boundary)
        : m_model(model), m_cache(cache), m_options(options), m_space(workspace), m_progress(progress), m_boundary(boundary)
    {
    }

    Result<void> run(std::span<const std::uint32_t> tokens, std::uint64_t finalLength, const std::function<void(std::size_t, std::span<float>)>& each)
    {
        for (std::size_t first = 0; first < tokens.size(); first += m_options.step) {
            const auto some = tokens.subspan(first, std::min(m_options.step, tokens.size() - first));
            auto hidden = step(some, finalLength);
            if (!hidden)
                return failure(hidden);
            each(first, *hidden);
            if (!m_progress.advance(some.size()))
                return cancelledError();
        }
        return {};
    }

private:
    Result<std::span<float>> step(std::span<const std::uint32_t> tokens, std::uint64_t finalLength)
    {
        ForwardOptions options = m_options;
        if (m_boundary != nullptr) {
            if (auto done = choose(tokens, finalLength, options); !done)
                return failure(done);
            m_boundary->watch(m_model, m_cache.tokens(), tokens, finalLength, options);
        }
        Sequence sequence{&m_cache, tokens, finalLength};
        return forward(m_model, {&sequence, 1}, options, m_space, &m_progress);
    }

    // A cache holds the layers from one on: where that does not fit what is known of these tokens, it is read anew from the start.
    Result<void> choose(std::span<const std::uint32_t> tokens, std::uint64_t finalLength, ForwardOptions& options)
    {
        const BoundaryStates::Start start = m_boundary->find(m_model, m_cache.tokens(), tokens, finalLength);
        const bool begins = m_cache.length() == 0;
        if (start.layer != 0 && (begins || m_cache.firstLayer() == start.layer)) {
            options.firstLayer = start.layer;
            options.states = start.states;
        } else if (!begins && m_cache.firstLayer() != 0) {
            const std::vector<std::uint32_t> before(m_cache.tokens().begin(), m_cache.tokens().end());
            m_cache.keepPrefix({});
            Progress inner; // these were counted
            return Steps(m_model, m_cache, m_options, m_space, inner, nullptr).run(before, finalLength, [](std::size_t, std::span<float>) {});
        }
        return {};
    }

    const Model& m_model;
    KvCache& m_cache;
    const ForwardOptions& m_options;
    Workspace& m_space;
    Progress& m_progress;
    BoundaryStates* m_boundary;
};

} // namespace

Result<void> forwardInSteps(const Model& model, KvCache& cache, std::span<const std::uint32_t> tokens, const ForwardOptions& options,
                            Workspace& workspace, Progress& progress,
                            const std::function<void(std::size_t first, std::span<float> hidden)>& each, BoundaryStates* boundary)
{
    return Steps(model, cache, options, workspace, progress, boundary).run(tokens, std::max<std::uint64_t>(options.finalLength, cache.length() + tokens.size()), each);
}

} // namespace wb
