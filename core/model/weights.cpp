#include "core/model/weights.h"

#include "core/model/arch/family.h"
#include "core/model/float8.h"
#include "core/model/segmentreader.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>

#include <array>

namespace wb {
namespace {

// Share of columns whose rounding Precision::Stored makes good. Through SmolLM2-135M rounding everything makes 6.6e-3
// of the range of the logits (1,024 tokens), these shares leave 1.7e-3 (2,048 tokens); what gate and up read counts most.
constexpr double headRest = 1, qkvRest = 0.375, outputRest = 0.25, upRest = 0.75, downRest = 0.375;
constexpr double routerRest = 1; // another expert is another function

class Binder {
public:
    Binder(const TensorSource& source, ModelConfig& config, const BindOptions& options)
        : m_source(source), m_config(config), m_options(options), m_reader(source, options.where)
    {
    }

    Result<Bound> run(Progress& progress)
    {
        bind();
        if (m_error)
            return tl::unexpected(*m_error);
        m_bound.newBytes = m_reader.bytes();
        const std::uint64_t needed = m_bound.newBytes + m_options.runBytes;
        if (m_options.maxBytes != 0 && needed > m_options.maxBytes)
            return fail(ErrorCode::MemoryLimit, m_options.where, std::to_string(needed), std::to_string(m_options.maxBytes));
        if (!m_options.readMatrices)
            return std::move(m_bound);
        if (auto done = m_reader.read(progress); !done)
            return failure(done);
        return std::move(m_bound);
    }

private:
    void error(Error what)
    {
        if (!m_error)
            m_error = std::move(what);
    }

    // A tensor whose use in this family is not known: without it the numbers would be others.
    void refuse(std::size_t tensor) { error(errorOf(ErrorCode::ModelUnsupported, m_options.where, m_source.tensors()[tensor].name, shapeText(m_source.tensors()[tensor].shape))); }

    void bind()
    {
        const Family* family = findFamily(m_config.family);
        const ModelNames names = m_config.gguf ? ggufNames() : family->names();
        findPrefix(names);
        Weights& weights = m_bound.weights;
        weights.embedding = linear({{{names.embedding}}}, m_config.vocabulary, m_config.width);
        const auto positions = m_config.gguf && !m_config.learnedPositions ? m_source.find(names.positions + ".weight") : std::nullopt;
        if (positions)
            refuse(*positions);
        if (m_config.learnedPositions)
            weights.positions = linear({{{names.positions}}}, std::uint64_t{m_config.maxPositions} + m_config.positionOffset, m_config.width);
        if (m_config.embeddingNorm)
            weights.embeddingNorm = norm(names.embeddingNorm, m_config.width, true);
        weights.finalNorm = norm(names.finalNorm, m_config.width, true);
        bindHead(headName(names));
        readRotaryFactors();
        weights.layers.resize(m_config.layers.size());
        for (std::uint32_t layer = 0; layer < m_config.layers.size() && !m_error; ++layer)
            bindLayer(weights.layers[layer], m_config.layers[layer],
                      m_config.gguf ? ggufLayerNames(m_config, layer, m_source) : family->layer(m_config, layer));
    }

    // Tied by config: the embedding, unless another matrix is stored as the head: then that one runs.
    void bindHead(const std::string& name)
    {
        Weights& weights = m_bound.weights;
        const auto stored = m_source.find(name + ".weight");
        if (m_config.tied && (!stored || m_options.followTie || !m_options.readMatrices || isEmbedding(*stored))) {
            weights.head = weights.embedding;
            weights.head.restShare = headRest;
            if (m_config.headBias) // the head's own, stored or not what it is tied to
                weights.head.bias = vector(name + ".bias", 0, m_config.vocabulary, m_config.vocabulary, true);
            return;
        }
        m_config.tied = false;
        const std::string body = std::exchange(m_prefix, ""); // the name is whole
        weights.head = linear({{{name}}, m_config.headBias ? Bias::Stored : Bias::None}, m_config.vocabulary, m_config.width);
        weights.head.restShare = headRest;
        m_prefix = body;
    }

    bool isEmbedding(std::size_t head)
    {
        const auto embedding = m_source.find(m_prefix + (m_config.gguf ? ggufNames() : findFamily(m_config.family)->names()).embedding + ".weight");
        if (!embedding || m_error)
            return true;
        auto same = sameStored(m_source, *embedding, head);
        if (!same)
            error(same.error());
        return same.value_or(true);
    }

    // A GGUF does not say of what shape these norms are: the tensors do.
    void bindHeadNorms(LayerWeights& weights, LayerConfig& layer, const LayerNames& names)
    {
        AttentionConfig& attention = layer.attention;
        const auto stored = m_config.gguf ? m_source.find(names.queryNorm + ".weight") : std::nullopt;
        if (stored && !attention.alibi.slopes.empty()) // MPT may have them, over all heads; nothing that runs them is there to compare with
            refuse(*stored);
        if (stored && !attention.normsAllHeads && attention.heads > 1)
            attention.gainsOfEachHead = m_source.tensors()[*stored].elements == std::uint64_t{attention.heads} * attention.headDim;
        const auto bind = [&](const std::string& name, std::uint32_t heads) {
            const std::uint64_t all = std::uint64_t{heads} * attention.headDim;
            if (names.normOfEachHead)
                return headNorms(name, heads, attention.headDim);
            return norm(name, attention.normsAllHeads || attention.gainsOfEachHead ? all : attention.headDim, !m_config.gguf, !attention.gainsOfEachHead);
        };
        weights.queryNorm = bind(names.queryNorm, attention.heads);
        weights.keyNorm = bind(names.keyNorm, attention.kvHeads);
    }

    Norm headNorms(const std::string& name, std::uint32_t heads, std::uint64_t size)
    {
        Norm out;
        for (std::uint32_t head = 0; head < heads && !m_error; ++head) {
            const Norm one = norm(fmt::format("{}.{}", name, head), size, true, false);
            out.gain.insert(out.gain.end(), one.gain.begin(), one.gain.end());
            out.bias.insert(out.bias.end(), one.bias.begin(), one.bias.end());
        }
        return out;
    }

    void bindLayer(LayerWeights& weights, LayerConfig& layer, const LayerNames& names)
    {
        const LayerConfig& shape = layer;
        const AttentionConfig& attention = shape.attention;
        const std::uint64_t width = m_config.width, inner = shape.feedForward.width;
        const std::uint64_t heads = std::uint64_t{attention.heads} * attention.headDim;
        const std::uint64_t shared = std::uint64_t{attention.kvHeads} * attention.headDim;
        const std::uint64_t upRows = shape.feedForward.kind == FeedForwardKind::Plain ? inner : 2 * inner;
        const bool optional = m_config.gguf; // llama.cpp's names are those of all families; what is stored is meant
        weights.attentionNorm = norm(names.attentionNorm, width, true);
        weights.attentionPostNorm = norm(names.attentionPostNorm, width, !optional);
        weights.feedForwardNorm = norm(names.feedForwardNorm, width, true);
        weights.feedForwardPostNorm = norm(names.feedForwardPostNorm, width, !optional);
        bindHeadNorms(weights, layer, names);
        weights.qkv = linear(names.qkv, heads + 2 * shared, width);
        weights.output = linear(names.output, width, heads);
        weights.qkv.restShare = qkvRest;
        weights.output.restShare = outputRest;
        if (shape.feedForward.kind != FeedForwardKind::Experts) {
            weights.up = linear(names.up, upRows, width);
            weights.down = linear(names.down, width, inner);
            weights.up.restShare = upRest;
            weights.down.restShare = downRest;
            return;
        }
        weights.router = linear(names.router, shape.feedForward.experts, width);
        weights.router.restShare = routerRest;
        for (const ExpertNames& expert : names.experts) {
            weights.experts.push_back({linear(expert.up, upRows, width), linear(expert.down, width, inner)});
            weights.experts.back().up.restShare = upRest;
            weights.experts.back().down.restShare = downRest;
        }
    }

    void findPrefix(const ModelNames& names)
    {
        const std::string end = names.embedding + ".weight";
        const std::array<std::string, 8> known = {names.outer, "", "language_model." + names.outer, "model.language_model.",
                                                  "module." + names.outer, "_orig_mod." + names.outer,
                                                  "base_model.model." + names.outer, "model." + names.outer};
        m_prefix = names.outer;
        for (const std::string& prefix : known)
            if (m_source.find(prefix + end)) {
                m_prefix = prefix;
                return;
            }
    }

    std::string headName(const ModelNames& names) const
    {
        // "model.layers" beside "lm_head": the head stands outside the prefix of the model's body.
        const std::string_view prefix = m_prefix;
        const std::string outside(prefix.ends_with(names.outer) ? prefix.substr(0, prefix.size() - names.outer.size()) : prefix);
        for (const std::string& name : {outside + names.head, names.head, m_prefix + names.head})
            if (m_source.find(name + ".weight"))
                return name;
        return outside + names.head;
    }

    std::optional<std::size_t> tensor(const std::string& name, bool required, bool mayBeFloat8 = false)
    {
        const auto found = m_source.find(name);
        if (!found) {
            if (required)
                error({ErrorCode::ModelTensorMissing, m_options.where, {m_config.family, name}});
            return std::nullopt;
        }
        const TensorInfo& info = m_source.tensors()[*found];
        if (info.dtype == DType::Opaque || (isFloat8(info.dtype) && !mayBeFloat8)) {
            error({ErrorCode::OpaqueDtype, m_options.where, {name, info.storedType}});
            return std::nullopt;
        }
        return found;
    }

    void shapeError(const TensorInfo& info, const std::string& wanted)
    {
        error({ErrorCode::ModelTensorShape, m_options.where, {info.name, shapeText(info.shape), wanted}});
    }

    // Values [first, first + count) of a one-dimensional tensor of `size` values; nothing when it is absent.
    std::vector<float> vector(const std::string& name, std::uint64_t first, std::uint64_t count, std::uint64_t size, bool required)
    {
        const auto found = m_error ? std::nullopt : tensor(name, required);
        if (!found)
            return {};
        const TensorInfo& info = m_source.tensors()[*found];
        if (info.elements != size || first + count > size) {
            shapeError(info, fmt::format("[{}]", size));
            return {};
        }
        std::vector<double> values(count);
        if (auto done = readValues(m_source, *found, first, values); !done) {
            error(done.error());
            return {};
        }
        return {values.begin(), values.end()};
    }

    Norm norm(const std::string& name, std::uint64_t size, bool required, bool mayHaveBias = true)
    {
        Norm out;
        if (name.empty())
            return out;
        const std::string full = m_prefix + name;
        out.gain = vector(full + ".weight", 0, size, size, required);
        for (float& gain : out.gain)
            gain += m_config.gainOffset;
        if (out.gain.empty() || m_config.norm != NormKind::Layer)
            return out;
        if (mayHaveBias && (m_config.normBias || m_config.gguf)) // in a GGUF what is stored is meant
            out.bias = vector(full + ".bias", 0, size, size, m_config.normBias);
        out.bias.resize(size);
        return out;
    }

    Linear linear(const LinearNames& names, std::uint64_t rows, std::uint64_t cols)
    {
        Linear out;
        out.rows = rows;
        out.cols = cols;
        std::uint64_t done = 0;
        for (const RowsOf& part : names.parts) {
            if (m_error)
                return out;
            const std::string module = m_prefix + part.module;
            const auto found = tensor(module + ".weight", true, !names.transposed);
            if (!found)
                return out;
            const std::uint64_t stored = addSegment(out, *found, part, names.transposed, rows - done);
            if (names.bias != Bias::None) {
                const auto bias = vector(module + ".bias", part.first, part.count != 0 ? part.count : stored,
                                         totalRows(*found, names.transposed), names.bias == Bias::Stored);
                out.bias.insert(out.bias.end(), bias.begin(), bias.end());
            }
            done += stored;
        }
        if (!m_error && (done != rows || (!out.bias.empty() && out.bias.size() != rows)))
            error(errorOf(ErrorCode::ModelTensorShape, m_options.where,
                          said(names.parts.size() > 1 ? CORE_TEXT("reasons", "%1.weight and what stands beside it") : "%1.weight", names.parts.front().module),
                          fmt::format("[{}, {}]", done, cols), fmt::format("[{}, {}]", rows, cols)));
        return out;
    }

    [[nodiscard]] std::uint64_t totalRows(std::size_t tensor, bool transposed) const
    {
        const Matrix shape = matrixOf(m_source.tensors()[tensor]);
        return transposed ? shape.cols : shape.rows;
    }

    // Rows taken; at most `most`.
    std::uint64_t addSegment(Linear& out, std::size_t tensor, const RowsOf& part, bool transposed, std::uint64_t most)
    {
        const TensorInfo& info = m_source.tensors()[tensor];
        const Matrix shape = matrixOf(info);
        const std::uint64_t rows = transposed ? shape.cols : shape.rows, cols = transposed ? shape.rows : shape.cols;
        const std::uint64_t count = part.count != 0 ? part.count : rows;
        if (info.shape.size() < 2 || cols != out.cols || part.first + count > rows || count > most) {
            const std::uint64_t wanted = part.count != 0 ? part.first + part.count : most;
            shapeError(info, transposed ? fmt::format("[{}, {}]", out.cols, wanted) : fmt::format("[{}, {}]", wanted, out.cols));
            return 0;
        }
        const bool withFactors = isFloat8(info.dtype);
        const DType dtype = withFactors || kernels::multiplies(info.dtype) ? info.dtype : DType::F32;
        Float8Scales scales;
        if (withFactors) {
            auto read = readFloat8Scales(m_source, tensor, m_config, m_options.where);
            if (!read) {
                error(read.error());
                return 0;
            }
            scales = std::move(*read);
        }
        const std::string key = fmt::format("{}|{}+{}{}{}", m_source.fingerprint(tensor), part.first, count, transposed ? "T" : "", scales.key);
        SegmentPtr segment = known(key);
        if (!segment)
            segment = m_reader.add({tensor, part.first, count, cols, transposed}, dtype, key, std::move(scales.values), scales.grid);
        if (m_bound.segments.emplace(key, segment).second)
            m_bound.bytes += count * segment->stored.rowBytes();
        out.segments.push_back(segment);
        return count;
    }

    SegmentPtr known(const std::string& key) const
    {
        for (const SegmentMap* map : {static_cast<const SegmentMap*>(&m_bound.segments), m_options.known})
            if (map != nullptr)
                if (const auto found = map->find(key); found != map->end())
                    return found->second;
        return nullptr;
    }

    // llama.cpp stores what Llama 3 and Phi-3 change in the frequencies as tensors: divisors of them.
    void readRotaryFactors()
    {
        if (!m_config.gguf || m_config.ropes.empty() || m_error)
            return;
        RopeConfig& rope = m_config.ropes[0];
        const std::uint64_t size = rope.inverse.size();
        const auto divide = [&](const char* name, std::vector<float>& frequencies) {
            const std::vector<float> factors = vector(name, 0, size, size, false);
            for (std::size_t i = 0; i < factors.size(); ++i)
                frequencies[i] /= factors[i];
            return !factors.empty();
        };
        divide("rope_freqs.weight", rope.inverse);
        rope.longInverse = rope.inverse;
        if (divide("rope_factors_long.weight", rope.longInverse) && divide("rope_factors_short.weight", rope.inverse))
            rope.kind = RopeConfig::Kind::Long;
    }

    const TensorSource& m_source;
    ModelConfig& m_config;
    const BindOptions& m_options;
    std::string m_prefix;
    std::optional<Error> m_error;
    SegmentReader m_reader;
    Bound m_bound;
};

} // namespace

Result<Bound> bindWeights(const TensorSource& source, ModelConfig& config, const BindOptions& options, Progress& progress)
{
    return Binder(source, config, options).run(progress);
}

} // namespace wb
