#include "core/checkpoint/knownhashes.h"

#include "core/base/hash.h"
#include "core/checkpoint/manifest.h"

#include <fmt/format.h>

#include <chrono>
#include <system_error>

namespace wb {
namespace {

constexpr std::uint64_t maxRecordBytes = 512;
constexpr std::size_t hashLength = 5 + 32; // "xxh3:" and hex digits

std::string headOf(const FileIdentity& identity)
{
    return fmt::format("weightbench-hash-1 {} {} {} {} ", identity.device, identity.inode, identity.size, identity.modifiedNs);
}

// A file that was written a moment ago can be written again within the same tick of the file system's clock.
bool isSettled(const FileIdentity& identity)
{
    using namespace std::chrono;
    constexpr nanoseconds coarsest = seconds(2); // of FAT
    const auto now = duration_cast<nanoseconds>(system_clock::now().time_since_epoch());
    return now - nanoseconds(identity.modifiedNs) > coarsest;
}

} // namespace

std::filesystem::path KnownHashes::recordOf(const FileIdentity& identity) const
{
    return m_folder / (wb::xxh3(fmt::format("{} {}", identity.device, identity.inode)) + ".hash");
}

std::optional<std::string> KnownHashes::find(const FileIdentity& identity) const
{
    const auto record = readText(recordOf(identity), maxRecordBytes);
    const std::string head = headOf(identity);
    if (!record || !record->starts_with(head + "xxh3:") || record->size() != head.size() + hashLength + 1)
        return std::nullopt;
    return record->substr(head.size(), hashLength);
}

void KnownHashes::keep(const FileIdentity& identity, const std::string& hash) const
{
    std::error_code problem;
    std::filesystem::create_directories(m_folder, problem);
    const std::filesystem::path record = recordOf(identity);
    if (problem || !writeTextAtomically(record, headOf(identity) + hash + "\n"))
        return;
    removeOldest(m_folder, ".hash", maxFolderBytes, record);
}

Result<std::string> KnownHashes::xxh3(const File& file, Progress& progress) const
{
    const FileIdentity& identity = file.identity();
    if (auto known = find(identity)) {
        if (auto unchanged = file.checkUnchanged(); !unchanged)
            return failure(unchanged);
        return progress.advance(identity.size) ? Result<std::string>(std::move(*known)) : cancelledError();
    }
    const bool settled = isSettled(identity);
    auto hash = xxh3OfFile(file, progress);
    if (hash && settled && file.checkUnchanged())
        keep(identity, *hash);
    return hash;
}

} // namespace wb
