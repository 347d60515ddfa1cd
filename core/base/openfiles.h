// Any number of files held open with a bounded number of descriptors: those used least lately are closed, and opened
// again when they are read. Every function is safe from any thread.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>

namespace wb {

// Which file this is, and whether it has been touched since. The change time is left out on purpose: a hard link made
// by an export changes it.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modifiedNs = 0;
    bool operator==(const FileIdentity&) const = default;
    [[nodiscard]] bool sameFile(const FileIdentity& other) const
    {
        return device == other.device && inode == other.inode;
    }
};

// Follows symlinks. Anything but a regular file (FIFO, folder, device) is an error; it is not opened to find out.
[[nodiscard]] Result<FileIdentity> identify(const std::filesystem::path& path);

// Closes at the end of its life.
class Descriptor {
public:
    explicit Descriptor(int number) : m_number(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();
    [[nodiscard]] int number() const { return m_number; }

private:
    int m_number;
};
using DescriptorPtr = std::shared_ptr<const Descriptor>;

// Of the open file itself, wherever its path leads by now; `path` is for the error.
[[nodiscard]] Result<FileIdentity> identify(const Descriptor& descriptor, const std::filesystem::path& path);

// One file, opened for reading. While more files than `OpenFiles::limit` are in use, its descriptor comes and goes.
class OpenedFile {
public:
    static Result<std::unique_ptr<OpenedFile>> open(const std::filesystem::path& path);
    OpenedFile(const OpenedFile&) = delete;
    OpenedFile& operator=(const OpenedFile&) = delete;
    ~OpenedFile();

    // Stays open as long as the caller holds it. Fails with SourceReplaced when the file had been closed and its path
    // no longer leads to what was opened first.
    [[nodiscard]] Result<DescriptorPtr> descriptor();
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] const FileIdentity& identity() const { return m_identity; }

private:
    friend class OpenFiles;
    OpenedFile(std::filesystem::path path, FileIdentity identity);
    std::filesystem::path m_path;
    FileIdentity m_identity;
    DescriptorPtr m_descriptor;                   // null: closed for the time being; of OpenFiles, under its lock
    std::list<OpenedFile*>::iterator m_place = {}; // in the order of use, while m_descriptor is not null
};

// The files of the process in the order of their use.
class OpenFiles {
public:
    static OpenFiles& instance();
    // Half of what the process may have at first use, so that outputs, sockets and libraries find the other half.
    [[nodiscard]] std::size_t limit() const { return m_limit; }
    // Gives up half of the descriptors, for a process that has no more; false when there are none.
    bool closeSome();

private:
    friend class OpenedFile;
    OpenFiles();
    DescriptorPtr use(OpenedFile& file);
    DescriptorPtr keep(OpenedFile& file, DescriptorPtr descriptor);
    void forget(OpenedFile& file);

    std::mutex m_mutex;
    std::list<OpenedFile*> m_byUse; // latest first
    std::size_t m_limit;
};

} // namespace wb
