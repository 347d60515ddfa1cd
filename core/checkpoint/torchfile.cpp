#include "core/checkpoint/torchfile.h"

#include "core/base/bytes.h"
#include "core/checkpoint/pickle.h"
#include "core/checkpoint/zipdirectory.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace wb {
namespace {

constexpr std::uint64_t mostPickleBytes = 512U << 20, mostTensors = 1'000'000, mostExpansion = 8;
constexpr std::size_t deepestDict = 16, highestRank = 32;

struct ElementType {
    std::string_view storage, dtype; // FloatStorage, float32
    DType type;
    std::uint32_t bytes;
    std::string_view name; // as safetensors spells it
};
constexpr std::array types = {
    ElementType{"DoubleStorage", "float64", DType::F64, 8, "F64"},     ElementType{"FloatStorage", "float32", DType::F32, 4, "F32"},
    ElementType{"HalfStorage", "float16", DType::F16, 2, "F16"},       ElementType{"BFloat16Storage", "bfloat16", DType::BF16, 2, "BF16"},
    ElementType{"LongStorage", "int64", DType::I64, 8, "I64"},         ElementType{"IntStorage", "int32", DType::I32, 4, "I32"},
    ElementType{"ShortStorage", "int16", DType::I16, 2, "I16"},        ElementType{"CharStorage", "int8", DType::I8, 1, "I8"},
    ElementType{"ByteStorage", "uint8", DType::U8, 1, "U8"},           ElementType{"BoolStorage", "bool", DType::Bool, 1, "BOOL"},
    ElementType{"ComplexFloatStorage", "complex64", DType::Opaque, 8, "C64"}, ElementType{"ComplexDoubleStorage", "complex128", DType::Opaque, 16, "C128"},
    ElementType{"", "float8_e4m3fn", DType::F8_E4M3, 1, "F8_E4M3"},     ElementType{"", "float8_e5m2", DType::F8_E5M2, 1, "F8_E5M2"},
    ElementType{"", "float8_e4m3fnuz", DType::F8_E4M3FNUZ, 1, "F8_E4M3FNUZ"}, ElementType{"", "float8_e5m2fnuz", DType::F8_E5M2FNUZ, 1, "F8_E5M2FNUZ"},
    ElementType{"", "float8_e8m0fnu", DType::F8_E8M0, 1, "F8_E8M0"},    ElementType{"", "uint16", DType::U16, 2, "U16"},
    ElementType{"", "uint32", DType::U32, 4, "U32"},                    ElementType{"", "uint64", DType::U64, 8, "U64"},
};

struct Storage {
    std::uint64_t offset = 0, bytes = 0;
};

tl::unexpected<Error> wrong(const File& file, const Sentence& what) { return fail(ErrorCode::HeaderInvalid, file.path().string(), what); }

// Turns what a pickle says into tensors. A tensor that is wrong in itself is an error of the file; what is not known is only listed.
class Matcher {
public:
    Matcher(const File& file, const Pickle& pickle, const std::map<std::string, Storage, std::less<>>& storages, TorchFile& out)
        : m_file(file), m_pickle(pickle), m_storages(storages), m_out(out)
    {
    }

    Result<void> run()
    {
        take(m_pickle.root(), "", 0);
        return m_problem.empty() ? Result<void>() : Result<void>(wrong(m_file, m_problem));
    }

private:
    using Node = Pickle::Node;
    using Kind = Pickle::Kind;

    const Node& item(const Node& node, std::size_t i) const { return m_pickle.at(node.items[i]); }

    void take(const Node& node, const std::string& key, std::size_t depth)
    {
        if (!m_problem.empty())
            return;
        if (++m_taken > mostTensors)
            return complain("", said(CORE_TEXT("reasons", "it holds more than %1 values"), mostTensors));
        if (node.kind == Kind::Dict && depth < deepestDict) {
            for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
                const Node& name = item(node, i);
                const std::string own = name.kind == Kind::Text ? std::string(name.text) : name.kind == Kind::Int ? std::to_string(name.integer) : "?";
                take(item(node, i + 1), key.empty() ? own : key + "." + own, depth + 1);
            }
            return;
        }
        if (const auto* call = tensorCall(node))
            return takeTensor(*call, key);
        m_out.notLoaded.push_back(said("%1: %2", key.empty() ? said(CORE_TEXT("reasons", "the whole")) : said("%1", key), nameOf(node)));
    }

    // The call that rebuilds a tensor, inside of those that make a parameter of it.
    const Node* tensorCall(const Node& node) const
    {
        const Node* at = &node;
        for (int depth = 0; depth < 4 && at->kind == Kind::Call; ++depth) {
            const auto isCalled = [&](std::string_view name) { return m_pickle.isSymbol(at->items[0], "torch._utils", name); };
            const Node& arguments = item(*at, 1);
            if (arguments.kind != Kind::Tuple)
                return nullptr;
            if (isCalled("_rebuild_tensor_v2") || isCalled("_rebuild_tensor_v3") || isCalled("_rebuild_tensor"))
                return at;
            if (!(isCalled("_rebuild_parameter") || isCalled("_rebuild_parameter_with_state")) || arguments.items.empty())
                return nullptr;
            at = &item(arguments, 0);
        }
        return nullptr;
    }

    Sentence nameOf(const Node& node) const
    {
        switch (node.kind) {
        case Kind::Symbol: return said("%1.%2", node.text, node.second);
        case Kind::Call: return item(node, 0).kind == Kind::Symbol ? nameOf(item(node, 0)) : said(CORE_TEXT("reasons", "an object"));
        case Kind::Text: return said(CORE_TEXT("reasons", "a text"));
        case Kind::Int:
        case Kind::Float: return said(CORE_TEXT("reasons", "a number"));
        case Kind::List:
        case Kind::Tuple: return said(CORE_TEXT("reasons", "a list"));
        default: return said(CORE_TEXT("reasons", "a value"));
        }
    }

    void complain(const std::string& key, Sentence what)
    {
        if (m_problem.empty())
            m_problem = key.empty() ? std::move(what) : said("%1: %2", key, what);
    }

    // ('storage', class, key, device, count[, view])
    const ElementType* typeOfStorage(const Node& id) const
    {
        const Node& kind = item(id, 1);
        if (kind.kind != Kind::Symbol)
            return nullptr;
        const auto found = std::ranges::find(types, kind.second, &ElementType::storage);
        return found == types.end() || kind.text != "torch" ? nullptr : &*found;
    }
    const ElementType* typeOfSymbol(const Node& symbol) const
    {
        const auto found = std::ranges::find(types, symbol.second, &ElementType::dtype);
        return symbol.kind != Kind::Symbol || symbol.text != "torch" || found == types.end() ? nullptr : &*found;
    }

    std::optional<std::vector<std::uint64_t>> numbers(const Node& tuple) const
    {
        std::vector<std::uint64_t> out;
        if (tuple.kind != Kind::Tuple || tuple.items.size() > highestRank)
            return std::nullopt;
        for (std::size_t i = 0; i < tuple.items.size(); ++i) {
            if (item(tuple, i).kind != Kind::Int || item(tuple, i).integer < 0)
                return std::nullopt;
            out.push_back(static_cast<std::uint64_t>(item(tuple, i).integer));
        }
        return out;
    }

    void takeTensor(const Node& call, const std::string& key)
    {
        const Node& arguments = item(call, 1);
        if (arguments.items.size() < 4 || item(arguments, 0).kind != Kind::Persistent)
            return complain(key, said(CORE_TEXT("reasons", "the call that rebuilds it lacks arguments")));
        const Node& id = item(item(arguments, 0), 0);
        if (id.kind != Kind::Tuple || id.items.size() < 5 || item(id, 0).text != "storage" || item(id, 2).kind != Kind::Text || item(id, 4).kind != Kind::Int || item(id, 4).integer < 0)
            return complain(key, said(CORE_TEXT("reasons", "its storage has no proper name")));
        const bool untyped = m_pickle.isSymbol(call.items[0], "torch._utils", "_rebuild_tensor_v3");
        const ElementType* type = untyped ? (arguments.items.size() > 6 ? typeOfSymbol(item(arguments, 6)) : nullptr) : typeOfStorage(id);
        if (type == nullptr) {
            const Node& named = untyped && arguments.items.size() > 6 ? item(arguments, 6) : item(id, 1);
            return static_cast<void>(m_out.notLoaded.push_back(said(CORE_TEXT("reasons", "%1: a tensor of %2"), key, nameOf(named))));
        }
        const auto storage = m_storages.find(item(id, 2).text);
        if (storage == m_storages.end())
            return complain(key, said(CORE_TEXT("reasons", "the storage %1 is not in the file"), item(id, 2).text));
        const auto counted = checkedMultiply(static_cast<std::uint64_t>(item(id, 4).integer), untyped ? 1 : type->bytes);
        if (!counted || *counted != storage->second.bytes)
            return complain(key, said(CORE_TEXT("reasons", "its storage should have %1 elements and has %2 bytes"), item(id, 4).integer, storage->second.bytes));
        const auto seen = viewed(id, storage->second, type->bytes);
        if (!seen)
            return complain(key, said(CORE_TEXT("reasons", "its view of storage %1 reaches past the %2 bytes of that"), storage->first, storage->second.bytes));
        place(arguments, *type, storage->first, *seen, key);
    }

    // Very old files may name a part of a storage: (key, first element, elements).
    std::optional<Storage> viewed(const Node& id, const Storage& whole, std::uint32_t unit) const
    {
        if (id.items.size() < 6 || item(id, 5).kind == Kind::None)
            return whole;
        const Node& view = item(id, 5);
        if (view.kind != Kind::Tuple || view.items.size() != 3 || item(view, 1).kind != Kind::Int || item(view, 2).kind != Kind::Int || item(view, 1).integer < 0 || item(view, 2).integer < 0)
            return std::nullopt;
        const auto first = checkedMultiply(static_cast<std::uint64_t>(item(view, 1).integer), unit), bytes = checkedMultiply(static_cast<std::uint64_t>(item(view, 2).integer), unit);
        if (!first || !bytes || *first > whole.bytes || *bytes > whole.bytes - *first)
            return std::nullopt;
        return Storage{whole.offset + *first, *bytes};
    }

    void place(const Node& arguments, const ElementType& type, const std::string& storage, const Storage& in, const std::string& key)
    {
        const auto shape = numbers(item(arguments, 2)), strides = numbers(item(arguments, 3));
        if (!shape || !strides || shape->size() != strides->size() || item(arguments, 1).kind != Kind::Int || item(arguments, 1).integer < 0)
            return complain(key, said(CORE_TEXT("reasons", "its shape, strides or offset are not numbers that fit each other")));
        const auto elements = elementCount(*shape);
        auto last = std::optional(static_cast<std::uint64_t>(item(arguments, 1).integer));
        for (std::size_t i = 0; i < shape->size() && last; ++i) {
            const auto reach = checkedMultiply((*shape)[i] == 0 ? 0 : (*shape)[i] - 1, (*strides)[i]);
            last = reach ? checkedAdd(*last, *reach) : std::nullopt;
        }
        const std::uint64_t count = in.bytes / type.bytes;
        if (!elements || !last || (*elements > 0 && *last >= count))
            return complain(key, said(CORE_TEXT("reasons", "its elements reach past the %1 of its storage"), count));
        const auto bytes = checkedMultiply(*elements, type.bytes);
        if (!bytes || *bytes / mostExpansion > in.bytes)
            return complain(key, said(CORE_TEXT("reasons", "it makes %1 elements of the %2 that are stored"), *elements, count));
        TorchTensor& tensor = m_out.tensors.emplace_back();
        tensor.info.name = key;
        tensor.info.dtype = type.type;
        tensor.info.storedType = type.name;
        tensor.info.shape = *shape;
        tensor.info.elements = *elements;
        tensor.info.bytes = *bytes;
        tensor.info.at.offset = *elements == 0 ? in.offset : in.offset + static_cast<std::uint64_t>(item(arguments, 1).integer) * type.bytes;
        tensor.strides = *strides;
        tensor.storage = storage;
    }

    const File& m_file;
    const Pickle& m_pickle;
    const std::map<std::string, Storage, std::less<>>& m_storages;
    TorchFile& m_out;
    std::uint64_t m_taken = 0;
    Sentence m_problem;
};

Result<TorchFile> readZip(const File& file)
{
    auto entries = readZipDirectory(file);
    if (!entries)
        return failure(entries);
    const ZipEntry* pickle = nullptr;
    std::string folder, packed;
    for (const ZipEntry& entry : *entries) {
        packed = entry.deflated ? entry.name : packed;
        if (entry.name.ends_with("/constants.pkl") || entry.name.find("/code/") != std::string::npos)
            return fail(ErrorCode::NotACheckpoint, file.path().string(), said(CORE_TEXT("reasons", "it is a TorchScript program, not weights")));
        if (!entry.name.ends_with("/data.pkl") || entry.name.find('/') != entry.name.size() - 9)
            continue;
        if (pickle != nullptr)
            return wrong(file, said(CORE_TEXT("reasons", "it holds two data.pkl")));
        pickle = &entry;
        folder = entry.name.substr(0, entry.name.size() - 8);
    }
    if (pickle == nullptr)
        return wrong(file, said(CORE_TEXT("reasons", "it is a zip file without data.pkl, not one of torch")));
    if (!packed.empty())
        return wrong(file, said(CORE_TEXT("reasons", "zip: %1 is compressed, which torch never does"), packed));
    TorchFile out;
    std::map<std::string, Storage, std::less<>> storages;
    for (const ZipEntry& entry : *entries) {
        if (entry.name.starts_with(folder + "data/"))
            storages[entry.name.substr(folder.size() + 5)] = {entry.offset, entry.bytes};
        if (entry.name != folder + "byteorder")
            continue;
        auto order = readZipEntry(file, entry, 16);
        if (!order)
            return failure(order);
        out.bigEndian = *order == "big";
        if (!out.bigEndian && *order != "little")
            return wrong(file, said(CORE_TEXT("reasons", "its byte order is neither little nor big")));
    }
    auto bytes = readZipEntry(file, *pickle, mostPickleBytes);
    if (!bytes)
        return failure(bytes);
    auto read = Pickle::read(std::as_bytes(std::span(*bytes)), file.path().string());
    if (!read)
        return failure(read);
    if (auto done = Matcher(file, *read, storages, out).run(); !done)
        return failure(done);
    return out;
}

// How many bytes an element of each storage has, as the object names them: the counts in the file are of elements.
void findElementSizes(const Pickle& object, std::uint32_t nodes, std::map<std::string, std::uint32_t, std::less<>>& sizes)
{
    for (Pickle::Ref i = 0; i < nodes; ++i) {
        const Pickle::Node& id = object.at(i);
        if (id.kind != Pickle::Kind::Tuple || id.items.size() < 5 || object.at(id.items[0]).text != "storage")
            continue;
        const auto type = std::ranges::find(types, object.at(id.items[1]).second, &ElementType::storage);
        if (type != types.end() && object.at(id.items[1]).kind == Pickle::Kind::Symbol)
            sizes[std::string(object.at(id.items[2]).text)] = type->bytes;
    }
}

Result<TorchFile> readLegacy(const File& file, std::span<const std::byte> head)
{
    const std::string where = file.path().string();
    std::size_t at = 0;
    std::vector<Pickle> pickles;
    for (int i = 0; i < 5; ++i) { // magic number, version, system, object, keys
        auto read = Pickle::read(head.subspan(at), where);
        if (!read)
            return failure(read);
        at += read->length();
        pickles.push_back(std::move(*read));
    }
    const Pickle::Node &version = pickles[1].root(), &keys = pickles[4].root();
    if (version.integer != 1001 || keys.kind != Pickle::Kind::List)
        return wrong(file, said(CORE_TEXT("reasons", "it begins as an old torch file and does not go on as one")));
    TorchFile out;
    for (std::size_t i = 0; i + 1 < pickles[2].root().items.size() && pickles[2].root().kind == Pickle::Kind::Dict; i += 2)
        if (pickles[2].at(pickles[2].root().items[i]).text == "little_endian")
            out.bigEndian = pickles[2].at(pickles[2].root().items[i + 1]).integer == 0;
    if (out.bigEndian)
        return wrong(file, said(CORE_TEXT("reasons", "it is an old torch file of a big-endian machine")));
    std::map<std::string, std::uint32_t, std::less<>> sizes;
    findElementSizes(pickles[3], pickles[3].nodeCount(), sizes);
    std::map<std::string, Storage, std::less<>> storages;
    for (const Pickle::Ref ref : keys.items) {
        const std::string key(pickles[4].at(ref).text);
        const auto size = sizes.find(key);
        std::uint64_t count = 0;
        if (size == sizes.end() || at > file.size() || file.size() - at < 8)
            return wrong(file, said(CORE_TEXT("reasons", "the storage %1 is not named by any tensor, or not there"), key));
        if (auto done = file.readAt(at, std::as_writable_bytes(std::span(&count, 1))); !done)
            return failure(done);
        at += 8;
        const auto bytes = checkedMultiply(count, size->second);
        if (!bytes || *bytes > file.size() - at)
            return wrong(file, said(CORE_TEXT("reasons", "the %1 elements of storage %2 reach past the end of the file"), count, key));
        storages[key] = {at, *bytes};
        at += *bytes;
    }
    if (auto done = Matcher(file, pickles[3], storages, out).run(); !done)
        return failure(done);
    return out;
}

} // namespace

ArrayLayout TorchFile::layoutOf(std::size_t tensor) const
{
    const TensorInfo& info = tensors[tensor].info;
    const auto type = std::ranges::find(types, info.storedType, &ElementType::name);
    const std::uint32_t unit = type->bytes;
    const bool complex = info.storedType == "C64" || info.storedType == "C128";
    return {info.shape, tensors[tensor].strides, unit, complex ? unit / 2 : unit, bigEndian};
}

Result<TorchFile> readTorchFile(const File& file)
{
    constexpr std::string_view zip("PK\x03\x04", 4), legacy("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15);
    std::string head(std::min<std::uint64_t>(file.size(), 16), '\0');
    if (!head.empty())
        if (auto done = file.readAt(0, std::as_writable_bytes(std::span(head))); !done)
            return failure(done);
    if (head.starts_with(zip))
        return readZip(file);
    if (!head.starts_with(legacy))
        return fail(ErrorCode::NotACheckpoint, file.path().string(), said(CORE_TEXT("reasons", "it is no file that torch.save wrote")));
    // The pickles stand before the data; how long they are is not said.
    head.resize(std::min(file.size(), mostPickleBytes));
    if (auto done = file.readAt(0, std::as_writable_bytes(std::span(head))); !done)
        return failure(done);
    return readLegacy(file, std::as_bytes(std::span(head)));
}

Result<std::vector<double>> readTorchValues(const File& file, const TorchFile& content, std::size_t index)
{
    const TensorInfo& info = content.tensors[index].info;
    if (info.dtype == DType::Opaque)
        return fail(ErrorCode::OpaqueDtype, info.name, info.name, info.storedType);
    const auto bytes = readArray(file, info.at.offset, content.layoutOf(index));
    if (!bytes)
        return failure(bytes);
    std::vector<double> out(info.elements);
    decode(info.dtype, *bytes, out);
    return out;
}

} // namespace wb
