// The header of an array that numpy wrote (.npy): "\x93NUMPY", two bytes of version, the length of what follows in 2 or 4 bytes, and a dict as Python
// writes it: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. Read by a grammar of these three keys; nothing is evaluated.
#pragma once

#include "core/base/result.h"
#include "core/checkpoint/arraydecoder.h"
#include "core/tensor/tensor.h"

#include <string>
#include <string_view>

namespace wb {

// numpy writes headers of 128 bytes for nearly all arrays and refuses to read longer ones than this.
constexpr std::uint64_t mostNpyHeaderBytes = 10'000 + 12;

struct NpyHeader {
    std::string descr;             // "<f4"; "" where it is that of an array with named fields
    DType dtype = DType::Opaque;
    std::string storedType;        // as safetensors spells it; "" for what it has no name for (objects, texts, records)
    ArrayLayout layout;            // column after column with fortran_order
    std::uint64_t elements = 0, bytes = 0;
    std::uint64_t length = 0;      // of the header: the elements begin there
};

// `begin`: the first bytes of the file, the whole header among them when it is as long as it may be. The error says what is wrong with it.
[[nodiscard]] tl::expected<NpyHeader, Sentence> readNpyHeader(std::string_view begin);

} // namespace wb
