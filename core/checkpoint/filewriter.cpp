#include "core/checkpoint/filewriter.h"

#include "core/base/because.h"
#include "core/base/parallel.h"
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/orderedhash.h"
#include "core/checkpoint/safetensors.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include <fcntl.h>

namespace wb {
namespace {

constexpr std::uint64_t pieceBytes = std::uint64_t{1} << 18; // about: of a tensor whole units
constexpr std::size_t piecesInFlight = 8; // made and not yet hashed
constexpr std::size_t piecesAFlush = 32;

// What the strict reader of the file's format says against it.
std::optional<Error> headerProblem(const File& file)
{
    if (looksLikeGguf(file)) {
        auto header = readGguf(file, false);
        return header ? std::nullopt : std::optional(header.error());
    }
    auto header = readSafetensors(file, false);
    return header ? std::nullopt : std::optional(header.error());
}

} // namespace

FileWriter::FileWriter(const Checkpoint& layout, const FilePlan& plan, const TensorSource& edited,
                       const std::vector<std::size_t>& touched, std::vector<TouchedTensor>& findings)
    : m_layout(layout), m_plan(plan), m_edited(edited), m_findings(findings)
{
    plan.header.empty() ? keepSource(touched) : layOutAnew();
}

void FileWriter::keepSource(const std::vector<std::size_t>& touched)
{
    std::vector<std::size_t> here;
    for (const std::size_t tensor : touched)
        if (m_layout.tensors()[tensor].at.file == m_plan.source && m_layout.tensors()[tensor].bytes != 0)
            here.push_back(tensor);
    std::ranges::sort(here, {}, [&](std::size_t tensor) { return m_layout.tensors()[tensor].at.offset; });
    for (const std::size_t tensor : here) {
        const TensorInfo& info = m_layout.tensors()[tensor];
        addPieces(From::Source, info.at.offset - m_bytes);
        addPieces(From::Tensor, info.bytes, tensor);
    }
    addPieces(From::Source, m_plan.bytes - m_bytes);
}

void FileWriter::layOutAnew()
{
    addPieces(From::Header, m_plan.header.size());
    for (const std::size_t tensor : m_plan.tensors) {
        addPieces(From::Tensor, m_edited.tensors()[tensor].bytes, tensor);
        addPieces(From::Padding, (m_plan.alignment - m_bytes % m_plan.alignment) % m_plan.alignment);
    }
}

void FileWriter::addPieces(From from, std::uint64_t bytes, std::size_t tensor)
{
    const std::uint64_t unit = from == From::Tensor ? unitBytes(m_edited.tensors()[tensor].dtype) : 1;
    const std::uint64_t step = pieceBytes / unit * unit;
    for (std::uint64_t done = 0; done < bytes; done += step) {
        Piece piece{from, m_bytes + done, std::min(step, bytes - done), tensor, {}, {}};
        if (from == From::Tensor)
            piece.range = {done / unit, piece.bytes / unit};
        m_pieces.push_back(piece);
    }
    m_bytes += bytes;
}

Result<void> FileWriter::produce(Piece& piece, std::vector<std::byte>& bytes) const
{
    bytes.resize(piece.bytes);
    Result<void> done;
    if (piece.from == From::Padding)
        std::ranges::fill(bytes, std::byte{0});
    else if (piece.from == From::Header)
        std::memcpy(bytes.data(), m_plan.header.data() + piece.offset, piece.bytes);
    else if (piece.from == From::Source)
        done = m_layout.files()[m_plan.source].file->readAt(piece.offset, bytes);
    else
        done = produceTensor(piece, bytes);
    piece.hash = xxh3Of(bytes);
    return done;
}

// The result, and what it is beside the source: changed at all, and no longer finite. The source is read as long as one of
// these is open: of a tensor that is known to be changed only where the result has NaN or infinities.
Result<void> FileWriter::produceTensor(const Piece& piece, std::span<std::byte> bytes) const
{
    if (auto done = m_edited.read(piece.tensor, piece.range, bytes); !done)
        return done;
    TouchedTensor& found = m_findings[piece.tensor];
    const std::uint64_t bad = countNonFinite(m_edited.tensors()[piece.tensor].dtype, bytes);
    found.nonFinite += bad;
    if (m_layout.tensors()[piece.tensor].dtype != m_edited.tensors()[piece.tensor].dtype)
        found.changed = true;
    return found.changed && bad == 0 ? Result<void>() : compareTensor(piece, bytes, bad);
}

Result<void> FileWriter::compareTensor(const Piece& piece, std::span<const std::byte> bytes, std::uint64_t bad) const
{
    const DType before = m_layout.tensors()[piece.tensor].dtype, after = m_edited.tensors()[piece.tensor].dtype;
    thread_local std::vector<std::byte> source;
    const std::uint64_t perUnit = unitElements(before) / unitElements(after); // a quantised tensor that is written as numbers
    const UnitRange range{piece.range.first / perUnit, piece.range.count / perUnit}; // pieces are whole rows of blocks
    source.resize(range.count * unitBytes(before));
    if (auto done = m_layout.read(piece.tensor, range, source); !done)
        return done;
    TouchedTensor& found = m_findings[piece.tensor];
    if (before != after || !std::ranges::equal(source, bytes))
        found.changed = true;
    if (bad == 0)
        return {};
    // A conversion keeps NaN and infinities, so of another type the excess is what is new.
    const std::uint64_t was = countNonFinite(before, source) * perUnit;
    found.newNonFinite += before == after ? countNewNonFinite(after, source, bytes) : bad - std::min(bad, was);
    return {};
}

Result<void> FileWriter::write(const std::filesystem::path& path, const FileCalls& calls, Progress& progress)
{
    m_path = path;
    auto output = OutputFile::create(path, m_bytes, calls);
    if (!output)
        return failure(output);
    m_output.emplace(std::move(*output));
    OrderedHash sha(piecesInFlight);
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::optional<Error> error;
    parallelFor(threadCount(), [&](std::size_t) {
        for (std::size_t i = next++; i < m_pieces.size(); i = next++) {
            std::vector<std::byte>* bytes = sha.begin(i);
            if (bytes == nullptr)
                return;
            if (auto done = writePiece(i, *bytes, progress); !done) {
                const std::lock_guard lock(mutex);
                error = done.error();
                sha.stop();
                return;
            }
            sha.done(i);
        }
    });
    if (error)
        return tl::unexpected(*error);
    m_sha256 = sha.finish();
    return {};
}

Result<void> FileWriter::writePiece(std::size_t index, std::vector<std::byte>& bytes, Progress& progress)
{
    Piece& piece = m_pieces[index];
    if (auto done = produce(piece, bytes); !done)
        return done;
    if (auto done = m_output->writeAt(piece.offset, bytes); !done)
        return done;
    if ((index + 1) % piecesAFlush == 0) // let the device begin, so that fsync has little left to do
        ::sync_file_range(m_output->descriptor(), 0, 0, SYNC_FILE_RANGE_WRITE);
    return progress.advance(piece.bytes) ? Result<void>() : cancelledError();
}

Result<void> FileWriter::readBack(bool fromDisk, Progress& progress) const
{
    auto file = File::open(m_path);
    if (!file)
        return failure(file);
    if (fromDisk)
        file->dropCache();
    if (file->size() != m_bytes)
        return fail(ErrorCode::VerifyFailed, m_path.string(),
                    said(CORE_TEXT("reasons", "it has %1 bytes and %2 were written"), file->size(), m_bytes));
    if (const auto problem = headerProblem(*file))
        return fail(ErrorCode::VerifyFailed, m_path.string(), because(*problem));
    return forChunks(
        m_pieces.size(), [] { return std::vector<std::byte>(); },
        [&](std::vector<std::byte>& bytes, std::size_t i) -> Result<void> {
            bytes.resize(m_pieces[i].bytes);
            if (auto done = file->readAt(m_pieces[i].offset, bytes); !done)
                return done;
            if (xxh3Of(bytes) != m_pieces[i].hash)
                return fail(ErrorCode::VerifyFailed, m_path.string(),
                            said(CORE_TEXT("reasons", "bytes %1 and following read back otherwise"), m_pieces[i].offset));
            return progress.advance(bytes.size()) ? Result<void>() : cancelledError();
        },
        [](std::vector<std::byte>&) {});
}

} // namespace wb
