#include "core/checkpoint/publish.h"

#include "core/checkpoint/manifest.h"

#include <nlohmann/json.hpp>

#include <cerrno>

namespace wb {
namespace {

namespace fs = std::filesystem;

bool isThere(const fs::path& path)
{
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

Result<void> move(const fs::path& from, const fs::path& to, bool exchange, const FileCalls& calls)
{
    if (calls.rename(from.c_str(), to.c_str(), exchange) == 0)
        return {};
    if (errno == EEXIST || errno == ENOTEMPTY)
        return fail(ErrorCode::DestinationExists, to.string());
    return fail(ErrorCode::WriteFailed, to.string(), systemMessage(errno));
}

Result<void> publishFile(const Publication& publication, const FileCalls& calls)
{
    const fs::path& file = publication.destination;
    const fs::path manifest = manifestPath(file, false), staged = publication.staging / manifest.filename();
    const bool both = isThere(manifestOfBoth(publication)), hadManifest = isThere(manifest);
    const fs::path first = both ? manifestOfBoth(publication) : staged;
    if (auto done = move(first, manifest, hadManifest, calls); !done)
        return done;
    auto done = syncFolder(file.parent_path(), calls);
    if (done)
        done = move(publication.staging / file.filename(), file, publication.replace && isThere(file), calls);
    if (!done) { // the one that was there again, or none
        (void)(hadManifest ? move(first, manifest, true, calls) : move(manifest, first, false, calls));
        return done;
    }
    if (both)
        (void)move(staged, manifest, true, calls); // the one that tells of both is right as well
    return {};
}

} // namespace

fs::path manifestOfBoth(const Publication& publication)
{
    fs::path path = publication.staging / publication.destination.filename();
    return path += ".both-manifests.json";
}

Result<Json> manifestOfReplaced(const fs::path& file, Progress& progress)
{
    Manifest manifest;
    if (auto own = readManifest(manifestPath(file, false))) {
        auto report = own->replaces ? verifyFiles(file, progress) // an export was killed here: which of the two is it?
                                    : Result<VerifyReport>({std::move(*own), 0, {}});
        if (!report)
            return failure(report);
        manifest = std::move(report->manifest);
    } else {
        auto identity = identify(file);
        if (!identity)
            return failure(identity);
        auto hash = xxh3OfFile(file, progress);
        if (!hash)
            return failure(hash);
        manifest.files.push_back({file.filename().string(), identity->size, *hash, "found"});
    }
    manifest.replaces = nullptr;
    return manifestJson(manifest);
}

Result<void> publish(const Publication& publication, const FileCalls& calls)
{
    const bool exchange = publication.replace && isThere(publication.destination);
    auto done = publication.isFolder ? move(publication.staging, publication.destination, exchange, calls)
                                     : publishFile(publication, calls);
    return done ? syncFolder(publication.destination.parent_path(), calls) : done;
}

} // namespace wb
