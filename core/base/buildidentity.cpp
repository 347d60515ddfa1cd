#include "core/base/buildidentity.h"

#include <cstddef>
#include <cstring>

#include <elf.h>
#include <link.h>

namespace wb {
namespace {

std::string hexOf(const unsigned char* bytes, std::size_t count)
{
    constexpr const char* digits = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        out += digits[bytes[i] >> 4];
        out += digits[bytes[i] & 15];
    }
    return out;
}

// Of a segment of notes; each is a header, a name and a description, padded to four bytes.
std::string buildIdIn(const unsigned char* notes, std::size_t size)
{
    const auto padded = [](std::size_t length) { return (length + 3) / 4 * 4; };
    for (std::size_t at = 0; at + sizeof(ElfW(Nhdr)) <= size;) {
        ElfW(Nhdr) note;
        std::memcpy(&note, notes + at, sizeof note);
        const std::size_t name = at + sizeof note, description = name + padded(note.n_namesz), end = description + note.n_descsz;
        if (end > size)
            break;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(notes + name, "GNU", 4) == 0)
            return hexOf(notes + description, note.n_descsz);
        at = description + padded(note.n_descsz);
    }
    return "";
}

// The first object is the program itself.
int look(dl_phdr_info* info, std::size_t, void* into)
{
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        auto& found = *static_cast<std::string*>(into);
        if (header.p_type == PT_NOTE && found.empty())
            found = buildIdIn(reinterpret_cast<const unsigned char*>(info->dlpi_addr + header.p_vaddr), header.p_memsz);
    }
    return 1;
}

} // namespace

const std::string& buildIdentity()
{
    static const std::string identity = [] {
        std::string found;
        ::dl_iterate_phdr(look, &found);
        return found;
    }();
    return identity;
}

} // namespace wb
