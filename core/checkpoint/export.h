// Writes a checkpoint with staged edits, and proves what it wrote. As long as types and shards stay, an export is the
// source's own files with the byte ranges of touched tensors replaced: headers, key order, metadata and padding stay as
// they are. Files without a touched tensor are shared (reflink, or hard link on request) or copied. With another stored type
// (a converted source) or shard size the files are laid out anew.
//
// Everything is written into a staging folder beside the destination, synced, opened again by the strict reader, hashed
// and compared; one rename publishes it (of a file with its manifest beside it: publish.h). Killed at any moment the
// destination is absent (or as it was) or complete, and the next export beside it removes what was left.
#pragma once

#include "core/base/progress.h"
#include "core/checkpoint/fileplan.h"

#include <filesystem>
#include <string>
#include <vector>

namespace wb {

struct ExportOptions {
    bool replace = false;        // an existing destination is exchanged for the new one in one step
    bool link = false;           // hard links for untouched files: they then share bytes with the source
    bool fromDisk = false;       // drop the written pages first, so that the proof reads the device
    std::uint64_t shardBytes = 0; // lay out anew in shards of at most so much tensor data, in a folder; 0 keeps the files
    bool allowNonFinite = false; // otherwise new NaN or Inf is NotFinite and nothing is written
    std::vector<std::shared_ptr<const Json>> recipes; // recorded in the manifest, so that verify can replay them
    const FileCalls* calls = nullptr;                 // nullptr: the system's
};

// What would be written; nothing is created.
struct ExportPlan {
    std::filesystem::path destination;
    std::uint64_t bytesToWrite = 0;        // of files that are not shared
    std::uint64_t freeBytes = 0;           // where the destination will be
    std::vector<FilePlan> files;
    bool newLayout = false;                // with an index of its own, if there are several files
    bool isFolder = false;                 // as the source is one, or because it is cut into shards
    std::vector<std::size_t> touched;      // tensors whose fingerprint differs from the layout's
    // Names of the files that are written anew, or that are shared.
    [[nodiscard]] std::vector<std::string> names(bool shared) const;
};

struct ExportReport {
    std::vector<std::string> written;
    std::vector<std::string> linkedOrCopied;
    std::uint64_t tensors = 0;
    std::uint64_t tensorsChanged = 0;   // bytes differ from the source; each of them touched by an edit
    std::uint64_t tensorsIdentical = 0;
    std::uint64_t bytesWritten = 0;
    bool finite = true;                 // no NaN or Inf in the changed tensors
    bool verified = false;              // opened again, hashed and compared
    std::string manifest;               // path
    double seconds = 0;
    [[nodiscard]] Json toJson() const;
    // "1 of 90 tensors differs, as intended; 89 bit-equal; all finite."
    [[nodiscard]] std::string proof() const;
};

// Refuses: destination = source (through links too) or inside it, an existing destination without `replace`, absent
// tensors, a full disk (size + 1 %), a folder that cannot be written.
// `edited` has the tensors of `layout`: a PatchedSource over it, or the checkpoint itself.
[[nodiscard]] Result<ExportPlan> planExport(const TensorSource& edited, const Checkpoint& layout,
                                            const std::filesystem::path& to, const ExportOptions& options = {});
// `edited` with all float and quantised tensors in one type, as files of the layout's format hold them.
[[nodiscard]] SourcePtr convertedFor(const Checkpoint& layout, SourcePtr edited, DType dtype);
[[nodiscard]] Result<ExportReport> exportCheckpoint(const TensorSource& edited, const Checkpoint& layout,
                                                    const std::filesystem::path& to, const ExportOptions& options,
                                                    Progress& progress);

} // namespace wb
