// The program's folder of what can be computed again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace wb {

// $XDG_CACHE_HOME/weightbench/NAME, or below ~/.cache.
[[nodiscard]] std::filesystem::path cacheFolder(std::string_view name);

// Removes the files with this ending that were written longest ago until `limit` bytes are left; never `kept`.
void removeOldest(const std::filesystem::path& folder, std::string_view ending, std::uint64_t limit, const std::filesystem::path& kept);

} // namespace wb
