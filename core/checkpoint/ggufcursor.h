// Reads the numbers and strings of a GGUF header one after the other; private to the reader.
#pragma once

#include "core/base/bytes.h"
#include "core/base/file.h"
#include "core/checkpoint/gguf.h"

#include <algorithm>
#include <vector>

namespace wb {

// Bytes of a value of this type; 0 for strings and arrays.
[[nodiscard]] std::uint32_t ggufValueBytes(GgufType type);

class GgufCursor {
public:
    GgufCursor(const File& file, std::uint64_t at) : m_file(file), m_at(at) {}

    [[nodiscard]] std::uint64_t at() const { return m_at; }
    [[nodiscard]] std::uint64_t left() const { return m_file.size() - m_at; }

    template <typename T>
    Result<T> number()
    {
        if (auto done = need(sizeof(T)); !done)
            return failure(done);
        const T value = load<T>(m_buffer.data() + (m_at - m_begin));
        m_at += sizeof(T);
        return value;
    }

    // At most `most` bytes; longer ones are an error that names `what`, marked with CORE_TEXT.
    Result<std::string> string(std::uint64_t most, const char* what);
    Result<void> skipString();
    Result<void> skip(std::uint64_t bytes);

private:
    Result<void> need(std::size_t bytes); // that many are in the buffer
    tl::unexpected<Error> ended(std::uint64_t wanted) const;

    const File& m_file;
    std::uint64_t m_at;
    std::uint64_t m_begin = 0;
    std::vector<std::byte> m_buffer;
};

} // namespace wb
