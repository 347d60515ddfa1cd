// What stands behind a value: attributes, places, calls, filters and tests.
#include "core/text/chat/builtins.h"
#include "core/text/chat/expressionparser.h"

namespace wb::chat {

ExpressionPtr ExpressionParser::postfix(ExpressionPtr value)
{
    while (!m_problem.any()) {
        if (skip("."))
            value = attribute(std::move(value));
        else if (skip("["))
            value = subscript(std::move(value));
        else if (isOperator("(")) {
            auto call = make(Kind::Call, std::move(value));
            arguments(*call);
            value = std::move(call);
        } else
            break;
    }
    return value;
}

ExpressionPtr ExpressionParser::attribute(ExpressionPtr of)
{
    if (token().kind == TokenKind::Integer) { // list.0
        auto out = make(Kind::Index, std::move(of));
        give(*out, number());
        return out;
    }
    auto out = make(Kind::Attribute, std::move(of));
    out->text = name(said(CORE_TEXT("reasons", "an attribute")));
    return out;
}

ExpressionPtr ExpressionParser::subscript(ExpressionPtr of)
{
    const std::size_t line = token().line;
    std::vector<ExpressionPtr> parts;
    bool slice = false;
    ExpressionPtr now;
    while (!isOperator("]") && !m_problem.any()) {
        if (skip(":")) {
            slice = true;
            parts.push_back(std::move(now));
            now = nullptr;
        } else if (!now) {
            now = expression();
        } else {
            return none(said(CORE_TEXT("reasons", "a place in a list or mapping is one expression")));
        }
    }
    parts.push_back(std::move(now));
    expect("]");
    if (parts.size() > 3 || (!slice && !parts[0]))
        return none(slice ? said(CORE_TEXT("reasons", "a slice has three parts at most")) : said(CORE_TEXT("reasons", "a place in a list or mapping is missing")));
    auto out = make(slice ? Kind::Slice : Kind::Index, std::move(of));
    out->line = line;
    parts.resize(slice ? 3 : 1);
    for (ExpressionPtr& part : parts)
        give(*out, std::move(part));
    return out;
}

ExpressionPtr ExpressionParser::filters(ExpressionPtr begin)
{
    while (skip("|") && !m_problem.any()) {
        auto out = make(Kind::Filter, std::move(begin));
        out->text = name(said(CORE_TEXT("reasons", "a filter")));
        if (isOperator("("))
            arguments(*out);
        begin = std::move(out);
    }
    return begin;
}

ExpressionPtr ExpressionParser::filtersAndTests(ExpressionPtr value)
{
    while (!m_problem.any()) {
        if (isOperator("|")) {
            value = filters(std::move(value));
        } else if (skipName("is")) {
            value = test(std::move(value));
        } else if (isOperator("(")) {
            auto call = make(Kind::Call, std::move(value));
            arguments(*call);
            value = std::move(call);
        } else {
            break;
        }
    }
    return value;
}

ExpressionPtr ExpressionParser::test(ExpressionPtr of)
{
    const bool turned = skipName("not");
    auto out = make(Kind::Test, std::move(of));
    out->text = name(said(CORE_TEXT("reasons", "a test")));
    if (isOperator("("))
        arguments(*out);
    else if (beginsArgument())
        give(*out, postfix(primary()));
    return turned ? make(Kind::Not, std::move(out)) : std::move(out);
}

// A test may have one argument without parentheses.
bool ExpressionParser::beginsArgument() const
{
    switch (token().kind) {
    case TokenKind::Name: return !is("else") && !is("or") && !is("and") && !is("if") && !is("is") && !is("not") && !is("in");
    case TokenKind::String:
    case TokenKind::Integer:
    case TokenKind::Float: return true;
    case TokenKind::Operator: return isOperator("[") || isOperator("{");
    default: return false;
    }
}

void ExpressionParser::arguments(Expression& call)
{
    expect("(");
    while (!isOperator(")") && !m_problem.any()) {
        argument(call);
        if (!skip(","))
            break;
    }
    expect(")");
}

void ExpressionParser::argument(Expression& call)
{
    if (isOperator("*") || isOperator("**"))
        return m_problem.unsupported(token().line, said(CORE_TEXT("reasons", "arguments out of a list")));
    if (token().kind != TokenKind::Name || !nextIs(TokenKind::Operator, "=")) {
        if (!call.named.empty())
            return m_problem.wrong(token().line, said(CORE_TEXT("reasons", "an argument without a name stands behind one with a name")));
        return give(call, expression());
    }
    std::string called = name(said(CORE_TEXT("reasons", "an argument")));
    next();
    ExpressionPtr value = expression();
    call.depth = std::max(call.depth, value->depth + 1);
    call.named.emplace_back(std::move(called), std::move(value));
}

} // namespace wb::chat
