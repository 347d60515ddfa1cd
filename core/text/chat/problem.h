// The first thing that went wrong in a template, kept until the caller asks: after it everything returns empty values and
// unwinds. Private to core/text.
#pragma once

#include "core/base/result.h"

#include <optional>
#include <string>

namespace wb::chat {

class Problem {
public:
    explicit Problem(std::string where) : m_where(std::move(where)) {}

    void wrong(std::size_t line, const Sentence& what) { keep(ErrorCode::TemplateInvalid, said(CORE_TEXT("reasons", "line %1: %2"), line, shortened(what))); }
    void unsupported(std::size_t line, const Sentence& what) { keep(ErrorCode::TemplateUnsupported, said(CORE_TEXT("reasons", "%1 (line %2)"), shortened(what), line)); }
    // What the template itself says against the conversation.
    void refused(const Sentence& why) { keep(ErrorCode::TemplateRefused, shortened(why)); }

    [[nodiscard]] bool any() const { return m_error.has_value(); }
    [[nodiscard]] tl::unexpected<Error> failure() const { return tl::unexpected<Error>(*m_error); }

private:
    static Sentence shortened(Sentence what)
    {
        constexpr std::size_t longest = 300; // a sentence is shown, not a page
        for (std::string& arg : what.args)
            if (arg.size() > longest)
                arg = arg.substr(0, longest) + "…";
        for (auto& [position, told] : what.told)
            told = shortened(std::move(told));
        return what;
    }
    void keep(ErrorCode code, const Sentence& what)
    {
        if (!m_error)
            m_error = errorOf(code, m_where, what);
    }

    std::string m_where;
    std::optional<Error> m_error;
};

} // namespace wb::chat
