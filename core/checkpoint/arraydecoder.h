// Arrays that do not lie in their file as tensors are read: not row after row, big-endian, or compressed. They are made so when they are first
// read; the latest of them stay in memory.
#pragma once

#include "core/base/file.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace wb {

// An array larger than this is not decoded: it would have to be in memory as a whole.
constexpr std::uint64_t mostDecodedBytes = std::uint64_t{16} << 30;

// One such array. Any thread.
class ArrayDecoder {
public:
    using Bytes = std::shared_ptr<const std::vector<std::byte>>;
    // Its elements row after row and little-endian; any thread.
    using Decode = std::function<Result<std::vector<std::byte>>()>;

    // `key`: with the place in the file, what tells it from every other (for fingerprints).
    ArrayDecoder(std::string key, Decode decode);
    ~ArrayDecoder();
    ArrayDecoder(const ArrayDecoder&) = delete;
    ArrayDecoder& operator=(const ArrayDecoder&) = delete;

    Result<void> read(std::uint64_t offset, std::span<std::byte> out) const;
    [[nodiscard]] const std::string& key() const { return m_key; }

private:
    std::string m_key;
    Decode m_decode;
};

// Row-major bytes of elements of `unit` bytes that lie `strides` (in elements) apart in `stored`; each turned round when they are big-endian, as
// the halves of complex numbers are (`word` bytes each).
struct ArrayLayout {
    std::vector<std::uint64_t> shape, strides;
    std::uint32_t unit = 1, word = 1;
    bool bigEndian = false;
    [[nodiscard]] std::uint64_t reach() const; // elements from the first to behind the last; 0 of an empty one
    [[nodiscard]] bool rowAfterRow() const;
};
[[nodiscard]] std::vector<std::byte> gathered(const ArrayLayout& layout, std::vector<std::byte> stored);
// … of an array whose first element is at `offset`. The caller has checked that all of it is within the file.
[[nodiscard]] Result<std::vector<std::byte>> readArray(const File& file, std::uint64_t offset, const ArrayLayout& layout);

} // namespace wb
