#include "core/base/appendfile.h"

#include "core/base/file.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wb {

Result<AppendFile> AppendFile::open(const std::filesystem::path& path)
{
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return tl::unexpected(writeError(errno, path));
    AppendFile file(path, descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        return fail(ErrorCode::BadArgument, path.string(), said(CORE_TEXT("reasons", "another run is writing it")));
    return file;
}

AppendFile::~AppendFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<std::string> AppendFile::read(std::uint64_t limit) const
{
    struct stat status {};
    if (::fstat(m_descriptor, &status) != 0)
        return fail(ErrorCode::CannotOpen, m_path.string(), systemMessage(errno));
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > limit)
        return fail(ErrorCode::FileTooLarge, m_path.string(), std::to_string(size), std::to_string(limit));
    std::string text(size, '\0');
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t got = ::pread(m_descriptor, text.data() + done, text.size() - done, static_cast<off_t>(done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(ErrorCode::CannotOpen, m_path.string(), systemMessage(errno));
        if (got == 0)
            break; // cut since
        done += static_cast<std::size_t>(got);
    }
    text.resize(done);
    return text;
}

Result<void> AppendFile::cut(std::uint64_t size)
{
    if (::ftruncate(m_descriptor, static_cast<off_t>(size)) != 0)
        return tl::unexpected(writeError(errno, m_path));
    return {};
}

Result<void> AppendFile::append(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t done = ::write(m_descriptor, text.data(), text.size());
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return tl::unexpected(writeError(errno, m_path));
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    return {};
}

Result<void> AppendFile::sync()
{
    if (::fsync(m_descriptor) != 0)
        return tl::unexpected(writeError(errno, m_path));
    return {};
}

} // namespace wb
