#include "core/text/chat/expressionparser.h"
#include "core/text/chat/builtins.h"

#include <algorithm>

namespace wb::chat {
namespace {

constexpr std::size_t deepest = 60; // tags in tags

class Parser {
public:
    Parser(std::span<const Token> tokens, Problem& problem) : m_in(tokens, problem), m_problem(problem) {}

    Body run()
    {
        Body body = statements({});
        if (!m_problem.any() && m_in.token().kind != TokenKind::End)
            m_problem.wrong(m_in.token().line, said(CORE_TEXT("reasons", "\"%1\" ends nothing"), m_in.token().text));
        return body;
    }

private:
    using Kind = Statement::Kind;
    using Ends = std::vector<std::string_view>;

    // Up to a tag of one of these names, which is the next token then.
    Body statements(const Ends& ends)
    {
        Body body;
        if (++m_depth > deepest)
            m_problem.wrong(m_in.token().line, said(CORE_TEXT("reasons", "tags lie deeper than %1 in each other"), deepest));
        while (!m_problem.any() && m_in.token().kind != TokenKind::End) {
            const TokenKind kind = m_in.token().kind;
            if (kind == TokenKind::Text) {
                add(body, Kind::Text)->text = m_in.token().text;
                m_in.next();
                continue;
            }
            m_in.next();
            if (kind == TokenKind::OutputBegin) {
                Statement* out = add(body, Kind::Output);
                out->value = m_in.tuple();
                close(TokenKind::OutputEnd);
                continue;
            }
            if (std::ranges::any_of(ends, [&](std::string_view end) { return m_in.is(end); }))
                break;
            tag(body);
        }
        if (!ends.empty() && m_in.token().kind == TokenKind::End)
            m_problem.wrong(m_in.token().line, said(CORE_TEXT("reasons", "\"%1\" is missing"), ends.back()));
        --m_depth;
        return body;
    }

    Statement* add(Body& body, Kind kind)
    {
        auto one = std::make_unique<Statement>();
        one->kind = kind;
        one->line = m_in.token().line;
        Statement* out = one.get();
        body.push_back(std::move(one));
        return out;
    }

    void close(TokenKind kind)
    {
        if (m_in.token().kind != kind)
            m_problem.wrong(m_in.token().line, said(CORE_TEXT("reasons", "a tag goes on with \"%1\" where it should end"), m_in.token().text));
        m_in.next();
    }

    // The tag `name`, and its end.
    void end(std::string_view name)
    {
        (void)m_in.skipName(name);
        close(TokenKind::BlockEnd);
    }

    void tag(Body& body)
    {
        const std::size_t line = m_in.token().line;
        const std::string name = m_in.name(said(CORE_TEXT("reasons", "a tag")));
        if (name == "if")
            choice(*add(body, Kind::If));
        else if (name == "for")
            loop(*add(body, Kind::For));
        else if (name == "set")
            assignment(*add(body, Kind::Set));
        else if (name == "macro")
            macro(*add(body, Kind::Macro));
        else if (name == "generation") { // marks what the model wrote, for training
            Statement& block = *add(body, Kind::Block);
            close(TokenKind::BlockEnd);
            block.body = statements({"endgeneration"});
            end("endgeneration");
        } else if (name == "break" || name == "continue") {
            add(body, name == "break" ? Kind::Break : Kind::Continue);
            if (m_loops == 0)
                m_problem.wrong(line, said(CORE_TEXT("reasons", "\"%1\" stands outside of a loop"), name));
            close(TokenKind::BlockEnd);
        } else if (name.starts_with("end") || name == "else" || name == "elif")
            m_problem.wrong(line, said(CORE_TEXT("reasons", "\"%1\" ends nothing"), name));
        else
            m_problem.unsupported(line, said(CORE_TEXT("reasons", "the tag \"%1\""), name));
    }

    void choice(Statement& out)
    {
        ExpressionPtr condition = m_in.tuple(false);
        for (bool more = true; more && !m_problem.any();) {
            close(TokenKind::BlockEnd);
            const bool last = condition == nullptr;
            Body body = statements(last ? Ends{"endif"} : Ends{"elif", "else", "endif"});
            out.branches.push_back({std::move(condition), std::move(body)});
            condition = nullptr;
            if (!last && m_in.skipName("elif"))
                condition = m_in.tuple(false);
            else
                more = !last && m_in.skipName("else");
        }
        end("endif");
    }

    void loop(Statement& out)
    {
        const bool closed = m_in.skip("(");
        do
            out.names.push_back(m_in.name(said(CORE_TEXT("reasons", "a variable"))));
        while (m_in.skip(",") && !m_problem.any());
        if (closed)
            m_in.expect(")");
        if (!m_in.skipName("in"))
            m_problem.wrong(out.line, said(CORE_TEXT("reasons", "\"in\" is missing")));
        out.value = m_in.tuple(false);
        if (m_in.skipName("if"))
            out.condition = m_in.expression();
        if (m_in.is("recursive"))
            return m_problem.unsupported(out.line, said(CORE_TEXT("reasons", "a recursive loop")));
        close(TokenKind::BlockEnd);
        ++m_loops;
        out.body = statements({"else", "endfor"});
        --m_loops;
        if (m_in.skipName("else")) {
            close(TokenKind::BlockEnd);
            out.otherwise = statements({"endfor"});
        }
        end("endfor");
    }

    void assignment(Statement& out)
    {
        do
            out.names.push_back(m_in.name(said(CORE_TEXT("reasons", "a variable"))));
        while (m_in.skip(",") && !m_problem.any());
        if (m_in.skip(".")) {
            if (out.names.size() != 1)
                return m_problem.unsupported(out.line, said(CORE_TEXT("reasons", "setting several attributes at once")));
            out.owner = std::move(out.names[0]);
            out.names.clear();
            out.text = m_in.name(said(CORE_TEXT("reasons", "an attribute")));
        }
        if (m_in.skip("=")) {
            out.value = m_in.tuple();
            return close(TokenKind::BlockEnd);
        }
        out.kind = Kind::SetBlock;
        if (out.names.size() != 1)
            return m_problem.wrong(out.line, said(CORE_TEXT("reasons", "\"=\" is missing")));
        if (m_in.isOperator("|"))
            out.value = m_in.filters(blockText());
        close(TokenKind::BlockEnd);
        out.body = statements({"endset"});
        end("endset");
    }

    // The text of the block, under a name that no template can write.
    static ExpressionPtr blockText()
    {
        auto out = std::make_unique<Expression>();
        out->kind = Expression::Kind::Name;
        out->text = blockTextName;
        return out;
    }

    void macro(Statement& out)
    {
        out.text = m_in.name(said(CORE_TEXT("reasons", "a macro")));
        m_in.expect("(");
        while (!m_in.isOperator(")") && !m_problem.any()) {
            out.names.push_back(m_in.name(said(CORE_TEXT("reasons", "a parameter"))));
            if (m_in.skip("="))
                out.defaults.push_back(m_in.expression());
            else if (!out.defaults.empty())
                m_problem.wrong(out.line, said(CORE_TEXT("reasons", "a parameter without a default stands behind one that has one")));
            if (!m_in.skip(","))
                break;
        }
        m_in.expect(")");
        close(TokenKind::BlockEnd);
        const std::size_t loops = std::exchange(m_loops, 0);
        out.body = statements({"endmacro"});
        m_loops = loops;
        end("endmacro");
    }

    ExpressionParser m_in;
    Problem& m_problem;
    std::size_t m_depth = 0, m_loops = 0;
};

} // namespace

Body parseTemplate(std::string_view source, Problem& problem)
{
    const std::vector<Token> tokens = tokensOf(source, problem);
    return problem.any() ? Body() : Parser(tokens, problem).run();
}

} // namespace wb::chat
