#include "core/checkpoint/zipdirectory.h"

#include "core/base/bytes.h"

#include <algorithm>
#include <memory>
#include <set>

#include <zlib.h>

namespace wb {
namespace {

constexpr std::uint32_t endSignature = 0x06054b50, end64Signature = 0x06064b50, locatorSignature = 0x07064b50, centralSignature = 0x02014b50, localSignature = 0x04034b50;
constexpr std::uint64_t mostDirectoryBytes = 256U << 20, endBytes = 22, centralBytes = 46, localBytes = 30;

tl::unexpected<Error> wrong(const File& file, const Sentence& what) { return fail(ErrorCode::HeaderInvalid, file.path().string(), said("zip: %1", what)); }

struct Directory {
    std::uint64_t entries = 0, bytes = 0, offset = 0;
};

Result<std::string> bytesAt(const File& file, std::uint64_t offset, std::uint64_t count)
{
    if (offset > file.size() || count > file.size() - offset)
        return wrong(file, said(CORE_TEXT("reasons", "%1 bytes at %2 are past the end of %3"), count, offset, file.size()));
    std::string out(count, '\0');
    if (count != 0)
        if (auto done = file.readAt(offset, std::as_writable_bytes(std::span(out))); !done)
            return failure(done);
    return out;
}

template <typename T>
T in(std::string_view bytes, std::size_t at)
{
    return load<T>(reinterpret_cast<const std::byte*>(bytes.data()) + at);
}

// From the end: the record may be followed by a comment of up to 65,535 bytes.
Result<Directory> findDirectory(const File& file)
{
    const std::uint64_t tailBytes = std::min<std::uint64_t>(file.size(), endBytes + 65535);
    auto tail = bytesAt(file, file.size() - tailBytes, tailBytes);
    if (!tail)
        return failure(tail);
    for (std::size_t at = tail->size() < endBytes ? 0 : tail->size() - endBytes + 1; at-- > 0;) {
        if (in<std::uint32_t>(*tail, at) != endSignature || at + endBytes + in<std::uint16_t>(*tail, at + 20) != tail->size())
            continue;
        if (in<std::uint16_t>(*tail, at + 4) != 0 || in<std::uint16_t>(*tail, at + 6) != 0)
            return wrong(file, said(CORE_TEXT("reasons", "it is one of several disks")));
        Directory directory{in<std::uint16_t>(*tail, at + 10), in<std::uint32_t>(*tail, at + 12), in<std::uint32_t>(*tail, at + 16)};
        const std::uint64_t record = file.size() - tailBytes + at;
        if (record < 20)
            return directory;
        auto locator = bytesAt(file, record - 20, 20);
        if (!locator || in<std::uint32_t>(*locator, 0) != locatorSignature)
            return directory;
        auto wide = bytesAt(file, in<std::uint64_t>(*locator, 8), 56);
        if (!wide || in<std::uint32_t>(*wide, 0) != end64Signature)
            return wrong(file, said(CORE_TEXT("reasons", "its 64-bit end record is missing")));
        return Directory{in<std::uint64_t>(*wide, 32), in<std::uint64_t>(*wide, 40), in<std::uint64_t>(*wide, 48)};
    }
    return wrong(file, said(CORE_TEXT("reasons", "there is no end record")));
}

struct Central {
    ZipEntry entry;
    std::uint64_t local = 0;
    std::uint16_t flags = 0, method = 0;
};

// Sizes and offset of more than 32 bits stand in the extra field 1, in this order, each only where its short form is all ones.
bool takeWide(std::string_view extra, std::uint64_t& whole, std::uint64_t& packed, std::uint64_t& local)
{
    constexpr std::uint64_t none = 0xffffffff;
    for (std::size_t at = 0; at + 4 <= extra.size();) {
        const std::size_t id = in<std::uint16_t>(extra, at), size = in<std::uint16_t>(extra, at + 2);
        if (at + 4 + size > extra.size())
            return false;
        std::size_t from = at + 4;
        const std::size_t end = from + size;
        if (id == 1)
            for (std::uint64_t* value : {&whole, &packed, &local})
                if (*value == none && from + 8 <= end) {
                    *value = in<std::uint64_t>(extra, from);
                    from += 8;
                }
        at = end;
    }
    return whole != none && packed != none && local != none;
}

bool isSafeName(const std::string& name)
{
    return !name.empty() && name.front() != '/' && name.find('\\') == std::string::npos && name.find('\0') == std::string::npos && name != ".." && !name.starts_with("../") &&
           !name.ends_with("/..") && name.find("/../") == std::string::npos;
}

Result<Central> centralAt(const File& file, std::string_view bytes, std::size_t& at)
{
    if (bytes.size() - at < centralBytes || in<std::uint32_t>(bytes, at) != centralSignature)
        return wrong(file, said(CORE_TEXT("reasons", "byte %1 of its directory begins no entry"), at));
    const std::size_t name = in<std::uint16_t>(bytes, at + 28), extra = in<std::uint16_t>(bytes, at + 30), comment = in<std::uint16_t>(bytes, at + 32);
    if (bytes.size() - at - centralBytes < name + extra + comment)
        return wrong(file, said(CORE_TEXT("reasons", "its directory ends inside an entry")));
    Central out;
    out.flags = in<std::uint16_t>(bytes, at + 8);
    out.method = in<std::uint16_t>(bytes, at + 10);
    out.entry.crc = in<std::uint32_t>(bytes, at + 16);
    std::uint64_t packed = in<std::uint32_t>(bytes, at + 20), whole = in<std::uint32_t>(bytes, at + 24);
    out.local = in<std::uint32_t>(bytes, at + 42);
    out.entry.name = std::string(bytes.substr(at + centralBytes, name));
    if (!takeWide(bytes.substr(at + centralBytes + name, extra), whole, packed, out.local))
        return wrong(file, said(CORE_TEXT("reasons", "an entry lacks its 64-bit sizes")));
    at += centralBytes + name + extra + comment;
    if (!isSafeName(out.entry.name))
        return wrong(file, said(CORE_TEXT("reasons", "an entry has a name that leaves its folder")));
    if ((out.flags & 0x2041U) != 0)
        return wrong(file, said(CORE_TEXT("reasons", "%1 is encrypted"), out.entry.name));
    out.entry.deflated = out.method == 8;
    if ((out.method != 0 && !out.entry.deflated) || (out.method == 0 && whole != packed))
        return wrong(file, said(CORE_TEXT("reasons", "%1 is packed by method %2; only stored and deflated entries are read"), out.entry.name, out.method));
    out.entry.stored = packed;
    out.entry.bytes = whole;
    return out;
}

// The local header must tell the same; sizes of 0 there are said after the data (flag 8).
Result<void> findData(const File& file, Central& central)
{
    auto header = bytesAt(file, central.local, localBytes);
    if (!header)
        return failure(header);
    const std::size_t name = in<std::uint16_t>(*header, 26), extra = in<std::uint16_t>(*header, 28);
    auto rest = bytesAt(file, central.local + localBytes, name + extra);
    if (!rest)
        return failure(rest);
    ZipEntry& entry = central.entry;
    const std::uint32_t packed = in<std::uint32_t>(*header, 18), whole = in<std::uint32_t>(*header, 22);
    const bool later = (central.flags & 8U) != 0;
    const auto agrees = [&](std::uint32_t size, std::uint64_t with) { return size == with || size == 0xffffffff || (later && size == 0); };
    if (in<std::uint32_t>(*header, 0) != localSignature || in<std::uint16_t>(*header, 8) != central.method || std::string_view(*rest).substr(0, name) != entry.name || !agrees(packed, entry.stored) || !agrees(whole, entry.bytes))
        return wrong(file, said(CORE_TEXT("reasons", "the local header of %1 contradicts the directory"), entry.name));
    entry.offset = central.local + localBytes + name + extra;
    if (entry.offset > file.size() || entry.stored > file.size() - entry.offset)
        return wrong(file, said(CORE_TEXT("reasons", "%1 reaches past the end of the file"), entry.name));
    return {};
}

// The first `count` bytes of the content of a deflated entry, or fewer where it ends before.
Result<std::string> inflated(const File& file, const ZipEntry& entry, std::uint64_t count)
{
    constexpr std::uint64_t piece = 1U << 20;
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return fail(ErrorCode::OutOfMemory, file.path().string(), sizeof stream);
    const std::unique_ptr<z_stream, int (*)(z_stream*)> ends(&stream, &inflateEnd);
    std::string out, in; // `out` grows with what is there: what the directory claims may be anything
    std::uint64_t done = 0, read = 0;
    for (int state = Z_OK; state != Z_STREAM_END && done < count;) {
        if (stream.avail_in == 0 && read < entry.stored) {
            auto next = bytesAt(file, entry.offset + read, std::min(piece, entry.stored - read));
            if (!next)
                return failure(next);
            in = std::move(*next);
            read += in.size();
            stream.next_in = reinterpret_cast<Bytef*>(in.data());
            stream.avail_in = static_cast<uInt>(in.size());
        }
        const auto room = static_cast<uInt>(std::min(piece, count - done));
        out.resize(done + room);
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + done);
        stream.avail_out = room;
        state = ::inflate(&stream, Z_NO_FLUSH);
        done += room - stream.avail_out;
        if (state != Z_OK && state != Z_STREAM_END)
            return wrong(file, said(CORE_TEXT("reasons", "%1 is damaged after %2 bytes of its content"), entry.name, done));
    }
    out.resize(done);
    return out;
}

} // namespace

Result<std::vector<ZipEntry>> readZipDirectory(const File& file)
{
    auto directory = findDirectory(file);
    if (!directory)
        return failure(directory);
    if (directory->bytes > mostDirectoryBytes || directory->entries > directory->bytes / centralBytes)
        return wrong(file, said(CORE_TEXT("reasons", "%1 entries in %2 bytes of directory cannot be"), directory->entries, directory->bytes));
    auto bytes = bytesAt(file, directory->offset, directory->bytes);
    if (!bytes)
        return failure(bytes);
    std::vector<Central> all;
    std::set<std::string> names;
    for (std::size_t at = 0; all.size() < directory->entries;) {
        auto central = centralAt(file, *bytes, at);
        if (!central)
            return failure(central);
        if (auto found = findData(file, *central); !found)
            return failure(found);
        if (!names.insert(central->entry.name).second)
            return wrong(file, said(CORE_TEXT("reasons", "%1 is there twice"), central->entry.name));
        all.push_back(std::move(*central));
    }
    std::vector<const Central*> byPlace;
    for (const Central& central : all)
        byPlace.push_back(&central);
    std::ranges::sort(byPlace, {}, &Central::local);
    for (std::size_t i = 1; i < byPlace.size(); ++i)
        if (byPlace[i - 1]->entry.offset + byPlace[i - 1]->entry.stored > byPlace[i]->local)
            return wrong(file, said(CORE_TEXT("reasons", "%1 and %2 overlap"), byPlace[i - 1]->entry.name, byPlace[i]->entry.name));
    std::vector<ZipEntry> out;
    for (Central& central : all)
        out.push_back(std::move(central.entry));
    return out;
}

Result<std::string> readZipBegin(const File& file, const ZipEntry& entry, std::uint64_t count)
{
    count = std::min(count, entry.bytes);
    return entry.deflated ? inflated(file, entry, count) : bytesAt(file, entry.offset, count);
}

Result<std::string> readZipEntry(const File& file, const ZipEntry& entry, std::uint64_t limit)
{
    if (entry.bytes > limit)
        return wrong(file, said(CORE_TEXT("reasons", "%1 has %2 bytes and %3 is the most that is read"), entry.name, entry.bytes, limit));
    auto bytes = readZipBegin(file, entry, entry.bytes);
    if (bytes && bytes->size() != entry.bytes)
        return wrong(file, said(CORE_TEXT("reasons", "%1 unpacks to %2 bytes and should have %3"), entry.name, bytes->size(), entry.bytes));
    if (bytes && entry.crc != 0 && crc32(*bytes) != entry.crc)
        return wrong(file, said(CORE_TEXT("reasons", "%1 does not have its checksum"), entry.name));
    return bytes;
}

std::uint32_t crc32(std::string_view bytes)
{
    return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string zipOf(const std::vector<std::pair<std::string, std::string>>& entries)
{
    const auto add = [](std::string& out, auto... values) {
        const auto one = [&out](auto value) { out.append(reinterpret_cast<const char*>(&value), sizeof value); };
        (one(values), ...);
    };
    using U16 = std::uint16_t;
    using U32 = std::uint32_t;
    std::string out, directory;
    for (const auto& [name, content] : entries) {
        const auto local = static_cast<U32>(out.size()), size = static_cast<U32>(content.size()), crc = crc32(content);
        const std::size_t unpadded = out.size() + localBytes + name.size() + 4; // the extra field "FB" fills up to the next 64
        const std::string fill((64 - unpadded % 64) % 64, 'Z');
        add(out, localSignature, U16{20}, U16{0x800}, U16{0}, U16{0}, U16{0}, crc, size, size, static_cast<U16>(name.size()), static_cast<U16>(4 + fill.size()));
        out += name + "FB";
        add(out, static_cast<U16>(fill.size()));
        out += fill + content;
        add(directory, centralSignature, U16{20}, U16{20}, U16{0x800}, U16{0}, U16{0}, U16{0}, crc, size, size, static_cast<U16>(name.size()), U16{0}, U16{0}, U16{0}, U16{0}, U32{0}, local);
        directory += name;
    }
    const auto at = static_cast<U32>(out.size()), count = static_cast<U32>(entries.size());
    out += directory;
    add(out, endSignature, U16{0}, U16{0}, static_cast<U16>(count), static_cast<U16>(count), static_cast<U32>(directory.size()), at, U16{0});
    return out;
}

} // namespace wb
