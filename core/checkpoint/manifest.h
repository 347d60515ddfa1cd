// weightbench-manifest.json: what an export wrote, file by file, from which base and by which recipes. For a folder it
// lies inside, for a single file beside it as "<file>.manifest.json".
#pragma once

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/checkpoint/folder.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace wb {

struct ManifestFile {
    std::string path; // relative to the export
    std::uint64_t bytes = 0;
    std::string hash; // "sha256:…"; "xxh3:…" (pieces of 1 MiB) for files that share their bytes with the source
    std::string how;  // "written" "copied" "reflinked" "linked"
};

struct Manifest {
    std::string base; // absolute path of the source
    std::string baseLayout; // layoutFingerprint
    std::vector<std::shared_ptr<const Json>> recipes;
    std::string dtype; // of all float tensors, when they were converted; else empty
    std::vector<ManifestFile> files;
    std::vector<std::string> changed; // tensors whose bytes differ from the source
    // Of a single file, until the new one is in its place: the manifest of the one that was there. A file that is what
    // this says is the old one, whole; the export that was to replace it was killed.
    std::shared_ptr<const Manifest> replaces;
};

[[nodiscard]] std::filesystem::path manifestPath(const std::filesystem::path& exported, bool isFolder);
[[nodiscard]] Json manifestJson(const Manifest& manifest);
[[nodiscard]] Result<Manifest> readManifest(const std::filesystem::path& path);

// Hash of a whole file as the manifest states it.
[[nodiscard]] Result<std::string> sha256OfFile(const std::filesystem::path& path, Progress& progress);
[[nodiscard]] Result<std::string> xxh3OfFile(const std::filesystem::path& path, Progress& progress);
[[nodiscard]] Result<std::string> xxh3OfFile(const File& file, Progress& progress);

struct VerifyReport {
    Manifest manifest;
    std::uint64_t bytes = 0;
    std::vector<std::string> differences; // one sentence for each file that is not what the manifest says
};

// Hashes every file of an export again; an old one that was not replaced after all by the manifest that it had.
// Differences are in the report, not an error.
[[nodiscard]] Result<VerifyReport> verifyFiles(const std::filesystem::path& exported, Progress& progress);

} // namespace wb
