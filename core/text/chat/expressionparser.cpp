#include "core/text/chat/expressionparser.h"

#include <charconv>

namespace wb::chat {
namespace {

constexpr std::size_t deepest = 200;

} // namespace

bool ExpressionParser::nextIs(TokenKind kind, std::string_view text) const
{
    return m_at + 1 < m_tokens.size() && m_tokens[m_at + 1].kind == kind && m_tokens[m_at + 1].text == text;
}

void ExpressionParser::next()
{
    if (m_at + 1 < m_tokens.size())
        ++m_at;
}

bool ExpressionParser::skip(std::string_view text)
{
    const bool there = isOperator(text);
    if (there)
        next();
    return there;
}

bool ExpressionParser::skipName(std::string_view name)
{
    const bool there = is(name);
    if (there)
        next();
    return there;
}

void ExpressionParser::expect(std::string_view text)
{
    if (!skip(text))
        m_problem.wrong(token().line, said(CORE_TEXT("reasons", "\"%1\" is missing before \"%2\""), text, token().text));
}

std::string ExpressionParser::name(const Sentence& of)
{
    if (token().kind != TokenKind::Name) {
        m_problem.wrong(token().line, said(CORE_TEXT("reasons", "the name of %1 is missing"), of));
        return {};
    }
    std::string text = token().text;
    next();
    return text;
}

std::unique_ptr<Expression> ExpressionParser::make(Kind kind, ExpressionPtr first)
{
    auto out = std::make_unique<Expression>();
    out->kind = kind;
    out->line = token().line;
    if (first)
        give(*out, std::move(first));
    return out;
}

void ExpressionParser::give(Expression& to, ExpressionPtr part)
{
    if (part)
        to.depth = std::max(to.depth, part->depth + 1);
    if (to.depth > deepest)
        m_problem.wrong(to.line, said(CORE_TEXT("reasons", "expressions lie deeper than %1 in each other"), deepest));
    to.parts.push_back(std::move(part));
}

// Something to go on with when the template is wrong already.
ExpressionPtr ExpressionParser::none(const Sentence& problem)
{
    m_problem.wrong(token().line, problem);
    return make(Kind::Literal);
}

ExpressionPtr ExpressionParser::expression(bool inlineIf)
{
    if (m_problem.any() || ++m_depth > deepest)
        return none(said(CORE_TEXT("reasons", "expressions lie deeper than %1 in each other"), deepest));
    ExpressionPtr value = either();
    while (inlineIf && skipName("if") && !m_problem.any()) {
        auto choice = make(Kind::Condition, std::move(value));
        give(*choice, either());
        give(*choice, skipName("else") ? expression() : nullptr);
        value = std::move(choice);
    }
    --m_depth;
    return value;
}

ExpressionPtr ExpressionParser::tuple(bool inlineIf)
{
    ExpressionPtr first = expression(inlineIf);
    if (!isOperator(","))
        return first;
    auto out = make(Kind::Tuple, std::move(first));
    while (skip(",") && !m_problem.any()) {
        const TokenKind kind = token().kind;
        if (kind == TokenKind::OutputEnd || kind == TokenKind::BlockEnd || isOperator(")"))
            break;
        give(*out, expression(inlineIf));
    }
    return out;
}

ExpressionPtr ExpressionParser::either()
{
    ExpressionPtr value = both();
    while (skipName("or") && !m_problem.any()) {
        auto out = make(Kind::Or, std::move(value));
        give(*out, both());
        value = std::move(out);
    }
    return value;
}

ExpressionPtr ExpressionParser::both()
{
    ExpressionPtr value = negation();
    while (skipName("and") && !m_problem.any()) {
        auto out = make(Kind::And, std::move(value));
        give(*out, negation());
        value = std::move(out);
    }
    return value;
}

ExpressionPtr ExpressionParser::negation()
{
    std::size_t count = 0;
    while (skipName("not"))
        ++count;
    ExpressionPtr value = comparison();
    for (; count != 0 && !m_problem.any(); --count)
        value = make(Kind::Not, std::move(value));
    return value;
}

ExpressionPtr ExpressionParser::comparison()
{
    ExpressionPtr value = arithmetic(0);
    std::unique_ptr<Expression> out;
    const auto add = [&](std::string sign) {
        if (!out)
            out = make(Kind::Compare, std::move(value));
        out->operators.push_back(std::move(sign));
        give(*out, arithmetic(0));
    };
    while (!m_problem.any()) {
        bool found = false;
        for (const char* sign : {"==", "!=", "<=", ">=", "<", ">"})
            if (!found && skip(sign)) {
                add(sign);
                found = true;
            }
        if (found)
            continue;
        if (skipName("in")) {
            add("in");
        } else if (is("not") && nextIs(TokenKind::Name, "in")) {
            next();
            next();
            add("not in");
        } else {
            break;
        }
    }
    return out ? ExpressionPtr(std::move(out)) : std::move(value);
}

// Levels: + and -, ~, * / // %, **.
ExpressionPtr ExpressionParser::arithmetic(int level)
{
    static const std::vector<std::vector<std::string>> signs = {{"+", "-"}, {"~"}, {"*", "/", "//", "%"}, {"**"}};
    if (level == static_cast<int>(signs.size()))
        return sign(true);
    ExpressionPtr value = arithmetic(level + 1);
    while (!m_problem.any() && token().kind == TokenKind::Operator) {
        const auto& mine = signs[static_cast<std::size_t>(level)];
        const auto found = std::ranges::find(mine, token().text);
        if (found == mine.end())
            break;
        next();
        auto out = make(Kind::Arithmetic, std::move(value));
        out->text = *found;
        give(*out, arithmetic(level + 1));
        value = std::move(out);
    }
    return value;
}

ExpressionPtr ExpressionParser::sign(bool withFilters)
{
    if (m_problem.any() || ++m_depth > deepest)
        return none(said(CORE_TEXT("reasons", "expressions lie deeper than %1 in each other"), deepest));
    ExpressionPtr value;
    if (skip("-"))
        value = make(Kind::Negative, sign(false));
    else if (skip("+"))
        value = make(Kind::Positive, sign(false));
    else
        value = postfix(primary());
    --m_depth;
    return withFilters ? filtersAndTests(std::move(value)) : std::move(value);
}

ExpressionPtr ExpressionParser::literal(Value value)
{
    auto out = make(Kind::Literal);
    out->value = std::move(value);
    return out;
}

ExpressionPtr ExpressionParser::primary()
{
    const Token& now = token();
    switch (now.kind) {
    case TokenKind::Name: {
        next();
        if (now.text == "true" || now.text == "True" || now.text == "false" || now.text == "False")
            return literal(Value::boolean(now.text[0] == 't' || now.text[0] == 'T'));
        if (now.text == "none" || now.text == "None")
            return literal(Value::none());
        auto out = make(Kind::Name);
        out->text = now.text;
        return out;
    }
    case TokenKind::String: {
        std::string text;
        for (; token().kind == TokenKind::String; next())
            text += token().text;
        return literal(Value::text(std::move(text)));
    }
    case TokenKind::Integer:
    case TokenKind::Float: return number();
    case TokenKind::Operator:
        if (skip("("))
            return parenthesis();
        if (skip("["))
            return list();
        if (skip("{"))
            return map();
        break;
    default: break;
    }
    return none(now.text.empty() ? said(CORE_TEXT("reasons", "an expression is missing")) : said(CORE_TEXT("reasons", "an expression cannot begin with \"%1\""), now.text));
}

ExpressionPtr ExpressionParser::number()
{
    const Token& now = token();
    next();
    const char* end = now.text.data() + now.text.size();
    std::int64_t whole = 0;
    double real = 0;
    if (now.kind == TokenKind::Integer) {
        if (std::from_chars(now.text.data(), end, whole).ec != std::errc())
            return none(said(CORE_TEXT("reasons", "the number %1 is too large"), now.text));
        return literal(Value::integer(whole));
    }
    if (std::from_chars(now.text.data(), end, real).ec != std::errc())
        return none(said(CORE_TEXT("reasons", "the number %1 is too large"), now.text));
    return literal(Value::real(real));
}

ExpressionPtr ExpressionParser::parenthesis()
{
    if (skip(")"))
        return make(Kind::Tuple);
    ExpressionPtr value = tuple();
    expect(")");
    return value;
}

ExpressionPtr ExpressionParser::list()
{
    auto out = make(Kind::List);
    while (!isOperator("]") && !m_problem.any()) {
        give(*out, expression());
        if (!skip(","))
            break;
    }
    expect("]");
    return out;
}

ExpressionPtr ExpressionParser::map()
{
    auto out = make(Kind::Map);
    while (!isOperator("}") && !m_problem.any()) {
        give(*out, expression());
        expect(":");
        give(*out, expression());
        if (!skip(","))
            break;
    }
    expect("}");
    return out;
}

} // namespace wb::chat
