#include "core/checkpoint/arraydecoder.h"

#include "core/base/bytes.h"

#include <algorithm>
#include <cstring>
#include <list>
#include <mutex>

namespace wb {
namespace {

constexpr std::uint64_t keptBytes = 256U << 20; // the latest is kept whatever its size

// What was decoded lately, of all checkpoints.
class Kept {
public:
    ArrayDecoder::Bytes find(const ArrayDecoder* of)
    {
        const std::lock_guard lock(m_mutex);
        const auto found = std::ranges::find(m_arrays, of, &Array::of);
        if (found == m_arrays.end())
            return nullptr;
        m_arrays.splice(m_arrays.begin(), m_arrays, found);
        return m_arrays.front().bytes;
    }
    void add(const ArrayDecoder* of, ArrayDecoder::Bytes bytes)
    {
        const std::lock_guard lock(m_mutex);
        m_bytes += bytes->size();
        m_arrays.push_front({of, std::move(bytes)});
        while (m_arrays.size() > 1 && m_bytes > keptBytes)
            drop(std::prev(m_arrays.end()));
    }
    void forget(const ArrayDecoder* of)
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = std::ranges::find(m_arrays, of, &Array::of); found != m_arrays.end())
            drop(found);
    }
    // Two threads that want parts of one array do not both decode it, nor are two large ones decoded at a time.
    std::mutex& decoding() { return m_decoding; }

private:
    struct Array {
        const ArrayDecoder* of;
        ArrayDecoder::Bytes bytes;
    };
    void drop(std::list<Array>::iterator array)
    {
        m_bytes -= array->bytes->size();
        m_arrays.erase(array);
    }

    std::mutex m_mutex, m_decoding;
    std::list<Array> m_arrays; // latest first
    std::uint64_t m_bytes = 0;
};

Kept& kept()
{
    static Kept arrays;
    return arrays;
}

void turnRound(std::vector<std::byte>& bytes, std::size_t word)
{
    for (auto at = bytes.begin(); word > 1 && at != bytes.end(); at += static_cast<std::ptrdiff_t>(word))
        std::reverse(at, at + static_cast<std::ptrdiff_t>(word));
}

} // namespace

ArrayDecoder::ArrayDecoder(std::string key, Decode decode) : m_key(std::move(key)), m_decode(std::move(decode)) {}

ArrayDecoder::~ArrayDecoder() { kept().forget(this); }

Result<void> ArrayDecoder::read(std::uint64_t offset, std::span<std::byte> out) const
{
    Bytes bytes = kept().find(this);
    if (!bytes) {
        const std::lock_guard lock(kept().decoding());
        bytes = kept().find(this);
        if (!bytes) {
            auto decoded = m_decode();
            if (!decoded)
                return failure(decoded);
            bytes = std::make_shared<const std::vector<std::byte>>(std::move(*decoded));
            kept().add(this, bytes);
        }
    }
    std::ranges::copy(std::span(*bytes).subspan(offset, out.size()), out.begin());
    return {};
}

std::uint64_t ArrayLayout::reach() const
{
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] == 0)
            return 0;
        last += (shape[i] - 1) * strides[i];
    }
    return last + 1;
}

bool ArrayLayout::rowAfterRow() const
{
    if (reach() == 0)
        return true; // whatever its strides
    std::uint64_t expected = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
        if (shape[i] != 1 && strides[i] != expected)
            return false;
        expected *= shape[i];
    }
    return true;
}

std::vector<std::byte> gathered(const ArrayLayout& layout, std::vector<std::byte> stored)
{
    if (layout.bigEndian)
        turnRound(stored, layout.word);
    if (layout.rowAfterRow())
        return stored;
    std::uint64_t elements = 1;
    for (const std::uint64_t size : layout.shape)
        elements *= size;
    std::vector<std::byte> out(elements * layout.unit);
    const std::size_t last = layout.shape.size() - 1;
    std::vector<std::uint64_t> place(layout.shape.size());
    for (std::byte* to = out.data(); to != out.data() + out.size();) {
        std::uint64_t at = 0;
        for (std::size_t i = 0; i < last; ++i)
            at += place[i] * layout.strides[i];
        for (std::uint64_t i = 0; i < layout.shape[last]; ++i, to += layout.unit)
            std::memcpy(to, stored.data() + (at + i * layout.strides[last]) * layout.unit, layout.unit);
        for (std::size_t i = last; i-- > 0;) {
            if (++place[i] < layout.shape[i])
                break;
            place[i] = 0;
        }
    }
    return out;
}

Result<std::vector<std::byte>> readArray(const File& file, std::uint64_t offset, const ArrayLayout& layout)
{
    std::vector<std::byte> stored(layout.reach() * layout.unit);
    if (!stored.empty())
        if (auto done = file.readAt(offset, stored); !done)
            return failure(done);
    return gathered(layout, std::move(stored));
}

} // namespace wb
