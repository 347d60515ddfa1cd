// Finds added tokens in a text: leftmost, the longest of those that begin there.
#pragma once

#include "core/text/prefixtrie.h"
#include "core/text/tokenizer.h"

#include <array>

namespace wb {

class AddedMatcher {
public:
    static constexpr std::size_t longestToken = 1024; // bytes; more is refused when loading

    struct Part {
        std::size_t begin = 0, end = 0;
        std::optional<TokenId> id; // absent: text between tokens
    };

    // `content` is the text to look for: the token's own, or what the normalizer makes of it.
    void add(const AddedToken& token, std::string_view content);
    [[nodiscard]] bool empty() const { return m_tokens.empty(); }
    // The whole text in parts, in order; an empty text has none.
    void split(std::string_view text, std::vector<Part>& parts) const;

private:
    std::vector<AddedToken> m_tokens; // without their content
    PrefixTrie m_contents; // numbers of tokens
    std::array<bool, 256> m_begins{};
};

} // namespace wb
