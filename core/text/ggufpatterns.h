// What `tokenizer.ggml.pre` stands for: the patterns that cut a text, one after the other.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace wb {

struct GgufPreTokenizer {
    std::span<const char* const> patterns; // in Oniguruma's syntax; each cuts what the ones before left
    bool ignoreMerges = false;
    bool addBos = false; // unless the file says
    bool raw = false;    // pieces are texts with ▁ for a blank, and bytes have pieces <0xXX>; else the byte-level alphabet
    bool forceBos = false; // whatever the file says
};

// Nothing for a name that is not known.
[[nodiscard]] std::optional<GgufPreTokenizer> ggufPreTokenizer(std::string_view name);

} // namespace wb
