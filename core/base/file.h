// Reading and writing files by exact ranges. Sources are read with pread, never mapped: a mapping of a user's file
// can kill the process when the file is truncated under it.
#pragma once

#include "core/base/openfiles.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace wb {

// An open file, read only. Movable; reads are safe from any thread. Any number of them may be open (openfiles.h).
class File {
public:
    static Result<File> open(const std::filesystem::path& path);

    // Fills `out` exactly or fails; a short read names both lengths.
    Result<void> readAt(std::uint64_t offset, std::span<std::byte> out) const;
    // Fails with SourceChanged when the path or the open file is no longer what it was when opened.
    Result<void> checkUnchanged() const;
    // Drops the file's clean pages from the cache, so that the next read comes from the device.
    void dropCache() const;

    [[nodiscard]] const std::filesystem::path& path() const { return m_file->path(); }
    [[nodiscard]] const FileIdentity& identity() const { return m_file->identity(); }
    [[nodiscard]] std::uint64_t size() const { return identity().size; }
    // For a call to the system while the caller holds it.
    [[nodiscard]] Result<DescriptorPtr> descriptor() const { return m_file->descriptor(); }

private:
    explicit File(std::unique_ptr<OpenedFile> file) : m_file(std::move(file)) {}
    std::unique_ptr<OpenedFile> m_file;
};

// The calls an export makes to the system. Tests replace one to make the n-th call fail.
struct FileCalls {
    std::function<int(const char* path)> createExclusive;
    std::function<int(int fd, std::uint64_t size)> allocate; // 0 or an errno value
    std::function<std::int64_t(int fd, const void* data, std::size_t size, std::uint64_t offset)> write;
    std::function<int(int fd)> sync;
    std::function<int(int fd)> close;
    // `exchange` swaps two existing names in one step; otherwise an existing `to` is EEXIST.
    std::function<int(const char* from, const char* to, bool exchange)> rename;
    static const FileCalls& system();
};

// A new file being written. Its destructor closes but does not publish or delete.
class OutputFile {
public:
    // Fails when `path` exists. `size` is reserved at once, so that a full disk is noticed before writing.
    static Result<OutputFile> create(const std::filesystem::path& path, std::uint64_t size,
                                     const FileCalls& calls);
    OutputFile(OutputFile&& other) noexcept;
    OutputFile& operator=(OutputFile&&) = delete;
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile();

    Result<void> writeAt(std::uint64_t offset, std::span<const std::byte> data);
    // fsync and close; a failure of either is final for this file (never retried).
    Result<void> finish();
    [[nodiscard]] int descriptor() const { return m_descriptor; }

private:
    OutputFile(int descriptor, std::filesystem::path path, const FileCalls& calls);
    int m_descriptor = -1;
    std::filesystem::path m_path;
    const FileCalls* m_calls;
};

// fsync of a folder, after creating or renaming in it.
[[nodiscard]] Result<void> syncFolder(const std::filesystem::path& folder, const FileCalls& calls);
// Whole small file; larger than `limit` is an error.
[[nodiscard]] Result<std::string> readText(const std::filesystem::path& path, std::uint64_t limit);
// Writes a small file beside `path`, syncs it and renames it over `path`.
[[nodiscard]] Result<void> writeTextAtomically(const std::filesystem::path& path, const std::string& text,
                                               const FileCalls& calls = FileCalls::system());
// Turns errno of a failed write into DiskFull, CannotCreate or WriteFailed.
[[nodiscard]] Error writeError(int errorNumber, const std::filesystem::path& path);
// "No such file or directory"; safe from any thread.
[[nodiscard]] std::string systemMessage(int errorNumber);
// Call once at start: a full disk or a lost pipe must be an error value, not the death of the process, and a
// checkpoint may have more shards than the soft limit of open files.
void prepareProcess();

} // namespace wb
