#include "core/model/segmentreader.h"

#include "core/base/bytes.h"
#include "core/base/parallel.h"
#include "core/tensor/decode.h"

#include <sys/mman.h>

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

} // namespace

SegmentPtr SegmentReader::add(const TensorPart& part, DType dtype, const std::string& key, std::vector<float> factors, kernels::Float8Factors grid)
{
    grid.firstRow = part.firstRow;
    auto made = std::make_shared<Segment>(kernels::StoredRows{dtype, nullptr, part.rows, part.cols, grid}, key, nullptr, std::move(factors));
    made->stored.factors.values = made->factors.data();
    m_pending.push_back({made, part, m_bytes});
    m_bytes += (part.rows * made->stored.rowBytes() + lineBytes - 1) / lineBytes * lineBytes;
    return made;
}

Result<void> SegmentReader::read(Progress& progress)
{
    struct Piece {
        const Pending* of;
        std::uint64_t first, rows;
    };
    if (m_pending.empty())
        return {};
    const std::shared_ptr<std::byte> memory = allocate(m_bytes);
    if (!memory)
        return fail(ErrorCode::OutOfMemory, m_where, std::to_string(m_bytes));
    std::vector<Piece> pieces;
    for (const Pending& pending : m_pending) {
        kernels::StoredRows& stored = pending.segment->stored;
        stored.bytes = memory.get() + pending.offset;
        pending.segment->memory = {memory, memory.get() + pending.offset};
        const std::uint64_t each = pending.part.transposed ? stored.rows : std::max<std::uint64_t>(1, pieceBytes / std::max<std::size_t>(1, stored.rowBytes()));
        for (std::uint64_t row = 0; row < stored.rows; row += each)
            pieces.push_back({&pending, row, std::min<std::uint64_t>(each, stored.rows - row)});
    }
    progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, m_bytes);
    return forChunks(
        pieces.size(), [] { return 0; },
        [&](int, std::size_t i) -> Result<void> {
            const Piece& piece = pieces[i];
            if (auto done = piece.of->part.transposed ? readTransposed(*piece.of) : readRows(*piece.of, piece.first, piece.rows); !done)
                return done;
            if (!progress.advance(piece.rows * piece.of->segment->stored.rowBytes()))
                return cancelledError();
            return {};
        },
        [](int) {});
}

Result<void> SegmentReader::readRows(const Pending& pending, std::uint64_t first, std::uint64_t rows) const
{
    const kernels::StoredRows& stored = pending.segment->stored;
    const DType dtype = m_source.tensors()[pending.part.tensor].dtype;
    std::byte* to = pending.segment->memory.get() + first * stored.rowBytes();
    const std::uint64_t row = pending.part.firstRow + first;
    if (dtype == stored.dtype) {
        const std::uint64_t units = stored.cols / unitElements(dtype);
        return m_source.read(pending.part.tensor, {row * units, rows * units}, {to, rows * stored.rowBytes()});
    }
    std::vector<double> values(rows * stored.cols);
    if (auto done = readValues(m_source, pending.part.tensor, row * stored.cols, values); !done)
        return done;
    auto* floats = reinterpret_cast<float*>(to);
    for (std::size_t i = 0; i < values.size(); ++i)
        floats[i] = static_cast<float>(values[i]);
    return {};
}

// Stored (cols, rows): some of its rows are read at a time, and a block of them turned.
Result<void> SegmentReader::readTransposed(const Pending& pending) const
{
    const kernels::StoredRows& stored = pending.segment->stored;
    const TensorInfo& info = m_source.tensors()[pending.part.tensor];
    if (hasFactors(info.dtype)) // of the rows as they are stored
        return fail(ErrorCode::OpaqueDtype, m_where, info.name, info.storedType);
    const bool widened = info.dtype != stored.dtype;
    const std::size_t size = unitBytes(stored.dtype), all = matrixOf(info).cols;
    std::byte* to = pending.segment->memory.get();
    constexpr std::size_t block = 32;
    std::vector<std::byte> bytes;
    std::vector<double> values;
    for (std::size_t col0 = 0; col0 < stored.cols; col0 += block) {
        const std::size_t cols = std::min(stored.cols - col0, block);
        bytes.resize(cols * all * size);
        values.resize(widened ? cols * all : 0);
        auto done = widened ? readValues(m_source, pending.part.tensor, col0 * all, values) : m_source.read(pending.part.tensor, {col0 * all, cols * all}, bytes);
        if (!done)
            return done;
        for (std::size_t i = 0; i < values.size(); ++i)
            store(bytes.data() + i * sizeof(float), static_cast<float>(values[i]));
        for (std::size_t row = 0; row < stored.rows; ++row)
            for (std::size_t col = 0; col < cols; ++col)
                std::memcpy(to + (row * stored.cols + col0 + col) * size, bytes.data() + (col * all + pending.part.firstRow + row) * size, size);
    }
    return {};
}

} // namespace wb
