#include "core/model/weights.h"

#include "core/base/parallel.h"
#include "core/model/arch/family.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <array>
#include <cstring>

namespace wb {
namespace {

constexpr std::uint64_t pieceBytes = 8U << 20;
constexpr std::size_t lineBytes = 64;

// Large pages matter for streaming: 27 → 35 GB/s on small matrices. Readable a little past its end, for prefetches.
std::shared_ptr<std::byte> allocate(std::uint64_t bytes)
{
    constexpr std::uint64_t page = 2U << 20;
    const std::uint64_t size = (bytes + page) / page * page;
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return nullptr;
    madvise(memory, size, MADV_HUGEPAGE);
    return {static_cast<std::byte*>(memory), [size](std::byte* at) { munmap(at, size); }};
}

// A part that has to be read: where from and where to.
struct Pending {
    std::shared_ptr<Segment> segment;
    std::size_t tensor = 0;
    std::uint64_t firstRow = 0;
    bool transposed = false;
    std::uint64_t offset = 0; // in the memory made for all of them
};

class Binder {
public:
    Binder(const TensorSource& source, ModelConfig& config, const BindOptions& options)
        : m_source(source), m_config(config), m_options(options)
    {
    }

    Result<Bound> run(Progress& progress)
    {
        bind();
        if (m_error)
            return tl::unexpected(*m_error);
        const std::uint64_t needed = m_bound.newBytes + m_options.runBytes;
        if (m_options.maxBytes != 0 && needed > m_options.maxBytes)
            return fail(ErrorCode::MemoryLimit, m_options.where, std::to_string(needed), std::to_string(m_options.maxBytes));
        if (!m_options.readMatrices)
            return std::move(m_bound);
        if (auto done = readAll(progress); !done)
            return failure(done);
        return std::move(m_bound);
    }

private:
    void error(Error what)
    {
        if (!m_error)
            m_error = std::move(what);
    }

    void bind()
    {
        const Family* family = findFamily(m_config.family);
        const ModelNames names = m_config.gguf ? ggufNames() : family->names();
        findPrefix(names);
        Weights& weights = m_bound.weights;
        weights.embedding = linear({{{names.embedding}}}, m_config.vocabulary, m_config.width);
        if (m_config.learnedPositions)
            weights.positions = linear({{{names.positions}}}, m_config.maxPositions, m_config.width);
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
        if (m_config.tied && (!stored || !m_options.readMatrices || isEmbedding(*stored))) {
            weights.head = weights.embedding;
            return;
        }
        m_config.tied = false;
        const std::string body = std::exchange(m_prefix, ""); // the name is whole
        weights.head = linear({{{name}}}, m_config.vocabulary, m_config.width);
        m_prefix = body;
    }

    bool isEmbedding(std::size_t head)
    {
        const auto embedding = m_source.find(m_prefix + (m_config.gguf ? ggufNames() : findFamily(m_config.family)->names()).embedding + ".weight");
        if (!embedding || m_error)
            return true;
        const TensorInfo& a = m_source.tensors()[*embedding];
        const TensorInfo& b = m_source.tensors()[head];
        if (a.dtype != b.dtype || a.bytes != b.bytes)
            return false;
        std::vector<std::byte> left, right;
        const std::uint64_t unit = unitBytes(a.dtype), each = pieceBytes / unit;
        for (std::uint64_t first = 0; first < a.units(); first += each) {
            const UnitRange range{first, std::min(each, a.units() - first)};
            left.resize(range.count * unit);
            right.resize(left.size());
            for (const auto& [tensor, bytes] : {std::pair(*embedding, &left), std::pair(head, &right)})
                if (auto done = m_source.read(tensor, range, *bytes); !done)
                    error(done.error());
            if (left != right)
                return false;
        }
        return true;
    }

    void bindLayer(LayerWeights& weights, const LayerConfig& shape, const LayerNames& names)
    {
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
        weights.queryNorm = norm(names.queryNorm, attention.headDim, !optional);
        weights.keyNorm = norm(names.keyNorm, attention.headDim, !optional);
        weights.qkv = linear(names.qkv, heads + 2 * shared, width);
        weights.output = linear(names.output, width, heads);
        if (shape.feedForward.kind != FeedForwardKind::Experts) {
            weights.up = linear(names.up, upRows, width);
            weights.down = linear(names.down, width, inner);
            return;
        }
        weights.router = linear(names.router, shape.feedForward.experts, width);
        for (const ExpertNames& expert : names.experts)
            weights.experts.push_back({linear(expert.up, upRows, width), linear(expert.down, width, inner)});
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

    std::optional<std::size_t> tensor(const std::string& name, bool required)
    {
        const auto found = m_source.find(name);
        if (!found) {
            if (required)
                error({ErrorCode::ModelTensorMissing, m_options.where, {m_config.family, name}});
            return std::nullopt;
        }
        const TensorInfo& info = m_source.tensors()[*found];
        if (info.dtype == DType::Opaque) {
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

    Norm norm(const std::string& name, std::uint64_t size, bool required)
    {
        Norm out;
        if (name.empty())
            return out;
        const std::string full = m_prefix + name;
        out.gain = vector(full + ".weight", 0, size, size, required);
        for (float& gain : out.gain)
            gain += m_config.gainOffset;
        if (!out.gain.empty() && m_config.norm == NormKind::Layer)
            out.bias = vector(full + ".bias", 0, size, size, true);
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
            const auto found = tensor(module + ".weight", true);
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
            error({ErrorCode::ModelTensorShape, m_options.where,
                   {names.parts.front().module + (names.parts.size() > 1 ? ".weight and what stands beside it" : ".weight"),
                    fmt::format("[{}, {}]", done, cols), fmt::format("[{}, {}]", rows, cols)}});
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
        const DType dtype = kernels::multiplies(info.dtype) ? info.dtype : DType::F32;
        const std::string key = fmt::format("{}|{}+{}{}", m_source.fingerprint(tensor), part.first, count, transposed ? "T" : "");
        SegmentPtr segment = known(key);
        if (!segment) {
            auto made = std::make_shared<Segment>(Segment{{dtype, nullptr, count, cols}, key, nullptr});
            m_pending.push_back({made, tensor, part.first, transposed, m_bound.newBytes});
            m_bound.newBytes += (count * made->stored.rowBytes() + lineBytes - 1) / lineBytes * lineBytes;
            segment = made;
        }
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

    Result<void> readAll(Progress& progress)
    {
        struct Piece {
            const Pending* of;
            std::uint64_t first, rows;
        };
        if (m_pending.empty())
            return {};
        const std::shared_ptr<std::byte> memory = allocate(m_bound.newBytes);
        if (!memory)
            return fail(ErrorCode::OutOfMemory, m_options.where, std::to_string(m_bound.newBytes));
        std::vector<Piece> pieces;
        for (const Pending& pending : m_pending) {
            kernels::StoredRows& stored = pending.segment->stored;
            stored.bytes = memory.get() + pending.offset;
            pending.segment->memory = {memory, memory.get() + pending.offset};
            const std::uint64_t each = pending.transposed ? stored.rows : std::max<std::uint64_t>(1, pieceBytes / std::max<std::size_t>(1, stored.rowBytes()));
            for (std::uint64_t row = 0; row < stored.rows; row += each)
                pieces.push_back({&pending, row, std::min<std::uint64_t>(each, stored.rows - row)});
        }
        progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, m_bound.newBytes);
        return forChunks(
            pieces.size(), [] { return 0; },
            [&](int, std::size_t i) -> Result<void> {
                const Piece& piece = pieces[i];
                if (auto done = piece.of->transposed ? readTransposed(*piece.of) : readRows(*piece.of, piece.first, piece.rows); !done)
                    return done;
                if (!progress.advance(piece.rows * piece.of->segment->stored.rowBytes()))
                    return cancelledError();
                return {};
            },
            [](int) {});
    }

    Result<void> readRows(const Pending& pending, std::uint64_t first, std::uint64_t rows) const
    {
        const kernels::StoredRows& stored = pending.segment->stored;
        const DType dtype = m_source.tensors()[pending.tensor].dtype;
        std::byte* to = pending.segment->memory.get() + first * stored.rowBytes();
        const std::uint64_t row = pending.firstRow + first;
        if (dtype == stored.dtype) {
            const std::uint64_t units = stored.cols / unitElements(dtype);
            return m_source.read(pending.tensor, {row * units, rows * units}, {to, rows * stored.rowBytes()});
        }
        std::vector<double> values(rows * stored.cols);
        if (auto done = readValues(m_source, pending.tensor, row * stored.cols, values); !done)
            return done;
        auto* floats = reinterpret_cast<float*>(to);
        for (std::size_t i = 0; i < values.size(); ++i)
            floats[i] = static_cast<float>(values[i]);
        return {};
    }

    // Stored (cols, rows): the whole tensor is read, and a block at a time turned.
    Result<void> readTransposed(const Pending& pending) const
    {
        const kernels::StoredRows& stored = pending.segment->stored;
        const TensorInfo& info = m_source.tensors()[pending.tensor];
        if (info.dtype != stored.dtype || isQuantised(info.dtype))
            return fail(ErrorCode::OpaqueDtype, m_options.where, info.name, info.storedType);
        std::vector<std::byte> bytes(info.bytes);
        if (auto done = m_source.read(pending.tensor, {0, info.units()}, bytes); !done)
            return done;
        const std::size_t size = unitBytes(info.dtype), all = matrixOf(info).cols;
        std::byte* to = pending.segment->memory.get();
        constexpr std::size_t block = 32;
        for (std::size_t col0 = 0; col0 < stored.cols; col0 += block)
            for (std::size_t row = 0; row < stored.rows; ++row)
                for (std::size_t col = col0; col < std::min(stored.cols, col0 + block); ++col)
                    std::memcpy(to + (row * stored.cols + col) * size, bytes.data() + (col * all + pending.firstRow + row) * size, size);
        return {};
    }

    const TensorSource& m_source;
    ModelConfig& m_config;
    const BindOptions& m_options;
    std::string m_prefix;
    std::optional<Error> m_error;
    std::vector<Pending> m_pending;
    Bound m_bound;
};

} // namespace

Result<Bound> bindWeights(const TensorSource& source, ModelConfig& config, const BindOptions& options, Progress& progress)
{
    return Binder(source, config, options).run(progress);
}

} // namespace wb
