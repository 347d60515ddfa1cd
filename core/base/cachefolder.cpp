#include "core/base/cachefolder.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <vector>

namespace wb {

namespace fs = std::filesystem;

fs::path cacheFolder(std::string_view name)
{
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const fs::path base = cache != nullptr && *cache != '\0' ? fs::path(cache) : fs::path(home != nullptr ? home : "/") / ".cache";
    return base / "weightbench" / name;
}

void removeOldest(const fs::path& folder, std::string_view ending, std::uint64_t limit, const fs::path& kept)
{
    struct Kept {
        fs::file_time_type time;
        std::uint64_t bytes;
        fs::path path;
    };
    std::vector<Kept> files;
    std::uint64_t total = 0;
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
        std::error_code problem;
        if (entry.path().extension() != ending || !entry.is_regular_file(problem))
            continue;
        files.push_back({entry.last_write_time(problem), entry.file_size(problem), entry.path()});
        total += problem ? 0 : files.back().bytes;
    }
    std::ranges::sort(files, {}, &Kept::time);
    for (const Kept& file : files) {
        if (total <= limit)
            return;
        if (file.path != kept && fs::remove(file.path, ignored))
            total -= file.bytes;
    }
}

} // namespace wb
