// Names by shell pattern and by regular expression. The text may come from someone else's recipe, so matching has limits.
#pragma once

#include "core/base/sentence.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wb {

// * any text, ? one character, [a-z] one of a set, [!a-z] none of it; \ takes the next as it is.
[[nodiscard]] bool globMatches(std::string_view pattern, std::string_view text);

// Perl-compatible, compiled once; found anywhere in the text. Names that are not UTF-8 match byte by byte.
class Expression {
public:
    // Null when the text is no expression; `problem` then says why and where.
    static std::shared_ptr<const Expression> compile(const std::string& text, Sentence& problem);
    ~Expression();
    Expression(const Expression&) = delete;
    Expression& operator=(const Expression&) = delete;
    // Nothing: a limit of time or memory was reached.
    [[nodiscard]] std::optional<bool> matches(const std::string& text) const;

private:
    struct Code;
    explicit Expression(std::unique_ptr<Code> code);
    std::unique_ptr<Code> m_code;
};

} // namespace wb
