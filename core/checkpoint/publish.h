// Puts a finished export in its place. A folder needs one rename. A single file has its manifest beside it, and two names
// cannot change in one step: the manifest comes first, and while an older file is still there it tells of both, so that
// whichever of the two a kill leaves is the one that the manifest describes.
#pragma once

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/progress.h"

#include <filesystem>

namespace wb {

struct Publication {
    std::filesystem::path staging;     // folder with the files, each synced
    std::filesystem::path destination; // absolute
    bool isFolder = false;             // the staging folder itself becomes the destination
    bool replace = false;              // what exists is exchanged for the new; it ends in the staging folder
};

// Of a single file that is replaced: the staged manifest that tells of both, beside the one that stays.
[[nodiscard]] std::filesystem::path manifestOfBoth(const Publication& publication);
// What that manifest says of the file that is there: its own manifest, or its hash when it has none.
[[nodiscard]] Result<Json> manifestOfReplaced(const std::filesystem::path& file, Progress& progress);

// After an error the destination is what it was, except that the last sync of its folder may fail behind the renames.
[[nodiscard]] Result<void> publish(const Publication& publication, const FileCalls& calls);

} // namespace wb
