#include "core/recipe/selector.h"

#include "core/model/roles.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <charconv>
#include <functional>

namespace wb {

// What a selector asks of one tensor.
struct Subject {
    const TensorInfo& info;
    TensorRole role;
};

struct Selector::Node {
    std::function<Result<bool>(const Subject&)> matches;
};

namespace {

using Test = std::function<Result<bool>(const Subject&)>;

// Shell patterns: * any text, ? one character, [a-z] one of a set, [!a-z] none of it; \ takes the next as it is.
bool globMatches(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
    const auto setEnd = [&](std::size_t at) { return pattern.find(']', at + 2); };
    const auto inSet = [&](std::size_t at, std::size_t end, char c) {
        const bool negated = pattern[at + 1] == '!';
        bool found = false;
        for (std::size_t i = at + 1 + (negated ? 1 : 0); i < end; ++i) {
            if (i + 2 < end && pattern[i + 1] == '-') {
                found = found || (pattern[i] <= c && c <= pattern[i + 2]);
                i += 2;
            } else {
                found = found || pattern[i] == c;
            }
        }
        return found != negated;
    };
    while (t < text.size()) {
        const char c = p < pattern.size() ? pattern[p] : '\0';
        if (c == '*') {
            star = p++;
            mark = t;
            continue;
        }
        bool one = false;
        std::size_t width = 1;
        if (c == '[' && setEnd(p) != std::string_view::npos) {
            width = setEnd(p) - p + 1;
            one = inSet(p, p + width - 1, text[t]);
        } else if (c == '\\' && p + 1 < pattern.size()) {
            width = 2;
            one = pattern[p + 1] == text[t];
        } else {
            one = p < pattern.size() && (c == '?' || c == text[t]);
        }
        if (one) {
            p += width;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

// A compiled expression; matching has limits, since the text may come from someone else's recipe.
class Expression {
public:
    static std::shared_ptr<const Expression> compile(const std::string& text, std::string& problem)
    {
        int number = 0;
        PCRE2_SIZE at = 0;
        pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C,
                                         &number, &at, nullptr);
        if (code == nullptr) {
            PCRE2_UCHAR message[128];
            pcre2_get_error_message(number, message, sizeof message);
            problem = std::string(reinterpret_cast<const char*>(message)) + " at character " + std::to_string(at + 1) +
                      " of the expression";
            return nullptr;
        }
        return std::shared_ptr<const Expression>(new Expression(code));
    }
    ~Expression() { pcre2_code_free(m_code); }
    Expression(const Expression&) = delete;
    Expression& operator=(const Expression&) = delete;

    // Anywhere in the text. Nothing: a limit was reached.
    std::optional<bool> matches(const std::string& text) const
    {
        pcre2_match_data* data = pcre2_match_data_create_from_pattern(m_code, nullptr);
        pcre2_match_context* context = pcre2_match_context_create(nullptr);
        pcre2_set_match_limit(context, 1'000'000);
        pcre2_set_depth_limit(context, 10'000);
        const int found = pcre2_match(m_code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, data, context);
        pcre2_match_context_free(context);
        pcre2_match_data_free(data);
        if (found == PCRE2_ERROR_MATCHLIMIT || found == PCRE2_ERROR_DEPTHLIMIT)
            return std::nullopt;
        return found >= 0;
    }

private:
    explicit Expression(pcre2_code* code) : m_code(code) {}
    pcre2_code* m_code;
};

std::vector<std::string> splitAt(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

template <typename T>
std::optional<T> numberIn(std::string_view text)
{
    T value{};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

class Parser {
public:
    explicit Parser(const std::string& text) : m_text(text) {}

    Result<Test> parse()
    {
        auto test = alternatives();
        if (test && m_at < m_text.size())
            return expected("a term or the end");
        return test;
    }

private:
    tl::unexpected<Error> expected(const std::string& what) const
    {
        return fail(ErrorCode::SelectorSyntax, m_text, std::to_string(m_at + 1), what);
    }

    void skipBlanks()
    {
        while (m_at < m_text.size() && m_text[m_at] == ' ')
            ++m_at;
    }

    Result<Test> alternatives()
    {
        std::vector<Test> choices; // side by side, so that a long list is not a deep one
        for (bool more = true; more;) {
            auto choice = conjunction();
            if (!choice)
                return choice;
            choices.push_back(std::move(*choice));
            more = m_at < m_text.size() && m_text[m_at] == '|';
            m_at += more ? 1 : 0;
        }
        return Test([choices](const Subject& subject) -> Result<bool> {
            for (const Test& test : choices)
                if (auto result = test(subject); !result || *result)
                    return result;
            return false;
        });
    }

    Result<Test> conjunction()
    {
        std::vector<Test> terms;
        for (skipBlanks(); m_at < m_text.size() && m_text[m_at] != '|' && m_text[m_at] != ')'; skipBlanks()) {
            auto one = term();
            if (!one)
                return one;
            terms.push_back(std::move(*one));
        }
        if (terms.empty())
            return expected("a term such as role=q_proj was expected");
        return Test([terms](const Subject& subject) -> Result<bool> {
            for (const Test& test : terms)
                if (auto result = test(subject); !result || !*result)
                    return result;
            return true;
        });
    }

    // The text may come from someone else's recipe: brackets and ! inside each other are counted.
    Result<Test> term()
    {
        if (m_depth == maxDepth)
            return expected("at most " + std::to_string(maxDepth) + " brackets or ! inside each other were expected");
        ++m_depth;
        auto test = nestedTerm();
        --m_depth;
        return test;
    }

    Result<Test> nestedTerm()
    {
        if (m_text[m_at] == '!') {
            ++m_at;
            if (m_at >= m_text.size() || m_text[m_at] == ' ')
                return expected("a term was expected after !");
            auto inner = term();
            if (!inner)
                return inner;
            return Test([test = *inner](const Subject& subject) -> Result<bool> {
                auto result = test(subject);
                return result ? Result<bool>(!*result) : result;
            });
        }
        if (m_text[m_at] == '(') {
            ++m_at;
            auto inner = alternatives();
            if (!inner)
                return inner;
            if (m_at >= m_text.size() || m_text[m_at] != ')')
                return expected("a closing bracket was expected");
            ++m_at;
            return inner;
        }
        return comparison();
    }

    Result<Test> comparison()
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && (std::isalpha(static_cast<unsigned char>(m_text[m_at])) != 0 || m_text[m_at] == '_'))
            ++m_at;
        const std::string key = m_text.substr(begin, m_at - begin);
        std::string op;
        while (m_at < m_text.size() && std::string_view("=~<>").find(m_text[m_at]) != std::string_view::npos)
            op += m_text[m_at++];
        if (key.empty() || op.empty()) {
            m_at = begin;
            return expected("name, role, layer, expert, dtype or params with =, ~, < or > was expected");
        }
        const std::size_t valueAt = m_at;
        bool quoted = false;
        auto value = valueText(quoted);
        if (!value)
            return failure(value);
        auto test = testFor(key, op, *value, quoted);
        if (!test && test.error().args.empty()) {
            m_at = valueAt;
            return expected(m_problem);
        }
        return test;
    }

    // Up to a blank; in double quotes anything, \" and \\ inside them.
    Result<std::string> valueText(bool& quoted)
    {
        std::string value;
        quoted = m_at < m_text.size() && m_text[m_at] == '"';
        if (!quoted) {
            int brackets = 0; // of the value itself: name~(a|b)
            for (; m_at < m_text.size() && m_text[m_at] != ' '; ++m_at) {
                brackets += m_text[m_at] == '(' ? 1 : m_text[m_at] == ')' ? -1 : 0;
                if (brackets < 0)
                    break;
                value += m_text[m_at];
            }
        } else {
            for (++m_at; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
                if (m_text[m_at] == '\\' && m_at + 1 < m_text.size() && (m_text[m_at + 1] == '"' || m_text[m_at + 1] == '\\'))
                    ++m_at;
                value += m_text[m_at];
            }
            if (m_at >= m_text.size())
                return expected("a closing quote was expected");
            ++m_at;
        }
        if (value.empty() && !quoted)
            return expected("a value was expected");
        return value;
    }

    tl::unexpected<Error> bad(std::string what)
    {
        m_problem = std::move(what);
        return tl::unexpected(Error{ErrorCode::SelectorSyntax, m_text, {}});
    }

    Result<Test> testFor(const std::string& key, const std::string& op, const std::string& value, bool quoted)
    {
        if (key == "name" && op == "=")
            return quoted ? Test([value](const Subject& s) -> Result<bool> { return s.info.name == value; })
                          : Test([value](const Subject& s) -> Result<bool> { return globMatches(value, s.info.name); });
        if (key == "name" && op == "~")
            return expressionTest(value);
        if (key == "role" && op == "=")
            return Test([roles = splitAt(value, ',')](const Subject& s) -> Result<bool> {
                return !s.role.companion && std::ranges::find(roles, s.role.role) != roles.end();
            });
        if (key == "dtype" && op == "=")
            return Test([value](const Subject& s) -> Result<bool> { return s.info.storedType == value; });
        if ((key == "layer" || key == "expert") && op == "=")
            return numbersTest(value, key == "layer" ? &TensorRole::layer : &TensorRole::expert);
        if (key == "params")
            return paramsTest(op, value);
        static constexpr std::string_view known[] = {"name", "role", "layer", "expert", "dtype"};
        if (std::ranges::find(known, key) != std::end(known))
            return bad("there is no " + key + op + "; write " + key + "=");
        return bad("there is no term " + key + "; there are name, role, layer, expert, dtype and params");
    }

    Result<Test> expressionTest(const std::string& value)
    {
        std::string problem;
        auto expression = Expression::compile(value, problem);
        if (!expression)
            return bad(problem);
        return Test([expression, text = m_text](const Subject& s) -> Result<bool> {
            if (const auto found = expression->matches(s.info.name))
                return *found;
            return fail(ErrorCode::SelectorSyntax, text, "1", "the expression takes too long on " + s.info.name);
        });
    }

    // "0,4-7": numbers and ranges that include their end.
    Result<Test> numbersTest(const std::string& value, std::optional<std::uint32_t> TensorRole::*member)
    {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
        for (const std::string& part : splitAt(value, ',')) {
            const std::size_t dash = part.find('-');
            const auto first = numberIn<std::uint32_t>(part.substr(0, dash));
            const auto last = dash == std::string::npos ? first : numberIn<std::uint32_t>(part.substr(dash + 1));
            if (!first || !last || *first > *last)
                return bad(part + " is not a number or a range such as 4-7");
            ranges.emplace_back(*first, *last);
        }
        return Test([ranges, member](const Subject& s) -> Result<bool> {
            const auto& number = s.role.*member;
            return number && std::ranges::any_of(ranges, [&](const auto& r) { return r.first <= *number && *number <= r.second; });
        });
    }

    Result<Test> paramsTest(const std::string& op, const std::string& value)
    {
        const auto limit = numberIn<double>(value);
        if (!limit)
            return bad(value + " is not a number");
        std::function<bool(double, double)> compare;
        if (op == "=")
            compare = std::equal_to<>();
        else if (op == "<")
            compare = std::less<>();
        else if (op == ">")
            compare = std::greater<>();
        else if (op == "<=")
            compare = std::less_equal<>();
        else if (op == ">=")
            compare = std::greater_equal<>();
        else
            return bad("there is no params" + op);
        return Test([compare, limit = *limit](const Subject& s) -> Result<bool> {
            return compare(static_cast<double>(s.info.elements), limit);
        });
    }

    static constexpr int maxDepth = 64;
    const std::string& m_text;
    std::size_t m_at = 0;
    int m_depth = 0;
    std::string m_problem; // of a value, placed by comparison()
};

} // namespace

Result<Selector> Selector::parse(const std::string& text)
{
    auto test = Parser(text).parse();
    if (!test)
        return failure(test);
    Selector selector;
    selector.m_text = text;
    selector.m_root = std::make_shared<const Node>(Node{std::move(*test)});
    return selector;
}

Selector Selector::forTensor(const std::string& name)
{
    const bool plain = !name.empty() && name.find_first_of("*?[\\ \"()|!") == std::string::npos;
    std::string quoted = "\"";
    for (const char c : name)
        quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return *parse("name=" + (plain ? name : quoted + "\""));
}

Result<std::vector<std::size_t>> Selector::select(const TensorSource& source) const
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; m_root && i < source.tensors().size(); ++i) {
        const TensorInfo& info = source.tensors()[i];
        auto matches = m_root->matches({info, roleOf(info.name)});
        if (!matches)
            return failure(matches);
        if (*matches)
            found.push_back(i);
    }
    if (found.empty())
        return fail(ErrorCode::SelectionEmpty, m_text, m_text, std::to_string(source.tensors().size()));
    return found;
}

} // namespace wb
