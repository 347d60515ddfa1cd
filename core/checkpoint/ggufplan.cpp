#include "core/checkpoint/ggufplan.h"

#include "core/checkpoint/ggmltypes.h"
#include "core/checkpoint/gguf.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <regex>
#include <set>

namespace wb {
namespace {

constexpr std::size_t maxParts = 65'535; // split.count is a u16

// general.file_type of files that are mostly of one type (llama.h, llama_ftype).
std::optional<std::uint32_t> fileType(DType dtype)
{
    switch (dtype) {
    case DType::F32: return 0;
    case DType::F16: return 1;
    case DType::BF16: return 32;
    default: return std::nullopt;
    }
}

template <typename T>
void append(std::string& text, T value)
{
    text.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::uint64_t padded(std::uint64_t at, std::uint64_t alignment) { return (at + alignment - 1) / alignment * alignment; }

std::string keyText(std::string_view name, GgufType type, std::string_view value)
{
    std::string text;
    append(text, static_cast<std::uint64_t>(name.size()));
    text += name;
    append(text, static_cast<std::uint32_t>(type));
    text += value;
    return text;
}

template <typename T>
std::string numberKey(std::string_view name, GgufType type, T value)
{
    return keyText(name, type, {reinterpret_cast<const char*>(&value), sizeof value});
}

// The keys of one file of the result, as bytes.
struct Keys {
    std::uint32_t version = 3;
    std::uint64_t count = 0, alignment = 32;
    std::string text;

    void add(std::string_view key)
    {
        text += key;
        ++count;
    }
};

// general.file_type as these tensors make it, in the place of its value; nothing when it stays as it is.
std::optional<std::uint32_t> fileTypeOf(const TensorSource& edited, const std::vector<std::size_t>& tensors)
{
    std::map<DType, std::uint64_t> bytesOf;
    for (const std::size_t tensor : tensors)
        bytesOf[edited.tensors()[tensor].dtype] += edited.tensors()[tensor].bytes;
    const auto most = std::ranges::max_element(bytesOf, {}, [](const auto& entry) { return entry.second; });
    return most == bytesOf.end() ? std::nullopt : fileType(most->first);
}

// Appends the keys of `file` whose names `wanted` takes, byte for byte but for the file type.
template <typename Wanted>
Result<void> copyKeys(const File& file, std::optional<std::uint32_t> type, Keys& keys, Wanted wanted)
{
    auto header = readGguf(file, false);
    if (!header)
        return failure(header);
    std::uint64_t begin = 24; // behind magic, version and the two counts
    for (const GgufKey& key : header->keys) {
        const std::uint64_t end = key.at + key.bytes;
        if (wanted(key.key)) {
            std::string text(end - begin, '\0');
            if (auto done = file.readAt(begin, std::as_writable_bytes(std::span(text))); !done)
                return done;
            if (key.key == "general.file_type" && key.type == GgufType::U32 && type)
                text.replace(key.at - begin, sizeof *type, reinterpret_cast<const char*>(&*type), sizeof *type);
            keys.add(text);
        }
        begin = end;
    }
    keys.version = header->version;
    keys.alignment = header->alignment;
    return {};
}

Result<void> appendTensor(std::string& text, const TensorInfo& info, std::uint64_t offset, const std::string& where)
{
    const auto type = info.dtype == DType::Opaque ? ggmlType(std::string_view(info.storedType)) : ggmlType(info.dtype);
    if (!type)
        return fail(ErrorCode::BadArgument, where, said(CORE_TEXT("reasons", "GGUF cannot hold %1 as %2"), info.name, info.storedType));
    append(text, static_cast<std::uint64_t>(info.name.size()));
    text += info.name;
    append(text, static_cast<std::uint32_t>(info.shape.size()));
    for (auto extent = info.shape.rbegin(); extent != info.shape.rend(); ++extent)
        append(text, *extent);
    append(text, type->id);
    append(text, offset);
    return {};
}

// Header and size of a file with these keys and `plan.tensors`.
Result<FilePlan> laidOut(const TensorSource& edited, FilePlan plan, const Keys& keys)
{
    plan.alignment = keys.alignment;
    plan.header = "GGUF";
    append(plan.header, keys.version);
    append(plan.header, static_cast<std::uint64_t>(plan.tensors.size()));
    append(plan.header, keys.count);
    plan.header += keys.text;
    std::uint64_t at = 0;
    for (const std::size_t tensor : plan.tensors) {
        if (auto done = appendTensor(plan.header, edited.tensors()[tensor], at, plan.name); !done)
            return failure(done);
        at += padded(edited.tensors()[tensor].bytes, plan.alignment);
    }
    plan.header.resize(padded(plan.header.size(), plan.alignment));
    plan.bytes = plan.header.size() + at;
    return plan;
}

bool isSplitKey(std::string_view name) { return name.starts_with("split."); }

// All keys of the source's files, each name once, without those of a split.
Result<Keys> keysOfWhole(const TensorSource& edited, const Checkpoint& layout)
{
    std::vector<std::size_t> all(layout.tensors().size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto type = fileTypeOf(edited, all);
    Keys keys;
    std::set<std::string> seen;
    std::uint64_t alignment = 0; // that of the file whose key is taken
    for (const CheckpointFile& file : layout.files()) {
        const bool had = seen.contains("general.alignment");
        auto done = copyKeys(*file.file, type, keys, [&](const std::string& name) { return !isSplitKey(name) && seen.insert(name).second; });
        if (!done)
            return failure(done);
        if (!had)
            alignment = keys.alignment;
    }
    keys.alignment = alignment;
    return keys;
}

// "NAME" of NAME.gguf and of NAME-00001-of-00003.gguf.
std::string plainName(const std::string& name)
{
    static const std::regex ending("(-[0-9]{5}-of-[0-9]{5})?\\.gguf$");
    return std::regex_replace(name, ending, "");
}

} // namespace

Result<std::vector<FilePlan>> newGgufFiles(const TensorSource& edited, const Checkpoint& layout)
{
    std::vector<std::vector<std::size_t>> tensors(layout.files().size());
    for (std::size_t i = 0; i < layout.tensors().size(); ++i)
        tensors[layout.tensors()[i].at.file].push_back(i);
    std::vector<FilePlan> files;
    for (std::size_t i = 0; i < layout.files().size(); ++i) {
        std::ranges::stable_sort(tensors[i], {}, [&](std::size_t tensor) { return layout.tensors()[tensor].at.offset; });
        const CheckpointFile& file = layout.files()[i];
        Keys keys;
        if (auto done = copyKeys(*file.file, fileTypeOf(edited, tensors[i]), keys, [](const std::string&) { return true; }); !done)
            return failure(done);
        auto plan = laidOut(edited, {.name = file.name, .source = i, .tensors = tensors[i]}, keys);
        if (!plan)
            return failure(plan);
        files.push_back(std::move(*plan));
    }
    return files;
}

Result<std::vector<FilePlan>> splitGgufFiles(const TensorSource& edited, const Checkpoint& layout, std::uint64_t shardBytes)
{
    const std::string name = plainName(layout.files().front().name);
    auto whole = keysOfWhole(edited, layout);
    if (!whole)
        return failure(whole);
    const auto shards = shardsOf(edited, layout, shardBytes);
    if (shards.size() > maxParts)
        return fail(ErrorCode::BadArgument, layout.root().string(),
                    said(CORE_TEXT("reasons", "%1 parts are more than a GGUF split can have (%2); larger shards are needed"), shards.size(), maxParts));
    std::vector<FilePlan> files;
    for (std::size_t i = 0; i < shards.size(); ++i) {
        Keys keys{whole->version, 0, whole->alignment, {}};
        if (i == 0)
            keys = *whole;
        else if (keys.alignment != 32)
            keys.add(numberKey("general.alignment", GgufType::U32, static_cast<std::uint32_t>(keys.alignment)));
        if (shards.size() > 1) {
            keys.add(numberKey("split.no", GgufType::U16, static_cast<std::uint16_t>(i)));
            keys.add(numberKey("split.count", GgufType::U16, static_cast<std::uint16_t>(shards.size())));
            keys.add(numberKey("split.tensors.count", GgufType::I32, static_cast<std::int32_t>(layout.tensors().size())));
        }
        const std::string file = shards.size() == 1 ? name + ".gguf" : fmt::format("{}-{:05}-of-{:05}.gguf", name, i + 1, shards.size());
        auto plan = laidOut(edited, {.name = file, .tensors = shards[i]}, keys);
        if (!plan)
            return failure(plan);
        files.push_back(std::move(*plan));
    }
    return files;
}

} // namespace wb
