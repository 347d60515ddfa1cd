#include "core/base/openfiles.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wb {
namespace {

FileIdentity identityOf(const struct stat& status)
{
    return {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
            static_cast<std::uint64_t>(status.st_size),
            static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec};
}

tl::unexpected<Error> openError(int number, const std::filesystem::path& path)
{
    if (number == ENOENT || number == ENOTDIR)
        return fail(ErrorCode::FileNotFound, path.string());
    return fail(ErrorCode::CannotOpen, path.string(), std::generic_category().message(number));
}

Sentence kindOf(mode_t mode)
{
    if (S_ISDIR(mode)) return said(CORE_TEXT("reasons", "it is a folder"));
    if (S_ISFIFO(mode)) return said(CORE_TEXT("reasons", "it is a named pipe"));
    if (S_ISSOCK(mode)) return said(CORE_TEXT("reasons", "it is a socket"));
    return said(CORE_TEXT("reasons", "it is a device"));
}

struct Opening {
    DescriptorPtr descriptor;
    FileIdentity identity;
};

Result<Opening> openForReading(const std::filesystem::path& path)
{
    if (auto kind = identify(path); !kind) // before open(): opening a FIFO would wait for a writer
        return failure(kind);
    const auto open = [&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); };
    int number = open();
    if (number < 0 && errno == EMFILE && OpenFiles::instance().closeSome())
        number = open();
    if (number < 0)
        return openError(errno, path);
    Opening opening{std::make_shared<const Descriptor>(number), {}};
    struct stat status{};
    if (::fstat(number, &status) != 0 || !S_ISREG(status.st_mode))
        return fail(ErrorCode::CannotOpen, path.string(), said(CORE_TEXT("reasons", "it is not a regular file")));
    opening.identity = identityOf(status);
    return opening;
}

} // namespace

Result<FileIdentity> identify(const std::filesystem::path& path)
{
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0)
        return openError(errno, path);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::CannotOpen, path.string(), kindOf(status.st_mode));
    return identityOf(status);
}

Result<FileIdentity> identify(const Descriptor& descriptor, const std::filesystem::path& path)
{
    struct stat status{};
    if (::fstat(descriptor.number(), &status) != 0)
        return openError(errno, path);
    return identityOf(status);
}

Descriptor::~Descriptor() { ::close(m_number); }

OpenedFile::OpenedFile(std::filesystem::path path, FileIdentity identity)
    : m_path(std::move(path)), m_identity(identity)
{
}

OpenedFile::~OpenedFile() { OpenFiles::instance().forget(*this); }

Result<std::unique_ptr<OpenedFile>> OpenedFile::open(const std::filesystem::path& path)
{
    auto opening = openForReading(path);
    if (!opening)
        return failure(opening);
    std::unique_ptr<OpenedFile> file(new OpenedFile(path, opening->identity));
    OpenFiles::instance().keep(*file, std::move(opening->descriptor));
    return file;
}

Result<DescriptorPtr> OpenedFile::descriptor()
{
    if (DescriptorPtr descriptor = OpenFiles::instance().use(*this))
        return descriptor;
    auto opening = openForReading(m_path);
    if (!opening)
        return failure(opening);
    if (opening->identity != m_identity)
        return fail(ErrorCode::SourceReplaced, m_path.string(), std::to_string(m_identity.size),
                    std::to_string(opening->identity.size));
    return OpenFiles::instance().keep(*this, std::move(opening->descriptor));
}

OpenFiles::OpenFiles()
{
    constexpr std::size_t fewest = 16, most = 4096; // more gain nothing: opening again costs microseconds
    struct rlimit files{};
    const std::size_t allowed = ::getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : fewest;
    m_limit = std::clamp<std::size_t>(allowed / 2, fewest, most);
}

OpenFiles& OpenFiles::instance()
{
    static OpenFiles files;
    return files;
}

DescriptorPtr OpenFiles::use(OpenedFile& file)
{
    const std::lock_guard lock(m_mutex);
    if (file.m_descriptor)
        m_byUse.splice(m_byUse.begin(), m_byUse, file.m_place);
    return file.m_descriptor;
}

DescriptorPtr OpenFiles::keep(OpenedFile& file, DescriptorPtr descriptor)
{
    DescriptorPtr closing; // outside the lock
    const std::lock_guard lock(m_mutex);
    if (file.m_descriptor) // another thread was faster
        return file.m_descriptor;
    if (m_byUse.size() >= m_limit) {
        closing = std::exchange(m_byUse.back()->m_descriptor, nullptr);
        m_byUse.pop_back();
    }
    m_byUse.push_front(&file);
    file.m_place = m_byUse.begin();
    file.m_descriptor = std::move(descriptor);
    return file.m_descriptor;
}

bool OpenFiles::closeSome()
{
    std::vector<DescriptorPtr> closing; // outside the lock
    const std::lock_guard lock(m_mutex);
    for (std::size_t left = (m_byUse.size() + 1) / 2; left > 0; --left) {
        closing.push_back(std::exchange(m_byUse.back()->m_descriptor, nullptr));
        m_byUse.pop_back();
    }
    return !closing.empty();
}

void OpenFiles::forget(OpenedFile& file)
{
    const std::lock_guard lock(m_mutex);
    if (file.m_descriptor)
        m_byUse.erase(file.m_place);
}

} // namespace wb
