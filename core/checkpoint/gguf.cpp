#include "core/checkpoint/gguf.h"

#include "core/checkpoint/ggmltypes.h"
#include "core/checkpoint/ggufcursor.h"

#include <cstring>
#include <unordered_set>

namespace wb {
namespace {

constexpr std::uint64_t maxKeys = 100'000, maxTensors = 1'000'000, maxKeyBytes = 65'535, maxNameBytes = 4'096;
constexpr std::uint64_t maxValueBytes = 256U << 20; // of all values together
constexpr std::uint32_t maxRank = 4;
constexpr std::uint64_t maxAlignment = 65'536;

class GgufReader {
public:
    GgufReader(const File& file, bool limits) : m_file(file), m_where(file.path().string()), m_limits(limits), m_cursor(file, 0) {}

    Result<GgufHeader> read()
    {
        using Step = Result<void> (GgufReader::*)();
        for (const Step step : {&GgufReader::readBegin, &GgufReader::readKeys, &GgufReader::readAlignment, &GgufReader::readTensors,
                                &GgufReader::checkRanges})
            if (auto done = (this->*step)(); !done)
                return failure(done);
        return std::move(m_header);
    }

private:
    template <typename... Args>
    tl::unexpected<Error> refuse(ErrorCode code, const Args&... args) const
    {
        return fail(code, m_where, args...);
    }

    template <typename... Args>
    void warn(ErrorCode code, const Args&... args)
    {
        m_header.warnings.push_back(errorOf(code, m_where, args...));
    }

    Result<void> checkLimit(std::uint64_t value, std::uint64_t limit, const Sentence& what) const
    {
        return !m_limits || value <= limit ? Result<void>() : refuse(ErrorCode::HeaderLimit, what, value, limit);
    }

    Result<void> readBegin()
    {
        if (!looksLikeGguf(m_file))
            return refuse(ErrorCode::HeaderInvalid, said(CORE_TEXT("reasons", "it does not begin with GGUF")));
        if (auto done = m_cursor.skip(4); !done)
            return done;
        auto version = m_cursor.number<std::uint32_t>();
        if (!version)
            return failure(version);
        if ((*version & 0xFFFF) == 0 && *version != 0)
            return refuse(ErrorCode::HeaderInvalid, said(CORE_TEXT("reasons", "its version reads %1: it was written for big-endian machines"), *version));
        if (*version != 2 && *version != 3)
            return refuse(ErrorCode::HeaderInvalid, said(CORE_TEXT("reasons", "its version is %1 and only 2 and 3 are read"), *version));
        m_header.version = *version;
        auto tensors = m_cursor.number<std::uint64_t>();
        auto keys = tensors ? m_cursor.number<std::uint64_t>() : tensors;
        if (!keys)
            return failure(keys);
        m_tensors = *tensors;
        m_keys = *keys;
        // The smallest entries: a name of no bytes with rank 0, and a key of one byte with a value of one.
        if (m_tensors > m_cursor.left() / 24)
            return refuse(ErrorCode::HeaderInvalid, said(CORE_TEXT("reasons", "%1 tensors are announced, more than the file has room for"), m_tensors));
        if (m_keys > m_cursor.left() / 14)
            return refuse(ErrorCode::HeaderInvalid, said(CORE_TEXT("reasons", "%1 keys are announced, more than the file has room for"), m_keys));
        if (auto done = checkLimit(m_tensors, maxTensors, said(CORE_TEXT("reasons", "the number of tensors"))); !done)
            return done;
        return checkLimit(m_keys, maxKeys, said(CORE_TEXT("reasons", "the number of keys")));
    }

    Result<void> readKeys()
    {
        const std::uint64_t begin = m_cursor.at();
        std::unordered_set<std::string> names;
        for (std::uint64_t i = 0; i < m_keys; ++i) {
            auto name = m_cursor.string(maxKeyBytes, CORE_TEXT("reasons", "the length of a key"));
            if (!name)
                return failure(name);
            if (name->empty() || name->find('\0') != std::string::npos)
                return refuse(ErrorCode::HeaderInvalid, name->empty() ? said(CORE_TEXT("reasons", "key %1 is empty"), i) : said(CORE_TEXT("reasons", "key %1 holds a NUL"), i));
            if (!names.insert(*name).second)
                return refuse(ErrorCode::HeaderDuplicateKey, *name);
            GgufKey key;
            key.key = std::move(*name);
            if (auto done = readValue(key); !done)
                return done;
            if (auto done = checkLimit(m_cursor.at() - begin, maxValueBytes, said(CORE_TEXT("reasons", "the size of all values"))); !done)
                return done;
            m_header.keys.push_back(std::move(key));
        }
        return {};
    }

    Result<GgufType> readType(const std::string& key)
    {
        auto type = m_cursor.number<std::uint32_t>();
        if (!type)
            return failure(type);
        if (*type > static_cast<std::uint32_t>(GgufType::F64))
            return refuse(ErrorCode::HeaderEntryInvalid, key, said(CORE_TEXT("reasons", "there is no value type %1"), *type));
        return static_cast<GgufType>(*type);
    }

    Result<void> readValue(GgufKey& key)
    {
        auto type = readType(key.key);
        if (!type)
            return failure(type);
        key.type = key.elementType = *type;
        if (key.type == GgufType::Array) {
            auto element = readType(key.key);
            auto count = element ? m_cursor.number<std::uint64_t>() : failure(element);
            if (!count)
                return failure(count);
            if (*element == GgufType::Array)
                return refuse(ErrorCode::HeaderEntryInvalid, key.key, said(CORE_TEXT("reasons", "it is a list of lists")));
            key.elementType = *element;
            key.count = *count;
        }
        key.at = m_cursor.at();
        auto done = key.elementType == GgufType::String ? skipStrings(key) : skipNumbers(key);
        key.bytes = m_cursor.at() - key.at;
        return done;
    }

    Result<void> skipNumbers(const GgufKey& key)
    {
        const std::uint32_t size = ggufValueBytes(key.elementType);
        if (key.count > m_cursor.left() / size)
            return refuse(ErrorCode::HeaderEntryInvalid, key.key, said(CORE_TEXT("reasons", "%1 values are announced, more than the file has room for"), key.count));
        if (key.type == GgufType::Bool) {
            auto value = m_cursor.number<std::uint8_t>();
            if (value && *value > 1)
                return refuse(ErrorCode::HeaderEntryInvalid, key.key, said(CORE_TEXT("reasons", "it is a truth value of %1"), *value));
            return value ? Result<void>() : failure(value);
        }
        return m_cursor.skip(key.count * size);
    }

    Result<void> skipStrings(const GgufKey& key)
    {
        if (key.count > m_cursor.left() / 8)
            return refuse(ErrorCode::HeaderEntryInvalid, key.key, said(CORE_TEXT("reasons", "%1 strings are announced, more than the file has room for"), key.count));
        if (auto done = checkLimit(key.count, maxValueBytes / 8, said(CORE_TEXT("reasons", "the number of strings"))); !done)
            return done;
        for (std::uint64_t i = 0; i < key.count; ++i)
            if (auto done = m_cursor.skipString(); !done)
                return done;
        return {};
    }

    Result<void> readAlignment()
    {
        const GgufKey* key = m_header.find("general.alignment");
        if (key == nullptr)
            return {};
        if (key->type != GgufType::U32)
            return refuse(ErrorCode::HeaderEntryInvalid, key->key, said(CORE_TEXT("reasons", "it must be a 32-bit number without sign")));
        std::byte stored[4];
        if (auto done = m_file.readAt(key->at, stored); !done)
            return done;
        const auto value = load<std::uint32_t>(stored);
        if (value == 0 || (value & (value - 1)) != 0 || value > maxAlignment)
            return refuse(ErrorCode::HeaderEntryInvalid, key->key, said(CORE_TEXT("reasons", "%1 is not a power of two up to %2"), value, maxAlignment));
        if (value < 8)
            warn(ErrorCode::HeaderEntryInvalid, key->key, said(CORE_TEXT("reasons", "%1 is not a multiple of 8"), value));
        m_header.alignment = value;
        return {};
    }

    Result<void> readTensors()
    {
        std::unordered_set<std::string> names;
        for (std::uint64_t i = 0; i < m_tensors; ++i) {
            auto name = m_cursor.string(maxNameBytes, CORE_TEXT("reasons", "the length of a tensor's name"));
            if (!name)
                return failure(name);
            if (name->find('\0') != std::string::npos)
                return refuse(ErrorCode::HeaderEntryInvalid, said(CORE_TEXT("reasons", "tensor %1"), i), said(CORE_TEXT("reasons", "its name holds a NUL")));
            if (!names.insert(*name).second)
                return refuse(ErrorCode::HeaderDuplicateKey, *name);
            TensorInfo tensor;
            tensor.name = std::move(*name);
            if (auto done = readTensor(tensor); !done)
                return done;
            m_header.tensors.push_back(std::move(tensor));
        }
        const std::uint64_t end = m_cursor.at();
        m_header.dataBegin = padded(end);
        m_header.dataEnd = m_header.dataBegin;
        return {};
    }

    Result<void> readTensor(TensorInfo& tensor)
    {
        auto rank = m_cursor.number<std::uint32_t>();
        if (!rank)
            return failure(rank);
        if (*rank > maxRank)
            return refuse(ErrorCode::HeaderEntryInvalid, tensor.name, said(CORE_TEXT("reasons", "it has %1 dimensions and %2 are allowed"), *rank, maxRank));
        for (std::uint32_t d = 0; d < *rank; ++d) {
            auto extent = m_cursor.number<std::uint64_t>();
            if (!extent)
                return failure(extent);
            tensor.shape.insert(tensor.shape.begin(), *extent); // the file begins with the fastest
        }
        auto type = m_cursor.number<std::uint32_t>();
        auto offset = type ? m_cursor.number<std::uint64_t>() : failure(type);
        if (!offset)
            return failure(offset);
        tensor.at.offset = *offset; // made absolute once the header's end is known
        const auto elements = elementCount(tensor.shape);
        if (!elements)
            return refuse(ErrorCode::SizeOverflow, tensor.name, shapeText(tensor.shape));
        tensor.elements = *elements;
        return setType(tensor, *type);
    }

    Result<void> setType(TensorInfo& tensor, std::uint32_t id)
    {
        if (isWithdrawn(id))
            return refuse(ErrorCode::HeaderEntryInvalid, tensor.name, said(CORE_TEXT("reasons", "ggml has withdrawn its type %1"), id));
        const auto type = ggmlType(id);
        if (!type) {
            tensor.storedType = "type " + std::to_string(id);
            m_unknownSizes.insert(m_header.tensors.size());
            return {};
        }
        tensor.dtype = type->dtype;
        tensor.storedType = type->name;
        const std::uint64_t row = tensor.shape.empty() ? 1 : tensor.shape.back();
        if (row % type->blockElements != 0)
            return refuse(ErrorCode::HeaderEntryInvalid, tensor.name,
                          said(CORE_TEXT("reasons", "its rows have %1 elements and %2 comes in blocks of %3"), row, type->name, type->blockElements));
        const auto bytes = checkedMultiply(tensor.elements / type->blockElements, type->blockBytes);
        if (!bytes)
            return refuse(ErrorCode::SizeOverflow, tensor.name, shapeText(tensor.shape));
        tensor.bytes = *bytes;
        return {};
    }

    [[nodiscard]] std::uint64_t padded(std::uint64_t at) const
    {
        return (at + m_header.alignment - 1) / m_header.alignment * m_header.alignment;
    }

    // In the order of the header, aligned, without overlap, inside the file.
    Result<void> checkRanges()
    {
        std::uint64_t end = m_header.dataBegin;
        std::vector<TensorInfo> whole;
        for (std::size_t i = 0; i < m_header.tensors.size(); ++i) {
            TensorInfo& tensor = m_header.tensors[i];
            if (tensor.at.offset % m_header.alignment != 0)
                return refuse(ErrorCode::HeaderEntryInvalid, tensor.name,
                              said(CORE_TEXT("reasons", "its offset %1 is not a multiple of %2"), tensor.at.offset, m_header.alignment));
            const auto begin = checkedAdd(m_header.dataBegin, tensor.at.offset);
            if (!begin)
                return refuse(ErrorCode::SizeOverflow, tensor.name, shapeText(tensor.shape));
            if (*begin < end)
                return refuse(ErrorCode::TensorOverlap, tensor.name, std::to_string(*begin), std::to_string(end));
            if (*begin > padded(end))
                warn(ErrorCode::TensorGap, tensor.name, std::to_string(*begin), std::to_string(end));
            tensor.at.offset = *begin;
            if (m_unknownSizes.contains(i))
                tensor.bytes = roomUpTo(i, *begin);
            const auto next = checkedAdd(*begin, tensor.bytes);
            if (!next)
                return refuse(ErrorCode::SizeOverflow, tensor.name, shapeText(tensor.shape));
            if (*begin > m_file.size() && tensor.bytes != 0)
                return refuse(ErrorCode::DataTruncated, std::to_string(*next), std::to_string(m_file.size()));
            end = *next;
            if (end > m_file.size()) {
                m_header.cut.push_back(tensor.name);
                warn(ErrorCode::DataTruncated, std::to_string(end), std::to_string(m_file.size()));
                continue;
            }
            m_header.dataEnd = end;
            whole.push_back(std::move(tensor));
        }
        m_header.tensors = std::move(whole);
        if (m_file.size() > padded(m_header.dataEnd) && m_header.cut.empty())
            warn(ErrorCode::TrailingBytes, std::to_string(m_file.size() - padded(m_header.dataEnd)));
        return {};
    }

    // Of a type that nobody knows: up to the next tensor, or to the end of the file.
    [[nodiscard]] std::uint64_t roomUpTo(std::size_t tensor, std::uint64_t begin) const
    {
        std::uint64_t end = m_file.size();
        if (tensor + 1 < m_header.tensors.size())
            end = std::min(end, checkedAdd(m_header.dataBegin, m_header.tensors[tensor + 1].at.offset).value_or(end));
        return end > begin ? end - begin : 0;
    }

    const File& m_file;
    std::string m_where;
    bool m_limits;
    GgufCursor m_cursor;
    std::uint64_t m_tensors = 0, m_keys = 0;
    std::unordered_set<std::size_t> m_unknownSizes;
    GgufHeader m_header;
};

} // namespace

const GgufKey* GgufHeader::find(std::string_view key) const
{
    const auto found = std::ranges::find(keys, key, &GgufKey::key);
    return found == keys.end() ? nullptr : &*found;
}

bool looksLikeGguf(const File& file)
{
    std::byte begin[4];
    return file.size() >= 4 && file.readAt(0, begin) && std::memcmp(begin, "GGUF", 4) == 0;
}

Result<GgufHeader> readGguf(const File& file, bool limits) { return GgufReader(file, limits).read(); }

} // namespace wb
