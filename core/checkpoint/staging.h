// A folder beside the destination in which an export is made, so that one rename publishes it. A lock on the folder's own
// descriptor tells a live export from one that was killed, whose folder the next export to that destination removes.
#pragma once

#include "core/base/file.h"

#include <filesystem>

namespace wb {

class Staging {
public:
    // Removes what dead exports to `destination` left; DestinationBusy when a live one is at it.
    static Result<Staging> create(const std::filesystem::path& destination);
    Staging(Staging&& other) noexcept;
    Staging& operator=(Staging&&) = delete;
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;
    ~Staging(); // removes the folder and what is in it

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    Staging(std::filesystem::path path, int lock) : m_path(std::move(path)), m_lock(lock) {}
    std::filesystem::path m_path;
    int m_lock = -1;
};

} // namespace wb
