#include "core/checkpoint/opennumpy.h"

#include "core/base/bytes.h"
#include "core/checkpoint/npyheader.h"
#include "core/checkpoint/zipdirectory.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>

namespace wb {
namespace {

constexpr std::string_view arrayMagic("\x93NUMPY", 6), zipMagic("PK\x03\x04", 4), ending = ".npy";
constexpr std::uint64_t localHeaderBytes = 30;

tl::unexpected<Error> wrong(const File& file, const Sentence& what) { return fail(ErrorCode::HeaderInvalid, file.path().string(), what); }

// Elements of a deflated entry, which has to be unpacked as a whole.
Result<std::vector<std::byte>> unpacked(const File& file, const ZipEntry& entry, const NpyHeader& header)
{
    auto content = readZipEntry(file, entry, mostDecodedBytes + mostNpyHeaderBytes);
    if (!content)
        return failure(content);
    const std::span<const std::byte> elements = std::as_bytes(std::span(*content)).subspan(header.length);
    return gathered(header.layout, {elements.begin(), elements.end()});
}

class NumpyReader {
public:
    NumpyReader(CheckpointContent& content, std::shared_ptr<const File> file, const std::function<bool(const TensorInfo&)>& wanted)
        : m_content(content), m_file(std::move(file)), m_wanted(wanted)
    {
    }

    // A file of one array is an entry that is all of it.
    Result<void> add(const ZipEntry& entry, std::string name)
    {
        auto begin = readZipBegin(*m_file, entry, mostNpyHeaderBytes);
        if (!begin)
            return failure(begin);
        auto header = readNpyHeader(*begin);
        if (!header)
            return wrong(*m_file, said("%1: %2", entry.name, header.error()));
        if (header->storedType.empty()) {
            m_others.push_back(said("%1: %2", name, kindOf(*header)));
            return {};
        }
        const std::uint64_t there = entry.bytes - header->length; // the header was read from it
        if (there != header->bytes)
            return wrong(*m_file, said(CORE_TEXT("reasons", "%1: its %2 elements take %3 bytes and %4 are there"), entry.name, header->elements, header->bytes, there));
        TensorInfo info;
        info.name = std::move(name);
        info.dtype = header->dtype;
        info.storedType = header->storedType;
        info.shape = header->layout.shape;
        info.elements = header->elements;
        info.bytes = header->bytes;
        info.at = {m_content.files.size(), entry.deflated ? entry.offset : entry.offset + header->length};
        if (!m_wanted(info))
            return {};
        const bool inPlace = !entry.deflated && header->layout.rowAfterRow() && !header->layout.bigEndian;
        if (!inPlace && info.bytes > mostDecodedBytes) {
            leaveOut(m_content, m_file->path().string(), info.name, said(CORE_TEXT("reasons", "%1 is packed or does not lie row after row, and its %2 bytes are more than are decoded in memory (%3)"), info.name, info.bytes, mostDecodedBytes));
            return {};
        }
        m_typeless += header->descr.find("V2") != std::string::npos ? 1U : 0U;
        if (!inPlace)
            info.at.decoder = decoderOf(entry, std::move(*header));
        m_content.tensors.push_back(std::move(info));
        return {};
    }

    // What is to be said of the whole.
    void finish(const std::string& where)
    {
        if (!m_others.empty())
            m_content.warnings.push_back(errorOf(ErrorCode::ValuesLeftOut, where, m_others.size(), m_others.front()));
        if (m_typeless != 0)
            m_content.warnings.push_back(errorOf(ErrorCode::ReadAsBfloat16, where, m_typeless));
    }

private:
    static Sentence kindOf(const NpyHeader& header)
    {
        return header.descr.empty() ? said(CORE_TEXT("reasons", "records")) : said(CORE_TEXT("reasons", "numpy's type %1"), header.descr);
    }

    std::size_t decoderOf(const ZipEntry& entry, NpyHeader header)
    {
        std::string key = fmt::format("{} {} {}", header.descr, entry.deflated ? entry.crc : 0, header.layout.rowAfterRow() ? "rows" : "columns");
        auto decode = [file = m_file, entry, header = std::move(header)]() -> Result<std::vector<std::byte>> {
            return entry.deflated ? unpacked(*file, entry, header) : readArray(*file, entry.offset + header.length, header.layout);
        };
        m_content.decoders.push_back(std::make_shared<const ArrayDecoder>(std::move(key), std::move(decode)));
        return m_content.decoders.size();
    }

    CheckpointContent& m_content;
    std::shared_ptr<const File> m_file;
    const std::function<bool(const TensorInfo&)>& m_wanted;
    std::vector<Sentence> m_others; // arrays that are not of numbers
    std::size_t m_typeless = 0;     // of two bytes without a type
};

bool beginsWith(const File& file, std::uint64_t at, std::string_view text)
{
    std::string there(text.size(), '\0');
    return at <= file.size() && file.size() - at >= text.size() && file.readAt(at, std::as_writable_bytes(std::span(there))) && there == text;
}

} // namespace

bool looksLikeNumpy(const File& file)
{
    if (beginsWith(file, 0, arrayMagic))
        return true;
    std::array<std::byte, localHeaderBytes> local{};
    if (!beginsWith(file, 0, zipMagic) || file.size() < local.size() || !file.readAt(0, local))
        return false;
    const std::uint64_t nameEnd = localHeaderBytes + load<std::uint16_t>(local.data() + 26);
    return beginsWith(file, nameEnd - ending.size(), ending);
}

Result<void> addNumpyFile(CheckpointContent& content, File file, const std::string& name, const std::function<bool(const TensorInfo&)>& wanted)
{
    const auto shared = std::make_shared<const File>(std::move(file));
    NumpyReader reader(content, shared, wanted);
    if (beginsWith(*shared, 0, arrayMagic)) {
        const ZipEntry whole{name, 0, shared->size(), shared->size(), 0, false};
        if (auto done = reader.add(whole, std::filesystem::path(name).stem().string()); !done)
            return done;
    } else {
        auto entries = readZipDirectory(*shared);
        if (!entries)
            return failure(entries);
        for (const ZipEntry& entry : *entries)
            if (entry.name.ends_with(ending))
                if (auto done = reader.add(entry, entry.name.substr(0, entry.name.size() - ending.size())); !done)
                    return done;
    }
    if (content.tensors.empty())
        return fail(ErrorCode::NotACheckpoint, shared->path().string(), said(CORE_TEXT("reasons", "no array of numbers is in it")));
    reader.finish(shared->path().string());
    content.format = Format::Numpy;
    content.files.push_back({shared, name, 0, shared->size(), {}});
    return {};
}

} // namespace wb
