// The first thing that went wrong in a template, kept until the caller asks: after it everything returns empty values and
// unwinds. Private to core/text.
#pragma once

#include "core/base/result.h"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace wb::chat {

class Problem {
public:
    explicit Problem(std::string where) : m_where(std::move(where)) {}

    void wrong(std::size_t line, const std::string& what) { keep(ErrorCode::TemplateInvalid, fmt::format("line {}: {}", line, what)); }
    void unsupported(std::size_t line, const std::string& what) { keep(ErrorCode::TemplateUnsupported, fmt::format("{} (line {})", what, line)); }
    // What the template itself says against the conversation.
    void refused(const std::string& why) { keep(ErrorCode::TemplateRefused, why); }

    [[nodiscard]] bool any() const { return m_error.has_value(); }
    [[nodiscard]] tl::unexpected<Error> failure() const { return tl::unexpected<Error>(*m_error); }

private:
    void keep(ErrorCode code, std::string text)
    {
        constexpr std::size_t longest = 300; // a sentence is shown, not a page
        if (text.size() > longest)
            text = text.substr(0, longest) + "…";
        if (!m_error)
            m_error = Error{code, m_where, {std::move(text)}};
    }

    std::string m_where;
    std::optional<Error> m_error;
};

} // namespace wb::chat
