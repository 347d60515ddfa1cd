#include "core/checkpoint/export.h"

#include "core/checkpoint/ggufplan.h"
#include "core/checkpoint/manifest.h"
#include "core/tensor/convertedsource.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include <sys/statvfs.h>
#include <unistd.h>

namespace wb {
namespace {

namespace fs = std::filesystem;

// Absolute, without a trailing slash; relative names are relative to the current folder even when nothing exists there.
fs::path absoluteDestination(const fs::path& to)
{
    fs::path path = (fs::current_path() / to).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

// Through links of any kind.
bool isSource(const Checkpoint& layout, const fs::path& destination)
{
    std::error_code ignored;
    if (fs::equivalent(destination, layout.root(), ignored))
        return true;
    const auto existing = identify(destination);
    for (const CheckpointFile& file : layout.files())
        if (existing && existing->sameFile(file.file->identity()))
            return true;
    return false;
}

bool isInsideSource(const Checkpoint& layout, const fs::path& destination)
{
    std::error_code ignored;
    for (fs::path up = destination.parent_path(); layout.isFolder() && up != up.parent_path(); up = up.parent_path())
        if (fs::equivalent(up, layout.root(), ignored))
            return true;
    return false;
}

// An existing destination is replaced only when it is something that an export could have made.
Result<void> checkReplaceable(const fs::path& destination, bool isFolder)
{
    std::error_code ignored;
    const fs::file_status status = fs::symlink_status(destination, ignored);
    if (isFolder != fs::is_directory(status))
        return fail(ErrorCode::DestinationNotOurs, destination.string(),
                    said(isFolder ? CORE_TEXT("reasons", "it is not a folder") : CORE_TEXT("reasons", "it is not a regular file")));
    if (isFolder && !fs::exists(destination / manifestName, ignored))
        return fail(ErrorCode::DestinationNotOurs, destination.string(), said(CORE_TEXT("reasons", "it is a folder that no export has made")));
    return {};
}

// The name of a file's manifest is ours to use when nothing, or a manifest, has it.
Result<void> checkManifestPlace(const fs::path& destination)
{
    std::error_code ignored;
    const fs::path manifest = manifestPath(destination, false);
    if (!fs::exists(fs::symlink_status(manifest, ignored)) || readManifest(manifest))
        return {};
    return fail(ErrorCode::DestinationNotOurs, manifest.string(), said(CORE_TEXT("reasons", "it is not the manifest of an export")));
}

// Programs go by the ending: a file of another format than it says would be refused by them, with words about its bytes.
Result<void> checkEnding(const Checkpoint& layout, const ExportPlan& plan)
{
    static constexpr std::array known = {".safetensors", ".gguf", ".bin", ".pt", ".pth", ".npz"};
    const std::string ending = plan.destination.extension().string();
    const std::string_view written = nameOfFormat(layout.format() == Format::Gguf ? Format::Gguf : Format::Safetensors); // torch's too
    if (plan.isFolder || std::ranges::find(known, ending) == known.end() || std::string_view(ending).substr(1) == written)
        return {};
    return fail(ErrorCode::BadArgument, plan.destination.string(), said(CORE_TEXT("reasons", "the name ends in %1 but a .%2 file would be written"), ending, written));
}

Result<void> checkPlace(const Checkpoint& layout, const ExportPlan& plan, const ExportOptions& options)
{
    const fs::path& destination = plan.destination;
    if (isSource(layout, destination))
        return fail(ErrorCode::DestinationIsSource, destination.string(), said(CORE_TEXT("reasons", "the destination is the source itself (%1), which is never written"), layout.root().string()));
    if (isInsideSource(layout, destination))
        return fail(ErrorCode::DestinationIsSource, destination.string(),
                    said(CORE_TEXT("reasons", "the destination lies inside of the source's own folder (%1), in which nothing is written"), layout.root().string()));
    if (auto named = checkEnding(layout, plan); !named)
        return named;
    const fs::path parent = destination.parent_path();
    std::error_code ignored;
    if (!fs::is_directory(parent, ignored))
        return fail(ErrorCode::CannotCreate, destination.string(), said(CORE_TEXT("reasons", "there is no folder %1"), parent.string()));
    if (::access(parent.c_str(), W_OK | X_OK) != 0)
        return fail(ErrorCode::CannotCreate, destination.string(), systemMessage(errno));
    if (fs::exists(fs::symlink_status(destination, ignored))) {
        if (!options.replace)
            return fail(ErrorCode::DestinationExists, destination.string());
        if (auto done = checkReplaceable(destination, plan.isFolder); !done)
            return done;
    }
    return plan.isFolder ? Result<void>() : checkManifestPlace(destination);
}

Result<void> checkSpace(ExportPlan& plan)
{
    struct statvfs space{};
    if (::statvfs(plan.destination.parent_path().c_str(), &space) != 0)
        return {}; // a file system that does not say; a full one shows while writing
    plan.freeBytes = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
    const std::uint64_t needed = plan.bytesToWrite + plan.bytesToWrite / 100;
    if (needed > plan.freeBytes)
        return fail(ErrorCode::DiskFull, plan.destination.string(), std::to_string(needed), std::to_string(plan.freeBytes));
    return {};
}

// A new type without a wish for shards: as large as the largest file was, and never a single one where there were several.
std::uint64_t shardLimit(const Checkpoint& layout, const ExportOptions& options)
{
    if (options.shardBytes != 0 || layout.files().size() == 1)
        return options.shardBytes;
    std::uint64_t largest = 1;
    for (const CheckpointFile& file : layout.files())
        largest = std::max(largest, file.dataEnd - file.dataBegin);
    return largest;
}

Result<std::vector<FilePlan>> filesOf(const TensorSource& edited, const Checkpoint& layout, const ExportPlan& plan,
                                      const ExportOptions& options)
{
    if (!plan.newLayout)
        return keptFiles(layout, plan.touched);
    if (layout.format() == Format::Gguf)
        return options.shardBytes == 0 ? newGgufFiles(edited, layout) : splitGgufFiles(edited, layout, options.shardBytes);
    return newFiles(edited, layout, shardLimit(layout, options));
}

} // namespace

std::vector<std::string> ExportPlan::names(bool shared) const
{
    std::vector<std::string> list;
    for (const FilePlan& file : files)
        if (file.shared == shared)
            list.push_back(file.name);
    return list;
}

SourcePtr convertedFor(const Checkpoint& layout, SourcePtr edited, DType dtype)
{
    return converted(std::move(edited), dtype, layout.format() == Format::Gguf ? Vectors::Keep : Vectors::Convert);
}

Result<ExportPlan> planExport(const TensorSource& edited, const Checkpoint& layout, const fs::path& to,
                              const ExportOptions& options)
{
    ExportPlan plan;
    plan.destination = absoluteDestination(to);
    plan.isFolder = layout.isFolder() || options.shardBytes != 0;
    if (!layout.absent().empty())
        return fail(ErrorCode::TensorAbsent, layout.root().string(), std::to_string(layout.absent().size()), layout.absent().front());
    if (auto done = checkPlace(layout, plan, options); !done)
        return failure(done);
    plan.newLayout = options.shardBytes != 0 || layout.isRelaid() || layout.format() == Format::Torch || layout.format() == Format::Numpy;
    for (std::size_t tensor = 0; tensor < layout.tensors().size(); ++tensor)
        if (edited.fingerprint(tensor) != layout.fingerprint(tensor)) {
            plan.touched.push_back(tensor);
            plan.newLayout = plan.newLayout || edited.tensors()[tensor].dtype != layout.tensors()[tensor].dtype;
        }
    auto files = filesOf(edited, layout, plan, options);
    if (!files)
        return failure(files);
    plan.files = std::move(*files);
    if (!plan.isFolder)
        plan.files.front().name = plan.destination.filename().string();
    for (const FilePlan& file : plan.files)
        if (!file.shared || !options.link)
            plan.bytesToWrite += file.bytes;
    for (const std::string& sidecar : layout.sidecars())
        if (const auto identity = identify(layout.root() / sidecar))
            plan.bytesToWrite += identity->size;
    if (auto done = checkSpace(plan); !done)
        return failure(done);
    return plan;
}

} // namespace wb
