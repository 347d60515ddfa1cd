#include "core/text/chat/interpreter.h"
#include "core/text/chat/texts.h"

#include <cmath>

namespace wb::chat {
namespace {

Value wholes(Machine& machine, const std::string& sign, std::int64_t a, std::int64_t b)
{
    std::int64_t out = 0;
    bool over = false;
    if (sign == "+")
        over = __builtin_add_overflow(a, b, &out);
    else if (sign == "-")
        over = __builtin_sub_overflow(a, b, &out);
    else if (sign == "*")
        over = __builtin_mul_overflow(a, b, &out);
    else if (b == 0)
        return machine.wrong(said(CORE_TEXT("reasons", "a number is divided by 0")));
    else if (b == -1)
        over = sign == "//" && __builtin_sub_overflow(std::int64_t{0}, a, &out);
    else if (sign == "//")
        out = a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
    else
        out = a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0);
    return over ? machine.wrong(said(CORE_TEXT("reasons", "a whole number is too large"))) : Value::integer(out);
}

Value power(Machine& machine, const Value& a, const Value& b)
{
    const double out = std::pow(a.real(), b.real());
    const bool whole = !a.isReal() && !b.isReal() && b.integer() >= 0;
    if (!std::isfinite(out) || (whole && std::abs(out) > 9e15))
        return machine.wrong(said(CORE_TEXT("reasons", "a number is too large")));
    return whole ? Value::integer(static_cast<std::int64_t>(out)) : Value::real(out);
}

Value numbers(Machine& machine, const std::string& sign, const Value& a, const Value& b)
{
    if (sign == "**")
        return power(machine, a, b);
    if (!a.isReal() && !b.isReal() && sign != "/")
        return wholes(machine, sign, a.integer(), b.integer());
    const double x = a.real(), y = b.real();
    if (sign == "+" || sign == "-")
        return Value::real(sign == "+" ? x + y : x - y);
    if (sign == "*")
        return Value::real(x * y);
    if (y == 0)
        return machine.wrong(said(CORE_TEXT("reasons", "a number is divided by 0")));
    if (sign == "/")
        return Value::real(x / y);
    return Value::real(sign == "//" ? std::floor(x / y) : x - y * std::floor(x / y));
}

Value repeated(Machine& machine, const Value& what, std::int64_t times)
{
    const std::size_t size = what.isText() ? what.text().size() : what.items().size();
    const std::size_t count = times <= 0 ? 0 : static_cast<std::size_t>(times);
    if (size != 0 && count > Machine::longestText / size)
        return machine.wrong(said(CORE_TEXT("reasons", "a text or list of more than %1 parts"), Machine::longestText));
    if (!machine.spend(what.isText() ? 1 : size * count))
        return {};
    std::string text;
    std::vector<Value> items;
    for (std::size_t i = 0; size != 0 && i < count; ++i) {
        if (what.isText())
            text += what.text();
        else
            items.insert(items.end(), what.items().begin(), what.items().end());
    }
    return what.isText() ? machine.made(std::move(text)) : machine.made(std::move(items));
}

// What is added to a text that is safe is escaped for HTML, as Python's Markup does.
Value added(Machine& machine, const Value& a, const Value& b)
{
    const bool markup = a.isMarkup() || b.isMarkup();
    const auto part = [&](const Value& value) { return markup && !value.isMarkup() ? escaped(value.text()) : value.text(); };
    if (!machine.spend(a.weight() + b.weight()))
        return {};
    const Value sum = machine.made(part(a) + part(b));
    return markup && sum.isText() ? Value::text(sum.text(), true) : sum;
}

// text % values: a tuple is several, a mapping named ones.
Value formatted(Machine& machine, const std::string& text, const Value& values)
{
    Arguments arguments;
    if (values.isMap()) {
        arguments.named = values.map().members;
        arguments.values = {values}; // for a place without a name
    } else {
        arguments.values = values.isTuple() ? values.items() : std::vector<Value>{values};
    }
    return formatPercents(machine, text, arguments);
}

} // namespace

Value calculate(Machine& machine, const std::string& sign, const Value& a, const Value& b)
{
    if (sign == "~")
        return machine.spend(a.weight() + b.weight()) ? machine.made(a.shown() + b.shown()) : Value();
    if (a.isNumber() && b.isNumber())
        return numbers(machine, sign, a, b);
    if (sign == "+" && a.isText() && b.isText())
        return added(machine, a, b);
    if (sign == "+" && a.isList() && b.isList() && a.isTuple() == b.isTuple()) {
        std::vector<Value> items = a.items();
        items.insert(items.end(), b.items().begin(), b.items().end());
        return machine.made(std::move(items), a.isTuple());
    }
    if (sign == "*" && (a.isText() || a.isList()) && b.isNumber() && !b.isReal())
        return repeated(machine, a, b.integer());
    if (sign == "*" && (b.isText() || b.isList()) && a.isNumber() && !a.isReal())
        return repeated(machine, b, a.integer());
    if (sign == "%" && a.isText())
        return formatted(machine, a.text(), b);
    for (const Value* side : {&a, &b})
        if (side->isUndefined())
            return machine.wrong(said(CORE_TEXT("reasons", "\"%1\" is not defined"), side->name()));
    return machine.wrong(said(CORE_TEXT("reasons", "%1 %2 %3 has no meaning"), a.typeName(), sign, b.typeName()));
}

} // namespace wb::chat
