#include "core/checkpoint/open.h"

#include "core/base/because.h"
#include "core/checkpoint/folder.h"
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/opengguf.h"
#include "core/checkpoint/opennumpy.h"
#include "core/checkpoint/opentorch.h"
#include "core/checkpoint/safetensors.h"
#include "core/checkpoint/shardindex.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace wb {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t maxConfigBytes = 16U << 20;

// "a, b, c and 4 more"
Sentence listed(const std::vector<std::string>& names)
{
    constexpr std::size_t shown = 3;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), shown); ++i)
        text += (i == 0 ? "" : ", ") + names[i];
    return names.size() > shown ? said(CORE_TEXT("reasons", "%1 and %2 more"), text, names.size() - shown) : said("%1", text);
}

// Reads one file and appends it and its tensors to `content`. `wanted` says which tensors of it are the model's.
template <typename Wanted>
Result<void> addFile(CheckpointContent& content, const fs::path& path, const std::string& name, bool limits,
                     Wanted wanted)
{
    auto file = File::open(path);
    if (!file)
        return failure(file);
    if (looksLikeNumpy(*file))
        return addNumpyFile(content, std::move(*file), name, wanted);
    if (looksLikeTorch(*file))
        return addTorchFile(content, std::move(*file), name, wanted);
    auto header = readSafetensors(*file, limits);
    if (!header)
        return failure(header);
    const std::size_t index = content.files.size();
    for (TensorInfo& tensor : header->tensors) {
        tensor.at.file = index;
        if (wanted(tensor))
            content.tensors.push_back(std::move(tensor));
    }
    if (header->warning)
        content.warnings.push_back(*header->warning);
    content.files.push_back({std::make_shared<const File>(std::move(*file)), name, header->dataBegin, header->dataEnd,
                             std::move(header->metadata)});
    return {};
}

void readConfig(CheckpointContent& content, const fs::path& path)
{
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return;
    auto json = readJson(path, true, maxConfigBytes);
    if (!json)
        content.warnings.push_back(errorOf(ErrorCode::ConfigInvalid, path.string(), because(json.error())));
    else if (!json->is_object())
        content.warnings.push_back(errorOf(ErrorCode::ConfigInvalid, path.string(), said(CORE_TEXT("reasons", "it is not an object"))));
    else
        content.config = std::make_shared<const Json>(std::move(*json));
}

// The three-way reconciliation of index, shards and files.
class IndexedReader {
public:
    IndexedReader(CheckpointContent& content, const ShardIndex& index, bool limits)
        : m_content(content), m_index(index), m_limits(limits)
    {
    }

    Result<void> read()
    {
        std::optional<Error> first;
        for (const auto& [shard, tensors] : m_index.tensorsOf) {
            auto done = readShard(shard, tensors);
            if (!done && !first)
                first = done.error();
            if (!done && done.error().code == ErrorCode::IndexShardPath)
                return done;
        }
        if (m_content.files.empty())
            return tl::unexpected(*first);
        checkTotal();
        return {};
    }

private:
    // Reasons that concern this shard only become warnings; its tensors are then absent.
    Result<void> readShard(const std::string& shard, const std::vector<std::string>& tensors)
    {
        const fs::path path = m_content.root / shard;
        std::error_code ignored;
        if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored))
            return fail(ErrorCode::IndexShardPath, (m_content.root / m_content.indexName).string(), shard);
        std::set<std::string> promised(tensors.begin(), tensors.end());
        std::vector<std::string> unlisted, copies;
        auto done = addFile(m_content, path, shard, m_limits, [&](const TensorInfo& tensor) {
            if (promised.erase(tensor.name) != 0)
                return true;
            const auto elsewhere = m_index.shardOf.find(tensor.name);
            (elsewhere == m_index.shardOf.end() ? unlisted : copies).push_back(tensor.name);
            return elsewhere == m_index.shardOf.end() && m_unlisted.insert(tensor.name).second;
        });
        const std::vector<std::string> missing(promised.begin(), promised.end());
        m_content.absent.insert(m_content.absent.end(), missing.begin(), missing.end());
        if (!done && done.error().code == ErrorCode::FileNotFound)
            warn(ErrorCode::ShardMissing, shard, std::to_string(missing.size()));
        else if (!done)
            warn(ErrorCode::ShardInvalid, shard, because(done.error()));
        else if (!missing.empty())
            warn(ErrorCode::IndexTensorMissing, listed(missing), shard);
        if (!unlisted.empty())
            warn(ErrorCode::IndexTensorUnlisted, listed(unlisted), shard);
        if (!copies.empty())
            warn(ErrorCode::IndexTensorCopy, listed(copies), shard);
        return done;
    }

    void checkTotal()
    {
        std::uint64_t total = 0;
        for (const TensorInfo& tensor : m_content.tensors)
            total += tensor.bytes;
        if (m_content.absent.empty() && m_index.totalSize && *m_index.totalSize != total)
            warn(ErrorCode::IndexTotalSize, std::to_string(*m_index.totalSize), std::to_string(total));
    }

    template <typename... Args>
    void warn(ErrorCode code, const Args&... args)
    {
        m_content.warnings.push_back(errorOf(code, (m_content.root / m_content.indexName).string(), args...));
    }

    CheckpointContent& m_content;
    const ShardIndex& m_index;
    bool m_limits;
    std::set<std::string> m_unlisted;
};

Result<void> readUnindexed(CheckpointContent& content, const FolderContent& found, bool limits)
{
    std::set<std::string> names;
    std::vector<std::string> copies;
    for (const std::string& name : found.weights) {
        auto done = addFile(content, content.root / name, name, limits, [&](const TensorInfo& tensor) {
            if (names.insert(tensor.name).second)
                return true;
            copies.push_back(tensor.name);
            return false;
        });
        if (!done)
            return done;
    }
    if (!copies.empty())
        content.warnings.push_back(errorOf(ErrorCode::IndexTensorCopy, content.root.string(), listed(copies), said(CORE_TEXT("reasons", "more than one shard"))));
    for (const std::string& name : found.missing) {
        content.warnings.push_back(errorOf(ErrorCode::ShardMissing, content.root.string(), name, said(CORE_TEXT("reasons", "its"))));
        content.absent.push_back(name);
    }
    return {};
}

Result<CheckpointPtr> openFolder(const fs::path& folder, const std::string& indexName, const OpenOptions& options)
{
    auto found = lookInto(folder);
    if (!found)
        return failure(found);
    CheckpointContent content;
    content.root = folder;
    content.isFolder = true;
    content.sidecars = std::move(found->sidecars);
    content.indexName = indexName.empty() ? found->index : indexName;
    std::vector<std::string> leftOut = std::move(found->leftOut);
    if (!content.indexName.empty()) {
        auto index = readShardIndex(folder / content.indexName);
        if (!index)
            return failure(index);
        if (auto done = IndexedReader(content, *index, options.limits).read(); !done)
            return failure(done);
        std::erase_if(leftOut, [&](const std::string& name) { return index->tensorsOf.contains(name); });
    } else if (!found->gguf.empty()) {
        if (auto done = readGgufFiles(content, folder, found->gguf, options.limits); !done)
            return failure(done);
    } else if (auto done = readUnindexed(content, *found, options.limits); !done) {
        return failure(done);
    }
    if (!leftOut.empty())
        content.warnings.push_back(errorOf(ErrorCode::WeightsLeftOut, folder.string(), listed(leftOut)));
    if (content.format != Format::Gguf)
        readConfig(content, folder / "config.json");
    return std::make_shared<const Checkpoint>(std::move(content));
}

bool isGguf(const fs::path& path)
{
    const auto file = File::open(path);
    return file && looksLikeGguf(*file);
}

// A split, opened by any of its parts, is exported as a folder of its parts.
Result<CheckpointPtr> openGguf(CheckpointContent content, const OpenOptions& options)
{
    const fs::path folder = content.root.parent_path();
    const std::vector<std::string> parts = partsOf(content.root.filename().string());
    content.isFolder = parts.size() > 1;
    if (content.isFolder)
        content.root = folder;
    if (auto done = readGgufFiles(content, folder, parts, options.limits); !done)
        return failure(done);
    return std::make_shared<const Checkpoint>(std::move(content));
}

Result<CheckpointPtr> openFile(const fs::path& path, const OpenOptions& options)
{
    CheckpointContent content;
    content.root = path;
    if (path.extension() == ".gguf" || isGguf(path))
        return openGguf(std::move(content), options);
    auto done = addFile(content, path, path.filename().string(), options.limits, [](const TensorInfo&) { return true; });
    if (!done)
        return failure(done);
    if (path.filename() == "model.safetensors" || path.filename() == "pytorch_model.bin") // others in a folder of loose files have nothing to do with its config
        readConfig(content, path.parent_path() / "config.json");
    return std::make_shared<const Checkpoint>(std::move(content));
}

} // namespace

Result<CheckpointPtr> openCheckpoint(const fs::path& path, const OpenOptions& options)
{
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error).lexically_normal();
    const fs::file_status status = fs::status(absolute, error);
    if (status.type() == fs::file_type::not_found)
        return fail(ErrorCode::FileNotFound, path.string());
    if (status.type() == fs::file_type::directory)
        return openFolder(absolute, "", options);
    const std::string name = absolute.filename().string();
    if (name.ends_with(".safetensors.index.json") || name.ends_with(".bin.index.json"))
        return openFolder(absolute.parent_path(), name, options);
    return openFile(absolute, options);
}

} // namespace wb
