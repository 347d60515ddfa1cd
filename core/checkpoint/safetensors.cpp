#include "core/checkpoint/safetensors.h"

#include "core/base/bytes.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_set>

namespace wb {
namespace {

constexpr std::uint64_t maxHeaderBytes = 100'000'000; // as the reference reader
constexpr std::size_t maxTensors = 1'000'000;
constexpr std::size_t maxRank = 32;
constexpr std::size_t maxNameBytes = 4096;
constexpr std::size_t maxMetadataBytes = 16U << 20;
constexpr int maxDepth = 16; // of fields that nobody knows; the format itself needs 3

// One tensor as the header states it.
struct Entry {
    std::string name;
    std::string dtype;
    Shape shape;
    std::vector<std::uint64_t> offsets;
    bool hasDtype = false, hasShape = false, hasOffsets = false;
};

bool hasControlCharacter(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 || c == 0x7F)
            return true;
        // C1 controls are U+0080 … U+009F: C2 80 … C2 9F in UTF-8.
        if (c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0)
            return true;
    }
    return false;
}

// A streaming reader of the header: memory in proportion to what is kept, no document tree.
class HeaderReader {
public:
    HeaderReader(std::string where, bool limits) : m_where(std::move(where)), m_limits(limits) {}

    std::vector<Entry> entries;
    std::map<std::string, std::string> metadata;
    std::optional<Error> error;

    bool null() { return scalar(said("null")); }
    bool boolean(bool) { return scalar(said(CORE_TEXT("reasons", "a truth value"))); }
    bool number_integer(std::int64_t value) { return scalar(said(CORE_TEXT("reasons", "the number %1"), value)); }
    bool number_float(double, const std::string& text) { return scalar(said(CORE_TEXT("reasons", "the number %1"), text)); }
    bool binary(Json::binary_t&) { return scalar(said("binary")); }

    bool number_unsigned(std::uint64_t value)
    {
        if (m_list != nullptr && m_depth == 3) {
            m_list->push_back(value);
            if (m_limits && m_list->size() > maxRank)
                return refuse(ErrorCode::HeaderLimit, said(CORE_TEXT("reasons", "the rank of %1"), entries.back().name),
                              said(CORE_TEXT("reasons", "more than %1"), maxRank), std::to_string(maxRank));
            return true;
        }
        return scalar(said(CORE_TEXT("reasons", "the number %1"), value));
    }

    bool string(std::string& value)
    {
        if (m_inMetadata && m_depth == 2) {
            m_metadataBytes += m_key.size() + value.size();
            if (m_limits && m_metadataBytes > maxMetadataBytes)
                return refuse(ErrorCode::HeaderLimit, said(CORE_TEXT("reasons", "the metadata")), said(CORE_TEXT("reasons", "more than 16 MiB")), "16 MiB");
            if (!metadata.emplace(m_key, value).second)
                return refuse(ErrorCode::HeaderDuplicateKey, m_key);
            return true;
        }
        if (m_depth == 2 && m_key == "dtype") {
            entries.back().dtype = value;
            return true;
        }
        return scalar(said(CORE_TEXT("reasons", "a text")));
    }

    bool key(std::string& name)
    {
        m_key = name;
        if (m_depth == 1)
            return nameOfTensor(name);
        return m_depth != 2 || m_inMetadata || fieldOfTensor();
    }

    bool start_object(std::size_t)
    {
        ++m_depth;
        if (m_depth == 2 && !m_inMetadata)
            entries.push_back({.name = m_key});
        return m_depth <= 2 ? true : nested();
    }
    bool end_object()
    {
        if (--m_depth == 1)
            m_inMetadata = false;
        return true;
    }
    bool start_array(std::size_t)
    {
        ++m_depth;
        if (m_depth == 3 && !m_inMetadata && m_key == "shape")
            m_list = &entries.back().shape;
        else if (m_depth == 3 && !m_inMetadata && m_key == "data_offsets")
            m_list = &entries.back().offsets;
        else if (m_depth == 1)
            return refuse(ErrorCode::HeaderInvalid, said(CORE_TEXT("reasons", "it is a list and not an object")));
        else if (m_depth == 2)
            return refuse(ErrorCode::HeaderEntryInvalid, m_key, said(CORE_TEXT("reasons", "it is a list and not an object")));
        else
            return nested();
        return true;
    }
    bool end_array()
    {
        if (--m_depth == 2)
            m_list = nullptr;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&)
    {
        return refuse(ErrorCode::HeaderInvalid, said(CORE_TEXT("reasons", "it is not JSON in UTF-8 at byte %1"), position));
    }

private:
    bool nameOfTensor(const std::string& name)
    {
        if (!m_names.insert(name).second)
            return refuse(ErrorCode::HeaderDuplicateKey, name);
        m_inMetadata = name == "__metadata__";
        if (m_inMetadata)
            return true;
        if (hasControlCharacter(name))
            return refuse(ErrorCode::HeaderEntryInvalid, name, said(CORE_TEXT("reasons", "its name holds a control character")));
        if (m_limits && name.size() > maxNameBytes)
            return refuse(ErrorCode::HeaderLimit, said(CORE_TEXT("reasons", "the name of a tensor")), said(CORE_TEXT("reasons", "%1 bytes long"), name.size()),
                          std::to_string(maxNameBytes));
        if (m_limits && entries.size() >= maxTensors)
            return refuse(ErrorCode::HeaderLimit, said(CORE_TEXT("reasons", "the number of tensors")), said(CORE_TEXT("reasons", "more than %1"), maxTensors),
                          std::to_string(maxTensors));
        return true;
    }

    bool fieldOfTensor()
    {
        Entry& entry = entries.back();
        bool* seen = m_key == "dtype"          ? &entry.hasDtype
                     : m_key == "shape"        ? &entry.hasShape
                     : m_key == "data_offsets" ? &entry.hasOffsets
                                               : nullptr;
        if (seen == nullptr)
            return true;
        if (*seen)
            return refuse(ErrorCode::HeaderDuplicateKey, entry.name + "." + m_key);
        *seen = true;
        return true;
    }

    // Any value where the format does not ask for it.
    bool scalar(const Sentence& what)
    {
        if (m_depth == 0)
            return refuse(ErrorCode::HeaderInvalid, said(CORE_TEXT("reasons", "it is not an object")));
        if (m_inMetadata)
            return refuse(ErrorCode::HeaderInvalid, said(CORE_TEXT("reasons", "the metadata of %1 is %2 and not a text"), m_key, what));
        if (m_depth == 1)
            return refuse(ErrorCode::HeaderEntryInvalid, m_key, said(CORE_TEXT("reasons", "it is %1 and not an object"), what));
        const bool known = m_key == "dtype" || m_key == "shape" || m_key == "data_offsets";
        if (known && (m_depth == 2 || m_list != nullptr))
            return refuse(ErrorCode::HeaderEntryInvalid, entries.back().name, said(CORE_TEXT("reasons", "%1 holds %2"), m_key, what));
        return true; // a field that nobody knows
    }

    // A value inside a field that nobody knows is skipped; where the format asks for something else it is an error.
    bool nested()
    {
        if (m_inMetadata)
            return scalar(said(CORE_TEXT("reasons", "an object or a list")));
        const bool known = m_key == "dtype" || m_key == "shape" || m_key == "data_offsets";
        if (m_depth == 3 && known)
            return refuse(ErrorCode::HeaderEntryInvalid, entries.back().name, said(CORE_TEXT("reasons", "%1 holds an object or a list"), m_key));
        if (m_list != nullptr)
            return refuse(ErrorCode::HeaderEntryInvalid, entries.back().name, said(CORE_TEXT("reasons", "%1 holds a list of lists"), m_key));
        if (m_depth > maxDepth)
            return refuse(ErrorCode::HeaderInvalid, said(CORE_TEXT("reasons", "it is nested more than %1 deep"), maxDepth));
        return true;
    }

    template <typename... Args>
    bool refuse(ErrorCode code, const Args&... args)
    {
        if (!error)
            error = errorOf(code, m_where, args...);
        return false;
    }

    std::string m_where;
    bool m_limits;
    int m_depth = 0;
    bool m_inMetadata = false;
    std::string m_key;
    std::vector<std::uint64_t>* m_list = nullptr;
    std::unordered_set<std::string> m_names;
    std::size_t m_metadataBytes = 0;
};

Result<TensorInfo> makeTensor(const std::string& where, Entry&& entry, std::uint64_t dataBegin)
{
    for (const auto& [present, field] : {std::pair{entry.hasDtype, "dtype"}, std::pair{entry.hasShape, "shape"},
                                         std::pair{entry.hasOffsets, "data_offsets"}})
        if (!present)
            return fail(ErrorCode::HeaderEntryInvalid, where, entry.name, said(CORE_TEXT("reasons", "%1 is missing"), field));
    if (entry.offsets.size() != 2 || entry.offsets[1] < entry.offsets[0])
        return fail(ErrorCode::HeaderEntryInvalid, where, entry.name,
                    said(CORE_TEXT("reasons", "data_offsets must be a begin and an end that is not before it")));
    TensorInfo tensor;
    tensor.name = std::move(entry.name);
    tensor.storedType = std::move(entry.dtype);
    tensor.shape = std::move(entry.shape);
    tensor.bytes = entry.offsets[1] - entry.offsets[0];
    const auto elements = elementCount(tensor.shape);
    if (!elements)
        return fail(ErrorCode::SizeOverflow, where, tensor.name, shapeText(tensor.shape));
    tensor.elements = *elements;
    const auto at = checkedAdd(dataBegin, entry.offsets[0]);
    if (!at || !checkedAdd(dataBegin, entry.offsets[1]))
        return fail(ErrorCode::SizeOverflow, where, tensor.name, shapeText(tensor.shape));
    tensor.at.offset = *at;
    if (const auto type = safetensorsDType(tensor.storedType)) {
        tensor.dtype = type->dtype;
        const auto bits = checkedMultiply(tensor.elements, type->bits);
        if (!bits)
            return fail(ErrorCode::SizeOverflow, where, tensor.name, shapeText(tensor.shape));
        if (*bits % 8 != 0)
            return fail(ErrorCode::SubByteAlignment, where, tensor.name, std::to_string(*bits));
        if (*bits / 8 != tensor.bytes)
            return fail(ErrorCode::TensorSizeMismatch, where, tensor.name, std::to_string(*bits / 8),
                        std::to_string(tensor.bytes));
    }
    return tensor;
}

// No overlap, no hole, and the file ends where the last tensor does.
Result<void> checkRanges(const File& file, SafetensorsHeader& header)
{
    std::vector<std::size_t> order(header.tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) {
        const TensorInfo& tensor = header.tensors[i];
        return std::pair(tensor.at.offset, tensor.at.offset + tensor.bytes);
    });
    const std::string where = file.path().string();
    std::uint64_t end = header.dataBegin;
    for (const std::size_t i : order) {
        const TensorInfo& tensor = header.tensors[i];
        if (tensor.at.offset != end)
            return fail(tensor.at.offset < end ? ErrorCode::TensorOverlap : ErrorCode::TensorGap, where, tensor.name,
                        std::to_string(tensor.at.offset), std::to_string(end));
        end = tensor.at.offset + tensor.bytes;
    }
    header.dataEnd = end;
    if (end > file.size())
        return fail(ErrorCode::DataTruncated, where, std::to_string(end), std::to_string(file.size()));
    if (end < file.size())
        header.warning = Error{ErrorCode::TrailingBytes, where, {std::to_string(file.size() - end)}};
    return {};
}

// Before a million entries are made of it: every tensor has a field of this name.
bool holdsTooManyTensors(std::string_view header)
{
    constexpr std::string_view field = "\"data_offsets\"";
    if (header.size() / field.size() <= maxTensors)
        return false;
    std::uint64_t count = 0;
    for (std::size_t at = header.find(field); at != std::string_view::npos; at = header.find(field, at + field.size()))
        if (++count > maxTensors)
            return true;
    return false;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blanks), end = text.find_last_not_of(blanks);
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

// What a download that went wrong leaves under the name of the weights.
Sentence notWeights(std::string_view begin)
{
    if (begin.starts_with("version https://git-lfs"))
        return said(CORE_TEXT("reasons", "it is a Git LFS pointer and not the file that it stands for"));
    const std::size_t text = begin.find_first_not_of(" \t\r\n");
    const std::string_view tag = text == std::string_view::npos ? "" : begin.substr(text, 9);
    if (tag.starts_with("<!DOCTYPE") || tag.starts_with("<!doctype") || tag.starts_with("<html"))
        return said(CORE_TEXT("reasons", "it is a web page"));
    return {};
}

} // namespace

Result<SafetensorsHeader> readSafetensors(const File& file, bool limits)
{
    const std::string where = file.path().string();
    std::string begin(std::min<std::uint64_t>(file.size(), 64), '\0');
    if (auto done = file.readAt(0, std::as_writable_bytes(std::span(begin))); !done)
        return failure(done);
    if (const Sentence reason = notWeights(begin); !reason.empty())
        return fail(ErrorCode::NotACheckpoint, where, reason);
    if (file.size() < 8)
        return fail(ErrorCode::HeaderTooSmall, where, std::to_string(file.size()));
    const auto length = load<std::uint64_t>(std::as_bytes(std::span(begin)).data());
    if (length > maxHeaderBytes)
        return fail(ErrorCode::HeaderTooLarge, where, std::to_string(length), std::to_string(maxHeaderBytes));
    if (length > file.size() - 8)
        return fail(ErrorCode::HeaderPastEnd, where, std::to_string(length), std::to_string(file.size()));

    std::string text(length, '\0');
    if (auto done = file.readAt(8, std::as_writable_bytes(std::span(text))); !done)
        return failure(done);
    if (limits && holdsTooManyTensors(text))
        return fail(ErrorCode::HeaderLimit, where, said(CORE_TEXT("reasons", "the number of tensors")), said(CORE_TEXT("reasons", "more than %1"), maxTensors), std::to_string(maxTensors));
    HeaderReader reader(where, limits);
    // The parser keeps blanks as it keeps a token, so those around the object are left out.
    const std::string_view object = trimmed(text);
    if (!Json::sax_parse(object.begin(), object.end(), &reader))
        return tl::unexpected(reader.error.value_or(errorOf(ErrorCode::HeaderInvalid, where, said(CORE_TEXT("reasons", "it ends too early")))));

    SafetensorsHeader header;
    header.metadata = std::move(reader.metadata);
    header.dataBegin = 8 + length;
    header.tensors.reserve(reader.entries.size());
    for (Entry& entry : reader.entries) {
        auto tensor = makeTensor(where, std::move(entry), header.dataBegin);
        if (!tensor)
            return failure(tensor);
        header.tensors.push_back(std::move(*tensor));
    }
    if (auto done = checkRanges(file, header); !done)
        return failure(done);
    return header;
}

} // namespace wb
