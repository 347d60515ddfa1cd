// Base64 (RFC 4648) in files, where a library's all-or-nothing reading of padded text does not fit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wb {

// The bytes; padding may be missing. Nothing when a character is none of base64.
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

} // namespace wb
