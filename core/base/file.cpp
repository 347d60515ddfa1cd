#include "core/base/file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace wb {
namespace {

FileCalls makeSystemCalls()
{
    FileCalls calls;
    calls.createExclusive = [](const char* path) {
        return ::open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    };
    calls.allocate = [](int fd, std::uint64_t size) {
        return ::posix_fallocate(fd, 0, static_cast<off_t>(size));
    };
    calls.write = [](int fd, const void* data, std::size_t size, std::uint64_t offset) -> std::int64_t {
        return ::pwrite(fd, data, size, static_cast<off_t>(offset));
    };
    calls.sync = [](int fd) { return ::fsync(fd); };
    calls.close = [](int fd) { return ::close(fd); };
    calls.rename = [](const char* from, const char* to, bool exchange) {
        const unsigned flags = exchange ? RENAME_EXCHANGE : RENAME_NOREPLACE;
        const int done = static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags));
        if (done == 0 || exchange || (errno != EINVAL && errno != ENOSYS))
            return done;
        // A file system without the flag: the caller has looked, and a folder that is not empty is never replaced.
        return ::rename(from, to);
    };
    return calls;
}

} // namespace

std::string systemMessage(int errorNumber) { return std::generic_category().message(errorNumber); }

Result<File> File::open(const std::filesystem::path& path)
{
    auto file = OpenedFile::open(path);
    if (!file)
        return failure(file);
    return File(std::move(*file));
}

Result<void> File::readAt(std::uint64_t offset, std::span<std::byte> out) const
{
    const auto descriptor = this->descriptor();
    if (!descriptor)
        return failure(descriptor);
    std::size_t done = 0;
    while (done < out.size()) {
        const std::size_t piece = std::min<std::size_t>(out.size() - done, 1U << 30);
        const ssize_t got =
            ::pread((*descriptor)->number(), out.data() + done, piece, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(ErrorCode::CannotOpen, path().string(), systemMessage(errno));
        if (got == 0)
            return fail(ErrorCode::ShortRead, path().string(), std::to_string(out.size()), std::to_string(offset),
                        std::to_string(done));
        done += static_cast<std::size_t>(got);
    }
    return {};
}

Result<void> File::checkUnchanged() const
{
    const auto descriptor = this->descriptor();
    const auto opened = descriptor ? identify(**descriptor, path()) : failure(descriptor);
    const auto now = identify(path());
    if (!opened || *opened != identity() || !now || *now != identity())
        return fail(ErrorCode::SourceChanged, path().string());
    return {};
}

void File::dropCache() const
{
    if (const auto descriptor = this->descriptor())
        ::posix_fadvise((*descriptor)->number(), 0, 0, POSIX_FADV_DONTNEED);
}

const FileCalls& FileCalls::system()
{
    static const FileCalls calls = makeSystemCalls();
    return calls;
}

Error writeError(int errorNumber, const std::filesystem::path& path)
{
    if (errorNumber == ENOSPC || errorNumber == EDQUOT)
        return {ErrorCode::DiskFull, path.string(), {"more", "none"}};
    return {ErrorCode::WriteFailed, path.string(), {systemMessage(errorNumber)}};
}

Result<OutputFile> OutputFile::create(const std::filesystem::path& path, std::uint64_t size, const FileCalls& calls)
{
    const int descriptor = calls.createExclusive(path.c_str());
    if (descriptor < 0)
        return fail(ErrorCode::CannotCreate, path.string(), systemMessage(errno));
    OutputFile file(descriptor, path, calls);
    if (size > 0) {
        const int problem = calls.allocate(descriptor, size);
        // File systems without reservation say so; there a full disk shows while writing.
        if (problem != 0 && problem != EOPNOTSUPP && problem != EINVAL)
            return tl::unexpected(writeError(problem, path));
    }
    return file;
}

OutputFile::OutputFile(int descriptor, std::filesystem::path path, const FileCalls& calls)
    : m_descriptor(descriptor), m_path(std::move(path)), m_calls(&calls)
{
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_path(std::move(other.m_path)), m_calls(other.m_calls)
{
}

OutputFile::~OutputFile()
{
    if (m_descriptor >= 0)
        m_calls->close(m_descriptor);
}

Result<void> OutputFile::writeAt(std::uint64_t offset, std::span<const std::byte> data)
{
    std::size_t done = 0;
    while (done < data.size()) {
        const std::int64_t wrote =
            m_calls->write(m_descriptor, data.data() + done, data.size() - done, offset + done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return tl::unexpected(writeError(wrote < 0 ? errno : ENOSPC, m_path));
        done += static_cast<std::size_t>(wrote);
    }
    return {};
}

Result<void> OutputFile::finish()
{
    const int synced = m_calls->sync(m_descriptor);
    const int syncError = errno;
    const int closed = m_calls->close(std::exchange(m_descriptor, -1));
    if (synced != 0)
        return fail(ErrorCode::SyncFailed, m_path.string(), systemMessage(syncError));
    if (closed != 0)
        return fail(ErrorCode::SyncFailed, m_path.string(), systemMessage(errno));
    return {};
}

Result<void> syncFolder(const std::filesystem::path& folder, const FileCalls& calls)
{
    const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(ErrorCode::SyncFailed, folder.string(), systemMessage(errno));
    const int synced = calls.sync(descriptor);
    const int number = errno;
    ::close(descriptor);
    if (synced != 0)
        return fail(ErrorCode::SyncFailed, folder.string(), systemMessage(number));
    return {};
}

Result<std::string> readText(const std::filesystem::path& path, std::uint64_t limit)
{
    auto file = File::open(path);
    if (!file)
        return failure(file);
    if (file->size() > limit)
        return fail(ErrorCode::FileTooLarge, path.string(), std::to_string(file->size()), std::to_string(limit));
    std::string text(file->size(), '\0');
    if (auto done = file->readAt(0, std::as_writable_bytes(std::span(text))); !done)
        return failure(done);
    return text;
}

Result<void> writeTextAtomically(const std::filesystem::path& path, const std::string& text, const FileCalls& calls)
{
    std::filesystem::path part = path;
    static std::atomic<unsigned> writings; // two threads may write one file, as two windows do on one checkpoint
    part += ".partial-" + std::to_string(::getpid()) + "-" + std::to_string(++writings);
    ::unlink(part.c_str()); // of a former process that had this number
    auto file = OutputFile::create(part, text.size(), calls);
    if (!file)
        return failure(file);
    auto done = file->writeAt(0, std::as_bytes(std::span(text)));
    if (done)
        done = file->finish();
    if (done && ::rename(part.c_str(), path.c_str()) != 0)
        done = tl::unexpected(writeError(errno, path));
    if (!done) {
        ::unlink(part.c_str());
        return done;
    }
    return syncFolder(path.parent_path(), calls);
}

void prepareProcess()
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

} // namespace wb
