// model.safetensors.index.json: which shard holds which tensor.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace wb {

struct ShardIndex {
    std::unordered_map<std::string, std::string> shardOf;     // tensor → shard, a plain file name
    std::map<std::string, std::vector<std::string>> tensorsOf; // shard → tensors
    std::optional<std::uint64_t> totalSize;                   // sum of tensor bytes
};

// Shard names are checked to be files of this folder: no separators, no "..", nothing absolute.
[[nodiscard]] Result<ShardIndex> readShardIndex(const std::filesystem::path& path);

} // namespace wb
