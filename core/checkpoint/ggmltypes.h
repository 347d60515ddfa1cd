// The element types of GGUF files: ids and block sizes of ggml (ggml.h, ggml-common.h).
#pragma once

#include "core/tensor/dtype.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wb {

struct GgmlType {
    std::uint32_t id;
    std::string_view name;       // "Q4_0", as llama.cpp spells it
    std::uint32_t blockElements; // a row is a whole number of blocks
    std::uint32_t blockBytes;
    DType dtype; // Opaque: listed and copied
};

// Nothing: an id that nobody knows, or one that was removed.
[[nodiscard]] std::optional<GgmlType> ggmlType(std::uint32_t id);
[[nodiscard]] std::optional<GgmlType> ggmlType(DType dtype);
[[nodiscard]] std::optional<GgmlType> ggmlType(std::string_view name);
// Where in a block its f16 factors are.
[[nodiscard]] std::span<const std::uint32_t> halfFactors(const GgmlType& type);
// Ids that ggml has withdrawn or uses while running only: no file may hold them.
[[nodiscard]] bool isWithdrawn(std::uint32_t id);

} // namespace wb
