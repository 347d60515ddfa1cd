// Hashes of whole files that an export shares with its source, kept on disk by the file's identity: a base of 20 GB is not
// read again for every export that links its untouched shards. The figure is what the file held when it was hashed first;
// a file that was written since has another identity and is hashed again. Safe from any thread.
#pragma once

#include "core/base/cachefolder.h"
#include "core/base/file.h"
#include "core/base/progress.h"

#include <filesystem>
#include <optional>
#include <string>

namespace wb {

class KnownHashes {
public:
    static constexpr std::uint64_t maxFolderBytes = std::uint64_t{1} << 20; // the oldest leave first

    // Below $XDG_CACHE_HOME/weightbench, or ~/.cache/weightbench.
    explicit KnownHashes(std::filesystem::path folder = cacheFolder("hashes")) : m_folder(std::move(folder)) {}

    // xxh3OfFile, from disk where it is known. A record that is damaged or of another version is as if it were not there,
    // and one that cannot be written is done without.
    [[nodiscard]] Result<std::string> xxh3(const File& file, Progress& progress) const;

private:
    [[nodiscard]] std::filesystem::path recordOf(const FileIdentity& identity) const;
    [[nodiscard]] std::optional<std::string> find(const FileIdentity& identity) const;
    void keep(const FileIdentity& identity, const std::string& hash) const;

    std::filesystem::path m_folder;
};

} // namespace wb
