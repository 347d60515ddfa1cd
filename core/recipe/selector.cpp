#include "core/recipe/selector.h"

#include "core/recipe/selectorterm.h"

#include <algorithm>

namespace wb {

// One term, or several joined.
struct Selector::Node : SelectorTerm {};

namespace {

using Test = SelectorTerm;

class Parser {
public:
    explicit Parser(const std::string& text) : m_text(text) {}

    Result<Test> parse()
    {
        auto test = alternatives();
        if (test && m_at < m_text.size())
            return expected(said(CORE_TEXT("reasons", "a term or the end")));
        return test;
    }

private:
    tl::unexpected<Error> expected(const Sentence& what) const
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
        const bool reads = std::ranges::any_of(choices, &Test::reads);
        return Test{[choices](const Subject& subject) -> Result<bool> {
                        for (const Test& test : choices)
                            if (auto result = test.matches(subject); !result || *result)
                                return result;
                        return false;
                    },
                    reads};
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
            return expected(said(CORE_TEXT("reasons", "a term such as role=q_proj was expected")));
        // What must read comes last, so that it is asked of few tensors.
        std::ranges::stable_partition(terms, [](const Test& test) { return !test.reads; });
        const bool reads = terms.back().reads;
        return Test{[terms](const Subject& subject) -> Result<bool> {
                        for (const Test& test : terms)
                            if (auto result = test.matches(subject); !result || !*result)
                                return result;
                        return true;
                    },
                    reads};
    }

    // The text may come from someone else's recipe: brackets and ! inside each other are counted.
    Result<Test> term()
    {
        if (m_depth == maxDepth)
            return expected(said(CORE_TEXT("reasons", "at most %1 brackets or ! inside each other were expected"), maxDepth));
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
                return expected(said(CORE_TEXT("reasons", "a term was expected after !")));
            auto inner = term();
            if (!inner)
                return inner;
            return Test{[test = *inner](const Subject& subject) -> Result<bool> {
                            auto result = test.matches(subject);
                            return result ? Result<bool>(!*result) : result;
                        },
                        inner->reads};
        }
        if (m_text[m_at] == '(') {
            ++m_at;
            auto inner = alternatives();
            if (!inner)
                return inner;
            if (m_at >= m_text.size() || m_text[m_at] != ')')
                return expected(said(CORE_TEXT("reasons", "a closing bracket was expected")));
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
            return expected(said(CORE_TEXT("reasons", "name, role, layer, expert, dtype, params or a statistic with =, ~, < or > was expected")));
        }
        const std::size_t valueAt = m_at;
        bool quoted = false;
        auto value = valueText(quoted);
        if (!value)
            return failure(value);
        auto test = termFor(key, op, *value, quoted);
        if (test)
            return *test;
        m_at = valueAt;
        return expected(test.error());
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
                return expected(said(CORE_TEXT("reasons", "a closing quote was expected")));
            ++m_at;
        }
        if (value.empty() && !quoted)
            return expected(said(CORE_TEXT("reasons", "a value was expected")));
        return value;
    }

    static constexpr int maxDepth = 64;
    const std::string& m_text;
    std::size_t m_at = 0;
    int m_depth = 0;
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
    const bool plain = !name.empty() && name.find_first_of("*?[\\ \"()|!=~<>") == std::string::npos;
    std::string quoted = "\"";
    for (const char c : name)
        quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return *parse("name=" + (plain ? name : quoted + "\""));
}

bool Selector::reads() const { return m_root && m_root->reads; }

Result<std::vector<std::size_t>> Selector::select(const TensorSource& source) const
{
    Progress progress;
    return select(source, progress);
}

Result<std::vector<std::size_t>> Selector::select(const TensorSource& source, Progress& progress) const
{
    std::vector<std::size_t> found;
    const std::vector<TensorRole> roles = rolesOf(source.tensors());
    for (std::size_t i = 0; m_root && i < source.tensors().size(); ++i) {
        auto matches = m_root->matches({source, i, source.tensors()[i], roles[i], m_text, progress});
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
