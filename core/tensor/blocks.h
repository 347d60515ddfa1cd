// Quantised blocks of ggml: 32 or 256 elements of a row with their factors, little-endian.
//
//   Q8_0   d f16, q i8[32]:   q·d
//   Q4_0   d f16, q u8[16]:   (n − 8)·d
//   Q4_1   d f16, m f16, q u8[16]:   n·d + m
//   Q5_0   d f16, h u32, q u8[16]:   (n + 16·bit − 16)·d, bit e of h
//   Q5_1   d f16, m f16, h u32, q u8[16]:   (n + 16·bit)·d + m
//
// n is the low half of q[j] for element j < 16 and the high half for element 16 + j. The types of 256 elements are in
// kblocks.h. Values are computed in float, as ggml's own code does. A factor on all values is a factor on the f16 numbers of a
// block: what is stored of each element stays as it is.
#pragma once

#include "core/tensor/tensorsource.h"

namespace wb {

// Whole blocks; out.size() is unitElements for each.
void decodeBlocks(DType dtype, std::span<const std::byte> stored, std::span<float> out);
// The factors times `factor`: the product in float, rounded to f16. 0 makes every value 0.
void scaleBlocks(DType dtype, double factor, std::span<std::byte> stored);
// Where in a block its f16 factors are, in bytes.
[[nodiscard]] std::span<const std::uint32_t> factorOffsets(DType dtype);
// Blocks with a factor that is NaN or infinite.
[[nodiscard]] std::uint64_t countNonFiniteBlocks(DType dtype, std::span<const std::byte> stored);

// Elements [first, first + out.size()) of a quantised tensor, in row-major order.
[[nodiscard]] Result<void> readFloats(const TensorSource& source, std::size_t tensor, std::uint64_t first, std::span<float> out);

} // namespace wb
