// A matrix that belongs to an edit, named by the SHA-256 of its bytes; in JSON as base64.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace wb {

struct EditMatrix {
    std::string sha256; // of the values as little-endian F32
    std::uint64_t rows = 0, cols = 0;
    std::vector<float> values; // (rows, cols)
};
using EditMatrixPtr = std::shared_ptr<const EditMatrix>;

// values.size() == rows · cols.
[[nodiscard]] EditMatrixPtr makeMatrix(std::uint64_t rows, std::uint64_t cols, std::vector<float> values);

// {"rows", "cols", "f32": base64}
[[nodiscard]] Json matrixToJson(const EditMatrix& matrix);
[[nodiscard]] Result<EditMatrixPtr> matrixFromJson(const Json& json, const std::string& where, const std::string& place);

[[nodiscard]] std::string base64Of(std::span<const float> values);
// Nothing when the text is no base64 of so many values.
[[nodiscard]] std::optional<std::vector<float>> floatsOf(const std::string& base64, std::uint64_t count);
[[nodiscard]] std::string sha256Of(std::span<const float> values);

} // namespace wb
