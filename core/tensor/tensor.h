// What is known of a tensor without reading it.
#pragma once

#include "core/tensor/dtype.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wb {

using Shape = std::vector<std::uint64_t>; // slowest dimension first: (rows, cols)

// Where stored bytes are: which file of the checkpoint, and the absolute offset in it.
struct Location {
    std::size_t file = 0;
    std::uint64_t offset = 0;
    std::size_t decoder = 0; // 0: they lie there as they are read; else 1 + which of the checkpoint's decoders makes them so
};

struct TensorInfo {
    std::string name;
    DType dtype = DType::Opaque;
    std::string storedType; // as the file spells it: "BF16", "F8_E4M3"
    Shape shape;
    std::uint64_t elements = 1; // product of shape
    std::uint64_t bytes = 0;    // stored
    Location at;

    [[nodiscard]] std::uint64_t units() const { return bytes / unitBytes(dtype); } // elements, or blocks of them
};

// The 2-D view: the last dimension is cols, all others together are rows. A scalar is (1, 1).
struct Matrix {
    std::uint64_t rows = 1;
    std::uint64_t cols = 1;
};
[[nodiscard]] Matrix matrixOf(const TensorInfo& tensor);
// Product of a shape. Zeros hide nothing: the dimensions beside them must make sense too, their product below 2^63.
[[nodiscard]] std::optional<std::uint64_t> elementCount(const Shape& shape);
[[nodiscard]] std::string shapeText(const Shape& shape); // "[1024, 128]"

} // namespace wb
