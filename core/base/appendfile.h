// A file of lines that grows while a long run goes on: what was appended is there after a crash, but for a torn last line.
// One writer at a time, across processes. Not thread-safe.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace wb {

class AppendFile {
public:
    // Made when missing. BadArgument when another process writes it.
    [[nodiscard]] static Result<AppendFile> open(const std::filesystem::path& path);
    AppendFile(AppendFile&& other) noexcept : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    AppendFile& operator=(AppendFile&&) = delete;
    AppendFile(const AppendFile&) = delete;
    AppendFile& operator=(const AppendFile&) = delete;
    ~AppendFile();

    // All of it; FileTooLarge beyond `limit`.
    [[nodiscard]] Result<std::string> read(std::uint64_t limit) const;
    // Forgets what stands after `size`, a torn line for one.
    [[nodiscard]] Result<void> cut(std::uint64_t size);
    // After the end; an error leaves a torn line at most.
    [[nodiscard]] Result<void> append(std::string_view text);
    [[nodiscard]] Result<void> sync();
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    AppendFile(std::filesystem::path path, int descriptor) : m_path(std::move(path)), m_descriptor(descriptor) {}
    std::filesystem::path m_path;
    int m_descriptor;
};

} // namespace wb
