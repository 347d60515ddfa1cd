// A regular expression of a tokenizer file, written for Oniguruma, run by PCRE2 with limits.
#pragma once

#include "core/text/tokenizer.h"

namespace wb {

class TextPattern {
public:
    struct Match {
        std::size_t begin = 0, end = 0;
    };

    // `regex`: Oniguruma's syntax; what means something else in PCRE2 is translated or refused (TokenizerUnsupported).
    [[nodiscard]] static Result<TextPattern> compile(const std::string& regex, const std::string& where);
    [[nodiscard]] static Result<TextPattern> literal(const std::string& text);

    TextPattern(TextPattern&&) noexcept;
    TextPattern& operator=(TextPattern&&) noexcept;
    ~TextPattern();

    // All matches from left to right, empty ones too (not at the end of the one before); `text` is valid UTF-8. Fails with TextNotEncodable when the pattern
    // needs more backtracking, or more time, than any sensible one.
    Result<void> findAll(std::string_view text, std::vector<Match>& matches) const;

private:
    struct Code;
    explicit TextPattern(std::unique_ptr<Code> code);
    std::unique_ptr<Code> m_code; // null: a literal
    std::string m_literal;
};

// Oniguruma's meaning in PCRE2's spelling; public for the tests.
[[nodiscard]] Result<std::string> translateOniguruma(std::string_view regex, const std::string& where);

} // namespace wb
