#include "core/text/chat/interpreter.h"

#include "core/text/chat/texts.h"

#include <algorithm>

namespace wb::chat {
namespace {

using E = Expression::Kind;
using S = Statement::Kind;

// The variable "loop" at its item `i`.
Value loopVariable(const std::vector<Value>& items, std::size_t i, std::size_t depth)
{
    const auto number = [](std::size_t value) { return Value::integer(static_cast<std::int64_t>(value)); };
    const std::size_t count = items.size();
    return Value::map({{"index", number(i + 1)}, {"index0", number(i)}, {"revindex", number(count - i)}, {"revindex0", number(count - i - 1)},
                       {"first", Value::boolean(i == 0)}, {"last", Value::boolean(i + 1 == count)}, {"length", number(count)},
                       {"depth", number(depth)}, {"depth0", number(depth - 1)},
                       {"previtem", i == 0 ? Value::undefined("previtem") : items[i - 1]}, {"nextitem", i + 1 == count ? Value::undefined("nextitem") : items[i + 1]}},
                      true);
}

} // namespace

std::string Interpreter::run(const Body& body, const Value& variables)
{
    Scope& global = open(nullptr);
    global.names = variables.map().members;
    run(body, open(&global));
    return std::move(m_out);
}

Scope& Interpreter::open(Scope* parent)
{
    return m_scopes.emplace_back(Scope{parent, {}, false});
}

// What a macro may still see stays; scopes end in the order in which they began, backwards.
void Interpreter::close(Scope& scope)
{
    if (!scope.kept && &scope == &m_scopes.back())
        m_scopes.pop_back();
}

void Interpreter::set(Scope& scope, const std::string& name, Value value)
{
    const auto known = std::ranges::find(scope.names, name, &std::pair<std::string, Value>::first);
    if (known == scope.names.end())
        scope.names.emplace_back(name, std::move(value));
    else
        known->second = std::move(value);
}

Interpreter::Flow Interpreter::run(const Body& body, Scope& scope)
{
    if (++m_depth > Machine::deepest)
        m_machine.wrong(said(CORE_TEXT("reasons", "what runs lies deeper than %1 in each other"), Machine::deepest));
    Flow flow = Flow::On;
    for (const auto& statement : body) {
        m_machine.line = statement->line;
        if (!m_machine.spend(1))
            break;
        flow = run(*statement, scope);
        if (flow != Flow::On)
            break;
    }
    --m_depth;
    return flow;
}

Interpreter::Flow Interpreter::run(const Statement& statement, Scope& scope)
{
    switch (statement.kind) {
    case S::Text: put(statement.text); break;
    case S::Output: {
        const Value value = eval(*statement.value, scope);
        if (m_machine.spend(value.weight()))
            put(value.shown());
        break;
    }
    case S::If: return choose(statement, scope);
    case S::For: loop(statement, scope); break;
    case S::Set:
    case S::SetBlock: assign(statement, scope); break;
    case S::Macro:
        for (Scope* kept = &scope; kept != nullptr; kept = kept->parent)
            kept->kept = true;
        set(scope, statement.text, Value::function({statement.text, &statement, &scope, {}}));
        break;
    case S::Block: {
        Scope& inner = open(&scope);
        const Flow flow = run(statement.body, inner);
        close(inner);
        return flow;
    }
    case S::Break: return Flow::Break;
    case S::Continue: return Flow::Continue;
    }
    return Flow::On;
}

void Interpreter::put(std::string_view text)
{
    if (m_out.size() + text.size() > Machine::longestText)
        m_machine.wrong(said(CORE_TEXT("reasons", "it writes more than %1 bytes"), Machine::longestText));
    else if (m_machine.spend(text.size() / 16))
        m_out += text;
}

Interpreter::Flow Interpreter::choose(const Statement& statement, Scope& scope)
{
    for (const auto& [condition, body] : statement.branches)
        if (condition == nullptr || eval(*condition, scope).truth())
            return m_machine.failed() ? Flow::On : run(body, scope);
    return Flow::On;
}

// With the condition of the loop, which sees its variables but not "loop".
std::vector<Value> Interpreter::loopItems(const Statement& statement, Scope& scope)
{
    const Value whole = eval(*statement.value, scope);
    std::vector<Value> items = m_machine.failed() ? std::vector<Value>() : elementsOf(m_machine, whole);
    if (!statement.condition)
        return items;
    std::vector<Value> kept;
    for (Value& item : items) {
        Scope& inner = open(&scope);
        unpack(statement, inner, item);
        const bool wanted = !m_machine.failed() && eval(*statement.condition, inner).truth();
        close(inner);
        if (wanted)
            kept.push_back(std::move(item));
    }
    return kept;
}

void Interpreter::loop(const Statement& statement, Scope& scope)
{
    const std::vector<Value> items = loopItems(statement, scope);
    for (std::size_t i = 0; i < items.size() && m_machine.spend(1); ++i) {
        Scope& inner = open(&scope);
        set(inner, "loop", loopVariable(items, i, 1));
        unpack(statement, inner, items[i]);
        const Flow flow = m_machine.failed() ? Flow::Break : run(statement.body, inner);
        close(inner);
        if (flow == Flow::Break)
            break;
    }
    if (items.empty() && !m_machine.failed()) {
        Scope& inner = open(&scope);
        run(statement.otherwise, inner);
        close(inner);
    }
}

void Interpreter::unpack(const Statement& statement, Scope& scope, const Value& value)
{
    if (statement.names.size() == 1)
        return set(scope, statement.names[0], value);
    const std::vector<Value> parts = elementsOf(m_machine, value);
    if (parts.size() != statement.names.size())
        return (void)m_machine.wrong(said(CORE_TEXT("reasons", "%1 values are put into %2 variables"), parts.size(), statement.names.size()));
    for (std::size_t i = 0; i < parts.size(); ++i)
        set(scope, statement.names[i], parts[i]);
}

std::string Interpreter::captured(const Body& body, Scope& scope)
{
    std::string before = std::exchange(m_out, {});
    run(body, scope);
    return std::exchange(m_out, std::move(before));
}

void Interpreter::assign(const Statement& statement, Scope& scope)
{
    Value value;
    if (statement.kind == S::Set) {
        value = eval(*statement.value, scope);
    } else {
        Scope& inner = open(&scope);
        value = m_machine.made(captured(statement.body, inner));
        if (statement.value) {
            set(inner, blockTextName, value);
            value = eval(*statement.value, inner);
        }
        close(inner);
    }
    if (m_machine.failed())
        return;
    if (statement.owner.empty())
        unpack(statement, scope, value);
    else
        setAttribute(statement, scope, std::move(value));
}

void Interpreter::setAttribute(const Statement& statement, Scope& scope, Value value)
{
    const Value owner = look(statement.owner, scope);
    if (!owner.isNamespace())
        return (void)m_machine.wrong(said(CORE_TEXT("reasons", "\"%1\" is no namespace, so its attributes cannot be set"), statement.owner));
    if (value.isNamespace())
        return (void)m_machine.wrong(said(CORE_TEXT("reasons", "a namespace cannot hold another")));
    auto& members = owner.space().members;
    const auto known = std::ranges::find(members, statement.text, &std::pair<std::string, Value>::first);
    if (known == members.end())
        members.emplace_back(statement.text, std::move(value));
    else
        known->second = std::move(value);
}

Value Interpreter::callMacro(const FunctionData& function, const Arguments& arguments)
{
    const Statement& macro = *function.macro;
    if (arguments.values.size() > macro.names.size())
        return m_machine.wrong(said(CORE_TEXT("reasons", "the macro \"%1\" takes %2 arguments and gets %3"), macro.text, macro.names.size(), arguments.values.size()));
    for (const auto& [name, value] : arguments.named)
        if (std::ranges::find(macro.names, name) == macro.names.end())
            return m_machine.wrong(said(CORE_TEXT("reasons", "the macro \"%1\" has no parameter \"%2\""), macro.text, name));
    Scope& inner = open(function.scope);
    const std::size_t plain = macro.names.size() - macro.defaults.size();
    for (std::size_t i = 0; i < macro.names.size(); ++i) {
        const Value* given = arguments.find(i, macro.names[i]);
        set(inner, macro.names[i], given != nullptr ? *given : i >= plain ? eval(*macro.defaults[i - plain], inner) : Value::undefined(macro.names[i]));
    }
    std::string text = captured(macro.body, inner);
    close(inner);
    return m_machine.made(std::move(text));
}

Value Interpreter::look(const std::string& name, Scope& scope)
{
    for (const Scope* at = &scope; at != nullptr; at = at->parent)
        for (const auto& [known, value] : at->names)
            if (known == name)
                return value;
    return isFunction(name) ? Value::function({name, nullptr, nullptr, {}}) : Value::undefined(name);
}

Arguments Interpreter::arguments(const Expression& expression, Scope& scope)
{
    Arguments out;
    for (std::size_t i = 1; i < expression.parts.size(); ++i)
        out.values.push_back(eval(*expression.parts[i], scope));
    for (const auto& [name, value] : expression.named)
        out.named.emplace_back(name, eval(*value, scope));
    return out;
}

Value Interpreter::call(const Expression& expression, Scope& scope)
{
    const Value callee = eval(*expression.parts[0], scope);
    const Arguments given = arguments(expression, scope);
    m_machine.line = expression.line;
    if (m_machine.failed())
        return {};
    if (callee.isUndefined())
        return m_machine.wrong(said(CORE_TEXT("reasons", "\"%1\" is called, which is not defined"), callee.name()));
    if (!callee.isFunction())
        return m_machine.wrong(said(CORE_TEXT("reasons", "%1 is called, which is no function"), callee.typeName()));
    const FunctionData& function = callee.function();
    if (function.macro != nullptr)
        return callMacro(function, given);
    return function.self.isUndefined() ? callFunction(m_machine, function.name, given) : callMethod(m_machine, function.self, function.name, given);
}

Value Interpreter::compare(const Expression& expression, Scope& scope)
{
    Value left = eval(*expression.parts[0], scope);
    for (std::size_t i = 0; i < expression.operators.size(); ++i) {
        Value right = eval(*expression.parts[i + 1], scope);
        if (m_machine.failed())
            return {};
        const std::string& sign = expression.operators[i];
        bool holds = false;
        if (sign == "in" || sign == "not in") {
            holds = contains(m_machine, right, left) == (sign == "in");
        } else {
            const char* test = sign == "==" ? "eq" : sign == "!=" ? "ne" : sign == "<" ? "lt" : sign == "<=" ? "le" : sign == ">" ? "gt" : "ge";
            holds = applyTest(m_machine, test, left, {{right}, {}});
        }
        if (!holds)
            return Value::boolean(false);
        left = std::move(right);
    }
    return Value::boolean(true);
}

Value Interpreter::slice(const Expression& expression, Scope& scope)
{
    const Value whole = eval(*expression.parts[0], scope);
    Value parts[3];
    for (std::size_t i = 0; i < 3; ++i) {
        parts[i] = expression.parts[i + 1] ? eval(*expression.parts[i + 1], scope) : Value::none();
        if (!parts[i].isNone() && (!parts[i].isNumber() || parts[i].isReal()))
            return m_machine.wrong(said(CORE_TEXT("reasons", "the parts of a slice are whole numbers")));
    }
    if (!whole.isList() && !whole.isText())
        return m_machine.wrong(said(CORE_TEXT("reasons", "%1 has no slices"), whole.isUndefined() ? whole.name() : whole.typeName()));
    const std::vector<Value> items = elementsOf(m_machine, whole);
    const auto count = static_cast<std::int64_t>(items.size());
    const std::int64_t step = parts[2].isNone() ? 1 : std::clamp<std::int64_t>(parts[2].integer(), -count - 1, count + 1);
    if (step == 0)
        return m_machine.wrong(said(CORE_TEXT("reasons", "a slice cannot go in steps of 0")));
    const auto place = [&](const Value& value, std::int64_t other) {
        if (value.isNone())
            return other;
        const std::int64_t at = value.integer() < 0 ? std::max<std::int64_t>(value.integer(), -count - 1) + count : value.integer();
        return step > 0 ? std::clamp<std::int64_t>(at, 0, count) : std::clamp<std::int64_t>(at, -1, count - 1);
    };
    const std::int64_t end = place(parts[1], step > 0 ? count : -1);
    std::vector<Value> out;
    for (std::int64_t at = place(parts[0], step > 0 ? 0 : count - 1); step > 0 ? at < end : at > end; at += step)
        out.push_back(items[static_cast<std::size_t>(at)]);
    if (whole.isList())
        return m_machine.made(std::move(out), whole.isTuple());
    std::string text;
    for (const Value& character : out)
        text += character.text();
    return m_machine.made(std::move(text));
}

Value Interpreter::eval(const Expression& expression, Scope& scope)
{
    if (++m_depth > Machine::deepest)
        m_machine.wrong(said(CORE_TEXT("reasons", "what runs lies deeper than %1 in each other"), Machine::deepest));
    Value out = m_machine.spend(1) ? evalParts(expression, scope) : Value();
    --m_depth;
    return out;
}

Value Interpreter::evalParts(const Expression& expression, Scope& scope)
{
    const auto part = [&](std::size_t i) { return eval(*expression.parts[i], scope); };
    switch (expression.kind) {
    case E::Literal: return expression.value;
    case E::Name: return look(expression.text, scope);
    case E::List:
    case E::Tuple: {
        std::vector<Value> items;
        for (std::size_t i = 0; i < expression.parts.size(); ++i)
            items.push_back(part(i));
        if (std::ranges::any_of(items, &Value::isNamespace))
            return m_machine.wrong(said(CORE_TEXT("reasons", "a list cannot hold a namespace")));
        return m_machine.made(std::move(items), expression.kind == E::Tuple);
    }
    case E::Map: {
        std::vector<std::pair<std::string, Value>> members;
        for (std::size_t i = 0; i + 1 < expression.parts.size(); i += 2) {
            const Value key = part(i);
            Value value = part(i + 1);
            std::optional<std::string> name = key.asKey();
            if (!name || value.isNamespace())
                return m_machine.wrong(name ? said(CORE_TEXT("reasons", "a mapping cannot hold a namespace")) : said(CORE_TEXT("reasons", "%1 is no key of a mapping"), key.typeName()));
            members.emplace_back(std::move(*name), std::move(value));
        }
        return m_machine.made(std::move(members));
    }
    case E::Attribute: return attributeOf(m_machine, part(0), expression.text);
    case E::Index: {
        const Value whole = part(0), key = part(1);
        const Value element = elementOf(m_machine, whole, key);
        return element.isUndefined() && key.isText() && hasMethod(whole, key.text()) ? attributeOf(m_machine, whole, key.text()) : element;
    }
    case E::Slice: return slice(expression, scope);
    case E::Call: return call(expression, scope);
    case E::Filter: {
        const Value value = part(0);
        const Arguments given = arguments(expression, scope);
        return m_machine.failed() ? Value() : applyFilter(m_machine, expression.text, value, given);
    }
    case E::Test: {
        const Value value = part(0);
        return Value::boolean(applyTest(m_machine, expression.text, value, arguments(expression, scope)));
    }
    case E::Not: return Value::boolean(!part(0).truth());
    case E::Negative: return calculate(m_machine, "-", Value::integer(0), part(0));
    case E::Positive: return calculate(m_machine, "+", Value::integer(0), part(0));
    case E::And:
    case E::Or: {
        Value left = part(0);
        return left.truth() == (expression.kind == E::Or) ? left : part(1);
    }
    case E::Compare: return compare(expression, scope);
    case E::Arithmetic: {
        const Value left = part(0);
        return calculate(m_machine, expression.text, left, part(1));
    }
    case E::Condition:
        if (part(1).truth())
            return part(0);
        return expression.parts[2] ? part(2) : Value::unnamed(CORE_TEXT("reasons", "the other case"));
    }
    return {};
}

} // namespace wb::chat
