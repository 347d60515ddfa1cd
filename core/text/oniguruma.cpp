// \s, \w, \h and nested classes mean other things in Oniguruma than in PCRE2.
#include "core/text/textpattern.h"

#include <fmt/format.h>

namespace wb {
namespace {

constexpr const char* spaces = "\\p{White_Space}";
constexpr const char* word = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}"; // inside a class
constexpr const char* alsoWord = "\\x{B2}\\x{B3}\\x{B9}\\x{BC}-\\x{BE}"; // only of a \\w by itself: so it is in Oniguruma

class Translator {
public:
    Translator(std::string_view regex, const std::string& where) : m_in(regex), m_where(where) {}

    Result<std::string> run()
    {
        while (m_at < m_in.size()) {
            const char c = m_in[m_at];
            Result<void> done;
            if (c == '\\')
                done = escape(false);
            else if (c == '[')
                done = set(0);
            else if (c == '(')
                done = group();
            else
                copy(1);
            if (!done)
                return failure(done);
        }
        return std::move(m_out);
    }

private:
    [[nodiscard]] char peek(std::size_t ahead) const { return m_at + ahead < m_in.size() ? m_in[m_at + ahead] : '\0'; }
    void copy(std::size_t count)
    {
        count = std::min(count, m_in.size() - m_at);
        m_out += m_in.substr(m_at, count);
        m_at += count;
    }
    void put(std::string_view text, std::size_t consumed)
    {
        m_out += text;
        m_at += consumed;
    }
    [[nodiscard]] tl::unexpected<Error> refuse(const Sentence& what) const
    {
        return fail(ErrorCode::TokenizerUnsupported, m_where, said(CORE_TEXT("reasons", "%1 in a pattern"), what));
    }

    Result<void> escape(bool inSet)
    {
        switch (peek(1)) {
        case 's': put(spaces, 2); return {};
        case 'S': put("\\P{White_Space}", 2); return {};
        case 'w': put(inSet ? std::string(word) : fmt::format("[{}{}]", word, alsoWord), 2); return {};
        case 'W':
            m_holdsNotWord = m_holdsNotWord || inSet; // PCRE2's class has no way to say it; see endSet()
            put(inSet ? "" : fmt::format("[^{}{}]", word, alsoWord), 2);
            return {};
        case 'h': put(inSet ? "0-9a-fA-F" : "[0-9a-fA-F]", 2); return {};
        case 'H':
            if (inSet)
                return refuse(said(CORE_TEXT("reasons", "\\H inside a class")));
            put("[^0-9a-fA-F]", 2);
            return {};
        case 'u':
            if (m_at + 6 > m_in.size())
                return refuse(said(CORE_TEXT("reasons", "an unfinished \\u")));
            put(fmt::format("\\x{{{}}}", m_in.substr(m_at + 2, 4)), 6);
            return {};
        case 'p':
        case 'P': return property();
        case 'O': case 'K': case 'G': case 'C': case 'N': case 'X': case 'R': case 'y': case 'Y': case 'Q': case 'E': case 'c': case 'g': case 'k': case '\0':
            return refuse(said("\\%1", peek(1) == '\0' ? ' ' : peek(1)));
        default: copy(2); return {};
        }
    }

    Result<void> property()
    {
        const std::size_t end = m_in.find('}', m_at);
        if (peek(2) != '{' || end == std::string_view::npos)
            return refuse(said(CORE_TEXT("reasons", "a \\p without a name in braces")));
        copy(end + 1 - m_at);
        return {};
    }

    // `depth` > 0: inside another class, where a nested one that is not negated just adds its members.
    Result<void> set(int depth)
    {
        const bool negated = peek(1) == '^';
        if (depth > 0 && (negated || depth > 8))
            return refuse(said(CORE_TEXT("reasons", "a negated class inside a class")));
        if (depth == 0) {
            m_setBegin = m_out.size();
            m_negated = negated;
            m_holdsNotWord = false;
        }
        m_at += negated ? 2 : 1;
        for (bool first = true; m_at < m_in.size(); first = false) {
            const char c = m_in[m_at];
            Result<void> done;
            if (c == ']' && !first) {
                ++m_at;
                if (depth == 0)
                    endSet();
                return {};
            }
            if (c == '&' && peek(1) == '&')
                return refuse(said(CORE_TEXT("reasons", "an intersection of classes")));
            if (c == '\\')
                done = escape(true);
            else if (c == '[' && peek(1) == ':')
                done = posix();
            else if (c == '[')
                done = set(depth + 1);
            else if (c == ']')
                put("\\]", 1);
            else
                copy(1);
            if (!done)
                return done;
        }
        return refuse(said(CORE_TEXT("reasons", "a class without an end")));
    }

    // What m_out holds since m_setBegin are the members.
    void endSet()
    {
        const std::string members = m_out.substr(m_setBegin);
        m_out.resize(m_setBegin);
        if (!m_holdsNotWord)
            m_out += fmt::format("[{}{}]", m_negated ? "^" : "", members);
        else if (members.empty())
            m_out += fmt::format("[{}{}]", m_negated ? "" : "^", word);
        else if (m_negated)
            m_out += fmt::format("(?:(?![{}])[{}])", members, word);
        else
            m_out += fmt::format("(?:[{}]|[^{}])", members, word);
    }

    Result<void> posix()
    {
        const std::size_t end = m_in.find(":]", m_at);
        if (end == std::string_view::npos)
            return refuse(said(CORE_TEXT("reasons", "an unfinished [: in a class")));
        const std::string_view name = m_in.substr(m_at + 2, end - m_at - 2);
        const std::size_t length = end + 2 - m_at;
        if (name == "space")
            put(spaces, length);
        else if (name == "^space")
            put("\\P{White_Space}", length);
        else if (name == "word")
            put(word, length);
        else if (name == "alpha")
            put("\\p{Alphabetic}", length);
        else if (name == "digit")
            put("\\p{Nd}", length);
        else if (name == "alnum")
            put("\\p{Alphabetic}\\p{Nd}", length);
        else if (name == "upper" || name == "lower")
            put(name == "upper" ? "\\p{Uppercase}" : "\\p{Lowercase}", length);
        else if (name == "punct")
            put("\\p{P}\\p{S}", length);
        else
            return refuse(said(CORE_TEXT("reasons", "the class [:%1:]"), name));
        return {};
    }

    // (?m) is "a dot matches a line end" in Oniguruma; its anchors always work line by line.
    Result<void> group()
    {
        if (peek(1) != '?') {
            copy(1);
            return {};
        }
        std::size_t at = m_at + 2;
        while (at < m_in.size() && (std::isalpha(static_cast<unsigned char>(m_in[at])) != 0 || m_in[at] == '-'))
            ++at;
        const bool flags = at > m_at + 2 && at < m_in.size() && (m_in[at] == ':' || m_in[at] == ')');
        if (!flags) {
            const char c = peek(2);
            if (c == ':' || c == '=' || c == '!' || c == '>' || (c == '<' && (peek(3) == '=' || peek(3) == '!'))) {
                copy(c == '<' ? 4 : 3);
                return {};
            }
            return refuse(said(CORE_TEXT("reasons", "the group (?%1"), c));
        }
        m_out += "(?";
        for (std::size_t i = m_at + 2; i < at; ++i) {
            if (m_in[i] != 'i' && m_in[i] != 'm' && m_in[i] != 'x' && m_in[i] != '-')
                return refuse(said(CORE_TEXT("reasons", "the option (?%1)"), m_in[i]));
            m_out += m_in[i] == 'm' ? 's' : m_in[i];
        }
        m_at = at;
        copy(1);
        return {};
    }

    std::string_view m_in;
    const std::string& m_where;
    std::string m_out;
    std::size_t m_at = 0;
    std::size_t m_setBegin = 0; // of the class being read
    bool m_negated = false, m_holdsNotWord = false;
};

} // namespace

Result<std::string> translateOniguruma(std::string_view regex, const std::string& where)
{
    return Translator(regex, where).run();
}

} // namespace wb
