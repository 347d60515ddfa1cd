#include "core/text/chat/lexer.h"

#include "core/text/unicode.h"

#include <algorithm>
#include <array>

namespace wb::chat {
namespace {

constexpr std::string_view blanks = " \t\n\r\f\v";

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool beginsName(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

// Line ends as "\n"; one at the very end does not count.
std::string normalizedLines(std::string_view source)
{
    std::string out;
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] != '\r') {
            out += source[i];
            continue;
        }
        out += '\n';
        if (i + 1 < source.size() && source[i + 1] == '\n')
            ++i;
    }
    if (!out.empty() && out.back() == '\n')
        out.pop_back();
    return out;
}

class Lexer {
public:
    Lexer(std::string_view source, Problem& problem) : m_source(normalizedLines(source)), m_problem(problem) {}

    std::vector<Token> run()
    {
        while (m_at < m_source.size() && !m_problem.any())
            text();
        push(TokenKind::End, "");
        return std::move(m_tokens);
    }

private:
    // Up to the next tag, and the tag.
    void text()
    {
        std::size_t tag = m_at;
        while (tag < m_source.size() && !(m_source[tag] == '{' && tag + 1 < m_source.size() && std::string_view("{%#").find(m_source[tag + 1]) != std::string_view::npos))
            ++tag;
        std::string_view text = view().substr(m_at, tag - m_at);
        if (tag == m_source.size()) {
            pushText(text);
            m_at = tag;
            return;
        }
        const char kind = m_source[tag + 1];
        const char sign = tag + 2 < m_source.size() ? m_source[tag + 2] : '\0';
        if (sign == '-')
            text = text.substr(0, text.find_last_not_of(blanks) + 1);
        else if (sign != '+' && kind != '{')
            text = withoutIndent(text);
        pushText(text);
        countLines(m_at, tag);
        m_at = tag + 2 + (sign == '-' || (sign == '+' && kind != '{') ? 1U : 0U);
        if (kind == '#')
            return comment();
        if (kind == '%' && raw())
            return;
        push(kind == '{' ? TokenKind::OutputBegin : TokenKind::BlockBegin, "");
        inside(kind == '{');
    }

    // A tag alone on its line takes the blanks before it.
    [[nodiscard]] std::string_view withoutIndent(std::string_view text) const
    {
        const std::size_t line = text.rfind('\n') + 1; // npos + 1 is 0
        if ((line == 0 && !m_lineStarts) || text.find_first_not_of(blanks, line) != std::string_view::npos)
            return text;
        return text.substr(0, line);
    }

    // "raw" up to the end of the tag from `at` on, with the sign before it; npos when something else stands there.
    struct Word {
        std::size_t end = std::string::npos, behind = std::string::npos; // of the name and blanks; of the tag
        char sign = '\0';
    };
    [[nodiscard]] Word word(std::size_t at, std::string_view name) const
    {
        at = std::min(m_source.find_first_not_of(blanks, at), m_source.size());
        if (view().substr(at, name.size()) != name)
            return {};
        at = std::min(m_source.find_first_not_of(blanks, at + name.size()), m_source.size());
        const char sign = at < m_source.size() && (m_source[at] == '-' || m_source[at] == '+') ? m_source[at] : '\0';
        const std::size_t end = at + (sign == '\0' ? 0 : 1);
        return view().substr(end, 2) == "%}" ? Word{at, end + 2, sign} : Word{};
    }

    // {% raw %} … {% endraw %}: text whatever it says.
    bool raw()
    {
        const Word begin = word(m_at, "raw");
        if (begin.end == std::string::npos || begin.sign == '+')
            return false;
        leave(begin.end, begin.behind, begin.sign, false);
        for (std::size_t tag = m_source.find("{%", m_at); tag != std::string::npos; tag = m_source.find("{%", tag + 1)) {
            const char sign = tag + 2 < m_source.size() ? m_source[tag + 2] : '\0';
            const Word end = word(tag + 2 + (sign == '-' || sign == '+' ? 1U : 0U), "endraw");
            if (end.end == std::string::npos)
                continue;
            std::string_view text = view().substr(m_at, tag - m_at);
            if (sign == '-')
                text = text.substr(0, text.find_last_not_of(blanks) + 1);
            else if (sign != '+')
                text = withoutIndent(text);
            pushText(text);
            leave(end.end, end.behind, end.sign, true);
            return true;
        }
        m_problem.wrong(m_line, said(CORE_TEXT("reasons", "\"%1\" is missing"), "endraw"));
        return true;
    }

    void comment()
    {
        const std::size_t end = m_source.find("#}", m_at);
        if (end == std::string::npos)
            return m_problem.wrong(m_line, said(CORE_TEXT("reasons", "a comment is not closed")));
        const char sign = end > m_at ? m_source[end - 1] : '\0';
        leave(end, end + 2, sign, true);
    }

    // The tag ends at `end`; `sign` stood before it.
    void leave(std::size_t from, std::size_t end, char sign, bool trim)
    {
        countLines(m_at, from);
        const std::size_t begin = end;
        if (sign == '-')
            end = std::min(m_source.find_first_not_of(blanks, end), m_source.size());
        else if (trim && sign != '+' && end < m_source.size() && m_source[end] == '\n')
            ++end;
        countLines(begin, end);
        m_lineStarts = end > begin && m_source[end - 1] == '\n';
        m_at = end;
    }

    void inside(bool output)
    {
        const std::string_view close = output ? "}}" : "%}";
        m_open = 0;
        while (!m_problem.any()) {
            const std::size_t begin = m_at;
            m_at = std::min(m_source.find_first_not_of(blanks, m_at), m_source.size());
            countLines(begin, m_at);
            if (m_at == m_source.size())
                return m_problem.wrong(m_line, said(CORE_TEXT("reasons", "a tag is not closed")));
            const char c = m_source[m_at];
            const std::size_t signs = c == '-' || (c == '+' && !output) ? 1 : 0;
            if (m_open == 0 && view().substr(m_at + signs, 2) == close) {
                push(output ? TokenKind::OutputEnd : TokenKind::BlockEnd, "");
                return leave(m_at, m_at + signs + 2, signs == 0 ? '\0' : c, !output);
            }
            token(c);
        }
    }

    void token(char c)
    {
        if (c == '"' || c == '\'')
            return string(c);
        const std::size_t begin = m_at;
        if (beginsName(c)) {
            while (m_at < m_source.size() && (beginsName(m_source[m_at]) || isDigit(m_source[m_at])))
                ++m_at;
            return push(TokenKind::Name, m_source.substr(begin, m_at - begin));
        }
        if (isDigit(c))
            return number();
        static constexpr std::array<std::string_view, 7> pairs = {"//", "**", "==", "!=", ">=", "<=", ""};
        const auto* pair = std::ranges::find(pairs, view().substr(m_at, 2));
        const std::size_t size = pair != pairs.end() && !pair->empty() ? 2 : 1;
        if (size == 1 && std::string_view("+-/*%~[](){}<>=.:|,;").find(c) == std::string_view::npos)
            return m_problem.wrong(m_line, said(CORE_TEXT("reasons", "the character \"%1\" has no meaning there"), unicode::repaired(view().substr(m_at, 1))));
        bracket(c, size);
        push(TokenKind::Operator, m_source.substr(m_at, size));
        m_at += size;
    }

    void bracket(char c, std::size_t size)
    {
        if (size != 1)
            return;
        if (c == '(' || c == '[' || c == '{')
            ++m_open;
        else if ((c == ')' || c == ']' || c == '}') && m_open-- == 0)
            m_problem.wrong(m_line, said(CORE_TEXT("reasons", "\"%1\" closes nothing"), c));
    }

    void number()
    {
        std::string digits;
        bool whole = true;
        const auto take = [&] {
            for (; m_at < m_source.size() && (isDigit(m_source[m_at]) || m_source[m_at] == '_'); ++m_at)
                if (m_source[m_at] != '_')
                    digits += m_source[m_at];
        };
        const auto digitAt = [&](std::size_t at) { return at < m_source.size() && isDigit(m_source[at]); };
        const bool place = m_at > 0 && m_source[m_at - 1] == '.'; // list.0.1
        take();
        if (!place && m_source[std::min(m_at, m_source.size() - 1)] == '.' && digitAt(m_at + 1)) {
            whole = false;
            digits += m_source[m_at++];
            take();
        }
        if (m_at < m_source.size() && (m_source[m_at] == 'e' || m_source[m_at] == 'E')) {
            const std::size_t sign = m_at + 1 < m_source.size() && (m_source[m_at + 1] == '-' || m_source[m_at + 1] == '+') ? 1 : 0;
            if (digitAt(m_at + 1 + sign)) {
                whole = false;
                digits += m_source.substr(m_at, 1 + sign);
                m_at += 1 + sign;
                take();
            }
        }
        push(whole ? TokenKind::Integer : TokenKind::Float, digits);
    }

    void string(char quote)
    {
        std::string out;
        const std::size_t line = m_line;
        for (++m_at; m_at < m_source.size() && m_source[m_at] != quote; ++m_at) {
            if (m_source[m_at] == '\n')
                ++m_line;
            if (m_source[m_at] == '\\')
                escape(out);
            else
                out += m_source[m_at];
        }
        if (m_at >= m_source.size())
            return m_problem.wrong(line, said(CORE_TEXT("reasons", "a text is not closed")));
        ++m_at;
        m_tokens.push_back({TokenKind::String, std::move(out), line});
    }

    // Python's escapes; one that it does not know stays as it is.
    void escape(std::string& out)
    {
        ++m_at;
        if (m_at >= m_source.size())
            return;
        const char c = m_source[m_at];
        static constexpr std::string_view letters = "ntrbfva\\'\"", meanings = "\n\t\r\b\f\v\a\\'\"";
        if (const std::size_t known = letters.find(c); known != std::string_view::npos) {
            out += meanings[known];
        } else if (c == '\n') {
            ++m_line;
        } else if (c == 'x' || c == 'u' || c == 'U') {
            code(out, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16);
        } else if (c >= '0' && c <= '7') {
            --m_at;
            code(out, 3, 8);
        } else {
            out += '\\';
            out += c;
        }
    }

    void code(std::string& out, std::size_t most, unsigned base)
    {
        std::uint64_t value = 0;
        std::size_t taken = 0;
        for (; taken < most && m_at + 1 < m_source.size(); ++taken, ++m_at) {
            const char c = m_source[m_at + 1];
            const unsigned digit = isDigit(c) ? static_cast<unsigned>(c - '0') : (c | 32) >= 'a' && (c | 32) <= 'f' ? static_cast<unsigned>((c | 32) - 'a' + 10) : 99;
            if (digit >= base)
                break;
            value = value * base + digit;
        }
        if ((base == 16 && taken != most) || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
            return m_problem.wrong(m_line, said(CORE_TEXT("reasons", "an escape in a text is no character")));
        unicode::append(out, static_cast<char32_t>(value));
    }

    [[nodiscard]] std::string_view view() const { return m_source; }
    void countLines(std::size_t from, std::size_t to) { m_line += static_cast<std::size_t>(std::ranges::count(view().substr(from, to - from), '\n')); }
    void push(TokenKind kind, std::string text) { m_tokens.push_back({kind, std::move(text), m_line}); }
    void pushText(std::string_view text)
    {
        if (!text.empty())
            push(TokenKind::Text, std::string(text));
    }

    std::string m_source;
    Problem& m_problem;
    std::vector<Token> m_tokens;
    std::size_t m_at = 0, m_line = 1;
    std::size_t m_open = 0;    // brackets
    bool m_lineStarts = true;  // the last tag ended a line
};

} // namespace

std::vector<Token> tokensOf(std::string_view source, Problem& problem) { return Lexer(source, problem).run(); }

} // namespace wb::chat
