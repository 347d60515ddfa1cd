#include "core/checkpoint/shardindex.h"

#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace wb {
namespace {

constexpr std::uint64_t maxIndexBytes = 256U << 20;

// Judged as a Windows path too: the same index is used on every system.
bool isPlainFileName(const std::string& name)
{
    const bool drive = name.size() >= 2 && std::isalpha(static_cast<unsigned char>(name[0])) != 0 && name[1] == ':';
    const bool control = std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    return !name.empty() && name != "." && name != ".." && !drive && !control &&
           name.find_first_of("/\\") == std::string::npos;
}

} // namespace

Result<ShardIndex> readShardIndex(const std::filesystem::path& path)
{
    const std::string where = path.string();
    auto json = readJson(path, false, maxIndexBytes);
    if (!json)
        return failure(json);
    if (!json->is_object() || !json->contains("weight_map") || !(*json)["weight_map"].is_object())
        return fail(ErrorCode::IndexInvalid, where, said(CORE_TEXT("reasons", "it has no weight_map")));
    ShardIndex index;
    for (const auto& [tensor, shard] : (*json)["weight_map"].items()) {
        if (!shard.is_string())
            return fail(ErrorCode::IndexInvalid, where, said(CORE_TEXT("reasons", "the shard of %1 is not a text"), tensor));
        const auto& name = shard.get_ref<const std::string&>();
        if (!isPlainFileName(name))
            return fail(ErrorCode::IndexShardPath, where, name);
        const std::string_view ending = path.filename().string().ends_with(".bin.index.json") ? ".bin" : ".safetensors";
        if (!name.ends_with(ending))
            return fail(ErrorCode::IndexInvalid, where, said(CORE_TEXT("reasons", "the shard %1 is not a %2 file"), name, ending));
        index.shardOf.emplace(tensor, name);
        index.tensorsOf[name].push_back(tensor);
    }
    if (index.tensorsOf.empty())
        return fail(ErrorCode::IndexInvalid, where, said(CORE_TEXT("reasons", "its weight_map is empty")));
    const auto metadata = json->find("metadata");
    if (metadata != json->end() && metadata->is_object() && metadata->contains("total_size")) {
        const Json& total = (*metadata)["total_size"];
        // Some writers put a float; what is no whole number is left unchecked.
        if (total.is_number_unsigned())
            index.totalSize = total.get<std::uint64_t>();
    }
    return index;
}

} // namespace wb
