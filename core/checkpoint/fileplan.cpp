#include "core/checkpoint/fileplan.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace wb {
namespace {

// Padded with blanks to a multiple of 8, so that wide types lie aligned.
std::string headerOf(const TensorSource& edited, const std::vector<std::size_t>& tensors,
                     const std::map<std::string, std::string>& metadata)
{
    Json json = Json::object();
    if (!metadata.empty())
        json["__metadata__"] = metadata;
    std::uint64_t at = 0;
    for (const std::size_t tensor : tensors) {
        const TensorInfo& info = edited.tensors()[tensor];
        json[info.name] = {{"dtype", info.storedType}, {"shape", info.shape}, {"data_offsets", {at, at + info.bytes}}};
        at += info.bytes;
    }
    std::string text = dumpJson(json);
    text.resize((text.size() + 7) / 8 * 8, ' ');
    std::uint64_t length = text.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + text;
}

} // namespace

std::vector<FilePlan> keptFiles(const Checkpoint& layout, const std::vector<std::size_t>& touched)
{
    std::vector<FilePlan> files;
    for (std::size_t i = 0; i < layout.files().size(); ++i) {
        const CheckpointFile& file = layout.files()[i];
        files.push_back({.name = file.name, .shared = file.dataEnd == file.file->size(), .source = i, .bytes = file.dataEnd});
    }
    for (const std::size_t tensor : touched)
        files[layout.tensors()[tensor].at.file].shared = false;
    return files;
}

std::vector<std::vector<std::size_t>> shardsOf(const TensorSource& edited, const Checkpoint& layout, std::uint64_t shardBytes)
{
    std::vector<std::size_t> order(layout.tensors().size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t tensor) {
        const Location at = layout.tensors()[tensor].at;
        return std::pair(at.file, at.offset);
    });
    std::vector<std::vector<std::size_t>> shards(1);
    std::uint64_t held = 0;
    for (const std::size_t tensor : order) {
        const std::uint64_t bytes = edited.tensors()[tensor].bytes;
        if (shardBytes != 0 && held != 0 && held + bytes > shardBytes) {
            shards.emplace_back();
            held = 0;
        }
        shards.back().push_back(tensor);
        held += bytes;
    }
    return shards;
}

std::vector<FilePlan> newFiles(const TensorSource& edited, const Checkpoint& layout, std::uint64_t shardBytes)
{
    std::vector<FilePlan> files;
    for (auto& shard : shardsOf(edited, layout, shardBytes))
        files.emplace_back().tensors = std::move(shard);
    for (std::size_t i = 0; i < files.size(); ++i) {
        FilePlan& file = files[i];
        file.name = files.size() == 1 ? "model.safetensors" : fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, files.size());
        const std::size_t from = file.tensors.empty() ? 0 : layout.tensors()[file.tensors.front()].at.file;
        file.header = headerOf(edited, file.tensors, layout.files()[from].metadata);
        file.bytes = file.header.size();
        for (const std::size_t tensor : file.tensors)
            file.bytes += edited.tensors()[tensor].bytes;
    }
    return files;
}

std::string indexOf(const TensorSource& edited, const std::vector<FilePlan>& files)
{
    Json map = Json::object();
    std::uint64_t total = 0;
    for (const FilePlan& file : files)
        for (const std::size_t tensor : file.tensors) {
            map[edited.tensors()[tensor].name] = file.name;
            total += edited.tensors()[tensor].bytes;
        }
    return dumpJson({{"metadata", {{"total_size", total}}}, {"weight_map", map}}, 2) + "\n";
}

} // namespace wb
