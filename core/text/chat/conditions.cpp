// Tests: what stands after "is".
#include "core/text/chat/builtins.h"
#include "core/text/chat/texts.h"

#include <algorithm>
#include <array>

namespace wb::chat {
namespace {

struct Plain {
    std::string_view name;
    bool (*holds)(const Value&);
};
constexpr std::array plain = {
    Plain{"defined", [](const Value& v) { return !v.isUndefined(); }},
    Plain{"undefined", [](const Value& v) { return v.isUndefined(); }},
    Plain{"none", [](const Value& v) { return v.isNone(); }},
    Plain{"boolean", [](const Value& v) { return v.isBoolean(); }},
    Plain{"true", [](const Value& v) { return v.isBoolean() && v.truth(); }},
    Plain{"false", [](const Value& v) { return v.isBoolean() && !v.truth(); }},
    Plain{"integer", [](const Value& v) { return v.isInteger(); }},
    Plain{"float", [](const Value& v) { return v.isReal(); }},
    Plain{"number", [](const Value& v) { return v.isNumber(); }},
    Plain{"string", [](const Value& v) { return v.isText(); }},
    Plain{"mapping", [](const Value& v) { return v.isMap(); }},
    Plain{"iterable", [](const Value& v) { return v.isText() || v.isList() || v.isMap() || v.isUndefined(); }},
    Plain{"sequence", [](const Value& v) { return v.isText() || v.isList() || v.isMap() || v.isUndefined(); }},
    Plain{"callable", [](const Value& v) { return v.isFunction(); }},
    Plain{"odd", [](const Value& v) { return v.isNumber() && !v.isReal() && v.integer() % 2 != 0; }},
    Plain{"even", [](const Value& v) { return v.isNumber() && !v.isReal() && v.integer() % 2 == 0; }},
};

struct Pair {
    std::string_view name, sign;
};
constexpr std::array pairs = {Pair{"eq", "=="}, Pair{"equalto", "=="}, Pair{"sameas", "=="}, Pair{"ne", "!="}, Pair{"lt", "<"}, Pair{"lessthan", "<"}, Pair{"le", "<="},
                              Pair{"gt", ">"}, Pair{"greaterthan", ">"}, Pair{"ge", ">="}, Pair{"in", "in"}, Pair{"divisibleby", "%"}};

bool pairHolds(Machine& machine, std::string_view sign, const Value& value, const Value& other)
{
    if (sign == "==" || sign == "!=")
        return equal(machine, value, other) == (sign == "==");
    if (sign == "in")
        return contains(machine, other, value);
    if (sign == "%") {
        if (value.isReal() || other.isReal() || !value.isNumber() || !other.isNumber() || other.integer() == 0)
            return machine.wrong(said(CORE_TEXT("reasons", "only a whole number is divisible by another that is not 0"))), false;
        return other.integer() == -1 || value.integer() % other.integer() == 0;
    }
    int order = 0;
    if (!machine.spend(std::min(value.weight(), other.weight())))
        return false;
    if (!value.compare(other, order))
        return machine.wrong(said(CORE_TEXT("reasons", "%1 and %2 have no order"), value.typeName(), other.typeName())), false;
    return sign == "<" ? order < 0 : sign == "<=" ? order <= 0 : sign == ">" ? order > 0 : order >= 0;
}

const Plain* findPlain(std::string_view name)
{
    const auto* found = std::ranges::find(plain, name, &Plain::name);
    return found == plain.end() ? nullptr : found;
}

const Pair* findPair(std::string_view name)
{
    const auto* found = std::ranges::find(pairs, name, &Pair::name);
    return found == pairs.end() ? nullptr : found;
}

} // namespace

bool isTest(std::string_view name) { return name == "lower" || name == "upper" || findPlain(name) != nullptr || findPair(name) != nullptr; }

bool applyTest(Machine& machine, std::string_view name, const Value& value, const Arguments& arguments)
{
    if (!machine.spend(1))
        return false;
    if (!isTest(name))
        return machine.unsupported(said(CORE_TEXT("reasons", "the test \"%1\""), name)), false;
    if (const Plain* test = findPlain(name))
        return test->holds(value);
    if (name == "lower" || name == "upper")
        return value.isText() && machine.spend(value.weight()) && callMethod(machine, value, name == "lower" ? "islower" : "isupper", {}).truth();
    const Value* other = arguments.find(0, "other");
    if (other == nullptr)
        return machine.wrong(said(CORE_TEXT("reasons", "the test \"%1\" takes a value"), name)), false;
    return pairHolds(machine, findPair(name)->sign, value, *other);
}

} // namespace wb::chat
