// One safetensors file, header only.
//
//   bytes 0..7       N, unsigned 64-bit little-endian: length of the header
//   bytes 8..8+N     UTF-8 JSON object: name → {dtype, shape, data_offsets [begin, end) from the end of the header};
//                    "__metadata__" → strings
//   bytes 8+N..end   data, row-major, little-endian, without holes or overlaps
//
// Every number is checked against the others and against the file before it is used; the size from shape and type, the
// declared range and the bytes that are there must agree. A type that is not known makes its tensor opaque, not the
// file unreadable. Bytes after the last tensor are a warning.
#pragma once

#include "core/base/file.h"
#include "core/checkpoint/checkpoint.h"

#include <optional>

namespace wb {

struct SafetensorsHeader {
    std::vector<TensorInfo> tensors; // in the order of the header; at.file is 0, at.offset absolute
    std::map<std::string, std::string> metadata;
    std::uint64_t dataBegin = 0;
    std::uint64_t dataEnd = 0;
    std::optional<Error> warning; // TrailingBytes
};

// `limits`: soft caps on counts and lengths (HeaderLimit).
[[nodiscard]] Result<SafetensorsHeader> readSafetensors(const File& file, bool limits);

} // namespace wb
