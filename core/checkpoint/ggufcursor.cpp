#include "core/checkpoint/ggufcursor.h"

#include <cstring>

namespace wb {
namespace {

constexpr std::uint64_t bufferBytes = 1U << 18;

} // namespace

std::uint32_t ggufValueBytes(GgufType type)
{
    switch (type) {
    case GgufType::U8:
    case GgufType::I8:
    case GgufType::Bool: return 1;
    case GgufType::U16:
    case GgufType::I16: return 2;
    case GgufType::U32:
    case GgufType::I32:
    case GgufType::F32: return 4;
    case GgufType::U64:
    case GgufType::I64:
    case GgufType::F64: return 8;
    case GgufType::String:
    case GgufType::Array: return 0;
    }
    return 0;
}

tl::unexpected<Error> GgufCursor::ended(std::uint64_t wanted) const
{
    return fail(ErrorCode::HeaderInvalid, m_file.path().string(),
                said(CORE_TEXT("reasons", "%1 bytes are announced at byte %2 and %3 are left"), wanted, m_at, left()));
}

Result<void> GgufCursor::need(std::size_t bytes)
{
    if (bytes > left())
        return ended(bytes);
    if (m_at >= m_begin && m_at + bytes <= m_begin + m_buffer.size())
        return {};
    m_begin = m_at;
    m_buffer.resize(std::min(bufferBytes, left()));
    return m_file.readAt(m_begin, m_buffer);
}

Result<std::string> GgufCursor::string(std::uint64_t most, const char* what)
{
    auto length = number<std::uint64_t>();
    if (!length)
        return failure(length);
    if (*length > left())
        return ended(*length);
    if (*length > most)
        return fail(ErrorCode::HeaderLimit, m_file.path().string(), said(what), *length, most);
    std::string text(*length, '\0');
    if (*length <= bufferBytes) { // a vocabulary is a quarter of a million short ones: not a read each
        if (auto done = need(*length); !done)
            return failure(done);
        std::memcpy(text.data(), m_buffer.data() + (m_at - m_begin), *length);
        m_at += *length;
        return text;
    }
    if (auto done = m_file.readAt(m_at, std::as_writable_bytes(std::span(text))); !done)
        return failure(done);
    m_at += *length;
    return text;
}

Result<void> GgufCursor::skipString()
{
    auto length = number<std::uint64_t>();
    return length ? skip(*length) : failure(length);
}

Result<void> GgufCursor::skip(std::uint64_t bytes)
{
    if (bytes > left())
        return ended(bytes);
    m_at += bytes;
    return {};
}

} // namespace wb
