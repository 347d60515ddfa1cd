#include "core/text/chat/expressionparser.h"

#include "core/text/chat/builtins.h"

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
        m_problem.wrong(token().line, fmt::format("\"{}\" is missing before \"{}\"", text, token().text));
}

std::string ExpressionParser::name(const char* of)
{
    if (token().kind != TokenKind::Name) {
        m_problem.wrong(token().line, fmt::format("the name of {} is missing", of));
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
        m_problem.wrong(to.line, fmt::format("expressions lie deeper than {} in each other", deepest));
    to.parts.push_back(std::move(part));
}

// Something to go on with when the template is wrong already.
ExpressionPtr ExpressionParser::none(const std::string& problem)
{
    m_problem.wrong(token().line, problem);
    return make(Kind::Literal);
}

ExpressionPtr ExpressionParser::expression(bool inlineIf)
{
    if (m_problem.any() || ++m_depth > deepest)
        return none(fmt::format("expressions lie deeper than {} in each other", deepest));
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
        return none(fmt::format("expressions lie deeper than {} in each other", deepest));
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
    return none(now.text.empty() ? "an expression is missing" : fmt::format("an expression cannot begin with \"{}\"", now.text));
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
            return none(fmt::format("the number {} is too large", now.text));
        return literal(Value::integer(whole));
    }
    if (std::from_chars(now.text.data(), end, real).ec != std::errc())
        return none(fmt::format("the number {} is too large", now.text));
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
    out->text = name("an attribute");
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
            return none("a place in a list or mapping is one expression");
        }
    }
    parts.push_back(std::move(now));
    expect("]");
    if (parts.size() > 3 || (!slice && !parts[0]))
        return none(slice ? "a slice has three parts at most" : "a place in a list or mapping is missing");
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
        out->text = name("a filter");
        if (!isFilter(out->text))
            m_problem.unsupported(out->line, fmt::format("the filter \"{}\"", out->text));
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
    out->text = name("a test");
    if (!isTest(out->text))
        m_problem.unsupported(out->line, fmt::format("the test \"{}\"", out->text));
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
        return m_problem.unsupported(token().line, "arguments out of a list");
    if (token().kind != TokenKind::Name || !nextIs(TokenKind::Operator, "=")) {
        if (!call.named.empty())
            return m_problem.wrong(token().line, "an argument without a name stands behind one with a name");
        return give(call, expression());
    }
    std::string called = name("an argument");
    next();
    ExpressionPtr value = expression();
    call.depth = std::max(call.depth, value->depth + 1);
    call.named.emplace_back(std::move(called), std::move(value));
}

} // namespace wb::chat
