// The entries of a zip file, by its central directory alone, as torch and numpy write them. Nothing is ever extracted to disk.
#pragma once

#include "core/base/file.h"

#include <cstdint>
#include <string>
#include <vector>

namespace wb {

struct ZipEntry {
    std::string name;
    std::uint64_t offset = 0, stored = 0; // of its data in the file
    std::uint64_t bytes = 0;              // of its content: `stored` unless it is deflated
    std::uint32_t crc = 0;                // of the content; 0: the writer left it out
    bool deflated = false;
};

// HeaderInvalid for everything that an honest writer does not do: encryption, several disks, entries that are packed in another way than
// deflate, overlap, reach past the end or have the same name, names with "..", a leading slash, a backslash or a zero, local headers that contradict the directory.
[[nodiscard]] Result<std::vector<ZipEntry>> readZipDirectory(const File& file);
// Content of an entry; HeaderInvalid when it is larger than `limit`, is not as long as the directory says, or its checksum is there and wrong.
[[nodiscard]] Result<std::string> readZipEntry(const File& file, const ZipEntry& entry, std::uint64_t limit);
// Its first bytes, at most `count`. No checksum is looked at.
[[nodiscard]] Result<std::string> readZipBegin(const File& file, const ZipEntry& entry, std::uint64_t count);

[[nodiscard]] std::uint32_t crc32(std::string_view bytes);
// The bytes of a zip file that stores these (name, content), aligned to 64 bytes as torch does.
[[nodiscard]] std::string zipOf(const std::vector<std::pair<std::string, std::string>>& entries);

} // namespace wb
