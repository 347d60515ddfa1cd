// Functions, attributes, elements, and what they share with filters and methods.
#include "core/text/chat/builtins.h"
#include "core/text/chat/texts.h"

#include <algorithm>
#include <array>

namespace wb::chat {
namespace {

constexpr std::array functions = {"range", "dict", "namespace", "raise_exception", "strftime_now"};

Value range(Machine& machine, const Arguments& arguments)
{
    constexpr std::int64_t most = 100'000; // the reference's own limit
    for (const Value& value : arguments.values)
        if (!value.isInteger() && !value.isBoolean())
            return machine.wrong(said(CORE_TEXT("reasons", "range goes between whole numbers")));
    if (arguments.values.empty() || arguments.values.size() > 3 || !arguments.named.empty())
        return machine.wrong(said(CORE_TEXT("reasons", "range takes one to three numbers")));
    const bool one = arguments.values.size() == 1;
    const std::int64_t begin = one ? 0 : arguments.values[0].integer(), end = arguments.values[one ? 0 : 1].integer();
    const std::int64_t step = arguments.values.size() == 3 ? arguments.values[2].integer() : 1;
    if (step == 0)
        return machine.wrong(said(CORE_TEXT("reasons", "range cannot go in steps of 0")));
    std::vector<Value> items;
    __extension__ using Wide = __int128;
    for (Wide at = begin; step > 0 ? at < end : at > end; at += step) {
        if (static_cast<std::int64_t>(items.size()) == most)
            return machine.wrong(said(CORE_TEXT("reasons", "a range holds more than %1 numbers"), most));
        items.push_back(Value::integer(static_cast<std::int64_t>(at)));
    }
    return machine.made(std::move(items));
}

} // namespace

const Value* Arguments::find(std::size_t place, std::string_view name) const
{
    if (place < values.size())
        return &values[place];
    const auto found = std::ranges::find(named, name, [](const auto& one) { return std::string_view(one.first); });
    return found == named.end() ? nullptr : &found->second;
}

bool Arguments::isSet(std::size_t place, std::string_view name) const
{
    const Value* value = find(place, name);
    return value != nullptr && value->truth();
}

std::string Arguments::text(std::size_t place, std::string_view name, const std::string& other) const
{
    const Value* value = find(place, name);
    return value != nullptr && value->isText() ? value->text() : other;
}

std::int64_t Arguments::number(std::size_t place, std::string_view name, std::int64_t other) const
{
    const Value* value = find(place, name);
    return value != nullptr && (value->isInteger() || value->isBoolean()) ? value->integer() : other;
}

bool isFunction(std::string_view name) { return std::ranges::find(functions, name) != functions.end(); }

Value callFunction(Machine& machine, std::string_view name, const Arguments& arguments)
{
    if (name == "range")
        return range(machine, arguments);
    if (name == "strftime_now")
        return machine.made(dateText(arguments.text(0, "format", "")));
    if (name == "raise_exception") {
        const Value* why = arguments.find(0, "message");
        machine.problem().refused(why == nullptr || !why->isText() ? said(CORE_TEXT("reasons", "no reason is given")) : said("%1", why->text()));
        return {};
    }
    auto members = arguments.named;
    if (!arguments.values.empty()) { // dict(mapping, …)
        if (!arguments.values[0].isMap())
            return machine.wrong(said(CORE_TEXT("reasons", "%1 takes a mapping or names with values"), name));
        members = arguments.values[0].map().members;
        members.insert(members.end(), arguments.named.begin(), arguments.named.end());
    }
    if (name == "dict")
        return machine.made(std::move(members));
    if (std::ranges::any_of(members, [](const auto& member) { return member.second.isNamespace(); }))
        return machine.wrong(said(CORE_TEXT("reasons", "a namespace cannot hold another")));
    return Value::space(std::move(members));
}

Value attributeOf(Machine& machine, const Value& value, const std::string& name)
{
    if (value.isUndefined())
        return machine.wrong(said(CORE_TEXT("reasons", "\"%1\" is asked of \"%2\", which is not defined"), name, value.name()));
    if (hasMethod(value, name))
        return Value::function({name, nullptr, nullptr, value});
    return elementOf(machine, value, Value::text(name));
}

Value elementOf(Machine& machine, const Value& value, const Value& key)
{
    if (value.isUndefined())
        return machine.wrong(said(CORE_TEXT("reasons", "a part is asked of \"%1\", which is not defined"), value.name()));
    const Value nothing = key.isText() ? Value::undefined(key.text()) : Value::unnamed(CORE_TEXT("reasons", "an element"));
    if (value.isMap()) {
        const std::optional<std::string> name = key.asKey();
        const Value* found = name ? value.map().find(*name) : nullptr;
        return found == nullptr ? nothing : *found;
    }
    if (value.isNamespace() && key.isText()) {
        const auto& members = value.space().members;
        const auto found = std::ranges::find(members, key.text(), &std::pair<std::string, Value>::first);
        return found == members.end() ? nothing : found->second;
    }
    if ((!value.isList() && !value.isText()) || (!key.isInteger() && !key.isBoolean()))
        return nothing;
    if (!machine.spend(value.isText() ? value.weight() : 1))
        return {};
    const auto count = static_cast<std::int64_t>(value.isList() ? value.items().size() : countCharacters(value.text()));
    const std::int64_t at = key.integer() < 0 ? key.integer() + count : key.integer();
    if (at < 0 || at >= count)
        return nothing;
    return value.isList() ? value.items()[static_cast<std::size_t>(at)] : machine.made(std::string(charactersOf(value.text())[static_cast<std::size_t>(at)]));
}

std::vector<Value> elementsOf(Machine& machine, const Value& value)
{
    std::vector<Value> out;
    if (value.isList()) {
        if (machine.spend(value.items().size()))
            out = value.items();
    } else if (value.isMap()) {
        if (machine.spend(value.map().members.size()))
            for (const auto& [name, member] : value.map().members)
                out.push_back(Value::ofKey(name));
    } else if (value.isText()) {
        if (machine.spend(value.text().size()))
            for (const std::string_view character : charactersOf(value.text()))
                out.push_back(Value::text(std::string(character)));
    } else if (!value.isUndefined()) {
        machine.wrong(said(CORE_TEXT("reasons", "%1 has no elements to go through"), value.typeName()));
    }
    return out;
}

bool contains(Machine& machine, const Value& whole, const Value& part)
{
    if (!machine.spend(whole.weight() + part.weight()))
        return false;
    if (whole.isText() && part.isText())
        return whole.text().find(part.text()) != std::string::npos;
    if (whole.isMap()) {
        const std::optional<std::string> name = part.asKey();
        return name && whole.map().find(*name) != nullptr;
    }
    if (whole.isList())
        return std::ranges::any_of(whole.items(), [&](const Value& item) { return machine.spend(item.weight()) && item == part; });
    if (!whole.isUndefined())
        machine.wrong(said(CORE_TEXT("reasons", "%1 cannot hold %2"), whole.typeName(), part.typeName()));
    return false;
}

bool equal(Machine& machine, const Value& a, const Value& b) { return machine.spend(std::min(a.weight(), b.weight())) && a == b; }

} // namespace wb::chat
