// Expressions, with the precedence of Jinja's own parser. Private to core/text.
#pragma once

#include "core/text/chat/syntax.h"

#include <span>

namespace wb::chat {

class ExpressionParser {
public:
    ExpressionParser(std::span<const Token> tokens, Problem& problem) : m_tokens(tokens), m_problem(problem) {}

    // `inlineIf`: "a if b else c" is one expression, as everywhere but after if and in.
    [[nodiscard]] ExpressionPtr expression(bool inlineIf = true);
    // The same, and "a, b" as a tuple.
    [[nodiscard]] ExpressionPtr tuple(bool inlineIf = true);
    // "| name(…) | …" behind `begin`.
    [[nodiscard]] ExpressionPtr filters(ExpressionPtr begin);

    [[nodiscard]] const Token& token() const { return m_tokens[m_at]; }
    [[nodiscard]] bool is(std::string_view name) const { return token().kind == TokenKind::Name && token().text == name; }
    [[nodiscard]] bool isOperator(std::string_view text) const { return token().kind == TokenKind::Operator && token().text == text; }
    [[nodiscard]] bool nextIs(TokenKind kind, std::string_view text) const;
    void next();
    [[nodiscard]] bool skip(std::string_view text);  // an operator
    [[nodiscard]] bool skipName(std::string_view name);
    void expect(std::string_view text);              // an operator
    [[nodiscard]] std::string name(const Sentence& of); // of what, for the problem

private:
    using Kind = Expression::Kind;

    ExpressionPtr either();
    ExpressionPtr both();
    ExpressionPtr negation();
    ExpressionPtr comparison();
    ExpressionPtr arithmetic(int level);
    ExpressionPtr sign(bool withFilters);
    ExpressionPtr primary();
    ExpressionPtr postfix(ExpressionPtr value);
    ExpressionPtr filtersAndTests(ExpressionPtr value);
    ExpressionPtr parenthesis();
    ExpressionPtr literal(Value value);
    ExpressionPtr number();
    ExpressionPtr list();
    ExpressionPtr map();
    ExpressionPtr attribute(ExpressionPtr of);
    ExpressionPtr subscript(ExpressionPtr of);
    ExpressionPtr test(ExpressionPtr of);
    void arguments(Expression& call);
    void argument(Expression& call);
    [[nodiscard]] bool beginsArgument() const;
    [[nodiscard]] std::unique_ptr<Expression> make(Kind kind, ExpressionPtr first = nullptr);
    void give(Expression& to, ExpressionPtr part);
    ExpressionPtr none(const Sentence& problem);

    std::span<const Token> m_tokens; // ends with End
    Problem& m_problem;
    std::size_t m_at = 0, m_depth = 0;
};

} // namespace wb::chat
