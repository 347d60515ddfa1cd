#include "core/checkpoint/staging.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wb {
namespace {

namespace fs = std::filesystem;

std::string prefixOf(const fs::path& destination) { return destination.filename().string() + ".partial-"; }

// The locked descriptor of a folder, or -1 when another process holds it.
int lockFolder(const fs::path& folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0 && ::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return -1;
    }
    return descriptor;
}

Result<void> removeDead(const fs::path& destination)
{
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(destination.parent_path(), ignored)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefixOf(destination)) || !entry.is_directory(ignored) || entry.is_symlink(ignored))
            continue;
        const int lock = lockFolder(entry.path());
        if (lock < 0)
            return fail(ErrorCode::DestinationBusy, destination.string(), name);
        fs::remove_all(entry.path(), ignored);
        ::close(lock);
    }
    return {};
}

} // namespace

Result<Staging> Staging::create(const fs::path& destination)
{
    if (auto done = removeDead(destination); !done)
        return failure(done);
    const fs::path path = destination.parent_path() / (prefixOf(destination) + std::to_string(::getpid()));
    if (::mkdir(path.c_str(), 0777) != 0)
        return fail(ErrorCode::CannotCreate, path.string(), systemMessage(errno));
    const int lock = lockFolder(path);
    if (lock < 0)
        return fail(ErrorCode::CannotCreate, path.string(), said(CORE_TEXT("reasons", "it cannot be locked")));
    return Staging(path, lock);
}

Staging::Staging(Staging&& other) noexcept : m_path(std::move(other.m_path)), m_lock(std::exchange(other.m_lock, -1)) {}

Staging::~Staging()
{
    if (m_lock < 0)
        return;
    std::error_code ignored;
    fs::remove_all(m_path, ignored); // after publishing there is nothing, or the destination that was replaced
    ::close(m_lock);
}

} // namespace wb
