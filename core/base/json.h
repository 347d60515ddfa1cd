// JSON from outside, read strictly: duplicate keys, depth and size are errors. nlohmann's exceptions end here.
// Include <nlohmann/json.hpp> where a value is touched; this header only names the type.
#pragma once

#include "core/base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace wb {

using Json = nlohmann::ordered_json;

// A whole document, at most `maxDepth` levels deep. `where` names the file in the error (JsonInvalid).
// `python`: also NaN, Infinity and -Infinity as Python's writer puts them (as strings of that name); a byte order
// mark is skipped in either case.
[[nodiscard]] Result<Json> parseJson(std::string_view text, const std::string& where, bool python = false,
                                     int maxDepth = 64);
[[nodiscard]] Result<Json> readJson(const std::filesystem::path& path, bool python, std::uint64_t maxBytes);

// A number for JSON output; NaN and infinities become the strings "NaN", "Infinity", "-Infinity".
[[nodiscard]] Json jsonNumber(double value);

// Text of `json`; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string dumpJson(const Json& json, int indent = -1);

} // namespace wb
