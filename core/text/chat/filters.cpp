#include "core/text/chat/builtins.h"
#include "core/text/chat/texts.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

namespace wb::chat {
namespace {

using Filter = Value (*)(Machine&, const Value&, const Arguments&);

// What a filter of texts works on: anything else as it is shown.
std::string textOf(Machine& machine, const Value& value) { return machine.spend(value.weight()) ? value.shown() : std::string(); }

Value length(Machine& machine, const Value& value, const Arguments&)
{
    if (value.isText())
        return machine.spend(value.weight()) ? Value::integer(static_cast<std::int64_t>(countCharacters(value.text()))) : Value();
    if (value.isList() || value.isMap() || value.isUndefined())
        return Value::integer(static_cast<std::int64_t>(value.isList() ? value.items().size() : value.isMap() ? value.map().members.size() : 0));
    return machine.wrong(said(CORE_TEXT("reasons", "%1 has no length"), value.typeName()));
}

Value otherwise(Machine&, const Value& value, const Arguments& arguments)
{
    const Value* other = arguments.find(0, "default_value");
    const bool use = value.isUndefined() || (arguments.isSet(1, "boolean") && !value.truth());
    return !use ? value : other != nullptr ? *other : Value::text("");
}

Value trim(Machine& machine, const Value& value, const Arguments& arguments)
{
    const std::string text = textOf(machine, value);
    return machine.made(std::string(stripped(text, arguments.text(0, "chars", ""), true, true)));
}

// a.b.0 of each.
Value path(Machine& machine, Value value, const std::string& names)
{
    for (const std::string_view part : split(names, ".", -1, false)) {
        std::int64_t place = 0;
        const bool number = std::from_chars(part.data(), part.data() + part.size(), place).ptr == part.data() + part.size() && !part.empty();
        value = elementOf(machine, value, number ? Value::integer(place) : Value::text(std::string(part)));
    }
    return value;
}

Value join(Machine& machine, const Value& value, const Arguments& arguments)
{
    const std::string between = arguments.text(0, "d", ""), attribute = arguments.text(1, "attribute", "");
    std::string out;
    bool first = true;
    for (const Value& element : elementsOf(machine, value)) {
        if (!std::exchange(first, false))
            out += between;
        out += textOf(machine, attribute.empty() ? element : path(machine, element, attribute));
        if (out.size() > Machine::longestText || machine.failed())
            break;
    }
    return machine.made(std::move(out));
}

Value replace(Machine& machine, const Value& value, const Arguments& arguments)
{
    const Value *what = arguments.find(0, "old"), *with = arguments.find(1, "new");
    if (what == nullptr || with == nullptr)
        return machine.wrong(said(CORE_TEXT("reasons", "replace takes what and with what")));
    const std::string text = textOf(machine, value), old = textOf(machine, *what), fresh = textOf(machine, *with);
    std::string out;
    if (!replaced(out, text, old, fresh, arguments.number(2, "count", -1), Machine::longestText))
        return machine.wrong(said(CORE_TEXT("reasons", "a text of more than %1 bytes"), Machine::longestText));
    return machine.made(std::move(out));
}

Value toJson(Machine& machine, const Value& value, const Arguments& arguments)
{
    constexpr std::int64_t widest = 16;
    const Value *indent = arguments.find(1, "indent"), *separators = arguments.find(2, "separators");
    JsonForm form;
    form.ascii = arguments.isSet(0, "ensure_ascii");
    form.sorted = arguments.isSet(3, "sort_keys");
    if (indent != nullptr && indent->isText())
        form.indent = indent->text();
    else if (indent != nullptr && indent->isNumber() && !indent->isReal())
        form.indent = std::string(static_cast<std::size_t>(std::clamp<std::int64_t>(indent->integer(), 0, widest + 1)), ' ');
    form.between = form.indent ? "," : ", ";
    if (separators != nullptr && separators->isList() && separators->items().size() == 2 && separators->items()[0].isText() && separators->items()[1].isText()) {
        form.between = separators->items()[0].text();
        form.behindKey = separators->items()[1].text();
    } else if (separators != nullptr && !separators->isNone()) {
        return machine.wrong(said(CORE_TEXT("reasons", "the separators of JSON are two texts")));
    }
    if ((form.indent && form.indent->size() > widest) || form.between.size() + form.behindKey.size() > widest)
        return machine.unsupported(said(CORE_TEXT("reasons", "tojson with another form")));
    std::string out;
    if (!machine.spend(value.weight() * (form.indent ? Value::deepest : 1)))
        return {};
    if (!value.appendJson(out, form))
        return machine.wrong(said(CORE_TEXT("reasons", "there is no JSON of something undefined, a namespace or a function")));
    return machine.made(std::move(out));
}

Value first(Machine& machine, const Value& value, const Arguments&)
{
    const auto all = elementsOf(machine, value);
    return all.empty() ? Value::unnamed(CORE_TEXT("reasons", "the first of nothing")) : all.front();
}

Value last(Machine& machine, const Value& value, const Arguments&)
{
    const auto all = elementsOf(machine, value);
    return all.empty() ? Value::unnamed(CORE_TEXT("reasons", "the last of nothing")) : all.back();
}

Value items(Machine& machine, const Value& value, const Arguments&)
{
    if (!value.isMap() && !value.isUndefined())
        return machine.wrong(said(CORE_TEXT("reasons", "%1 has no members"), value.typeName()));
    return value.isMap() ? callMethod(machine, value, "items", {}) : machine.made(std::vector<Value>());
}

Value sorted(Machine& machine, std::vector<Value> all, bool backwards, bool cases, const std::function<Value(const Value&)>& by)
{
    std::vector<std::pair<Value, Value>> keyed;
    for (Value& one : all) {
        Value key = by(one);
        if (!machine.spend(16 * key.weight()))
            return {};
        if (key.isText() && !cases)
            key = Value::text(lowered(key.text()));
        keyed.emplace_back(std::move(key), std::move(one));
    }
    for (std::size_t i = 1; i < keyed.size(); ++i) // what std::sort is given must be in order
        if (int order = 0; !keyed[0].first.compare(keyed[i].first, order) || keyed[i].first.isList())
            return machine.wrong(said(CORE_TEXT("reasons", "%1 and %2 have no order"), keyed[0].first.typeName(), keyed[i].first.typeName()));
    std::ranges::stable_sort(keyed, [&](const auto& a, const auto& b) {
        int order = 0;
        return a.first.compare(b.first, order) && (backwards ? order > 0 : order < 0);
    });
    std::vector<Value> out;
    for (auto& one : keyed)
        out.push_back(std::move(one.second));
    return machine.made(std::move(out));
}

Value sort(Machine& machine, const Value& value, const Arguments& arguments)
{
    const std::string attribute = arguments.text(2, "attribute", "");
    return sorted(machine, elementsOf(machine, value), arguments.isSet(0, "reverse"), arguments.isSet(1, "case_sensitive"),
                  [&](const Value& one) { return attribute.empty() ? one : path(machine, one, attribute); });
}

Value sortMap(Machine& machine, const Value& value, const Arguments& arguments)
{
    const Value all = items(machine, value, {});
    const std::int64_t by = arguments.text(1, "by", "key") == "value" ? 1 : 0;
    return machine.failed() ? Value()
                            : sorted(machine, elementsOf(machine, all), arguments.isSet(2, "reverse"), arguments.isSet(0, "case_sensitive"),
                                     [&](const Value& one) { return elementOf(machine, one, Value::integer(by)); });
}

Value reverse(Machine& machine, const Value& value, const Arguments&)
{
    auto all = elementsOf(machine, value);
    std::ranges::reverse(all);
    if (!value.isText())
        return machine.made(std::move(all));
    std::string out;
    for (const Value& one : all)
        out += one.text();
    return machine.made(std::move(out));
}

Value unique(Machine& machine, const Value& value, const Arguments&)
{
    std::vector<Value> out;
    for (const Value& one : elementsOf(machine, value))
        if (std::ranges::none_of(out, [&](const Value& known) { return equal(machine, known, one); }))
            out.push_back(one);
    return machine.made(std::move(out));
}

Value sum(Machine& machine, const Value& value, const Arguments& arguments)
{
    double total = 0;
    bool whole = true;
    const std::string attribute = arguments.text(0, "attribute", "");
    for (const Value& one : elementsOf(machine, value)) {
        const Value part = attribute.empty() ? one : path(machine, one, attribute);
        if (!part.isNumber())
            return machine.wrong(said(CORE_TEXT("reasons", "%1 cannot be added up"), part.typeName()));
        total += part.real();
        whole = whole && !part.isReal();
    }
    return whole && std::abs(total) < 9e15 ? Value::integer(static_cast<std::int64_t>(total)) : Value::real(total);
}

// map(attribute="a", default=…) or map("filter", …).
Value mapped(Machine& machine, const Value& value, const Arguments& arguments)
{
    if (!value.truth()) // whatever it is, as the reference has it
        return machine.made(std::vector<Value>());
    const Value *attribute = arguments.find(99, "attribute"), *other = arguments.find(99, "default");
    const std::string filter = arguments.text(0, "", "");
    if (attribute == nullptr && !isFilter(filter))
        return machine.unsupported(said(CORE_TEXT("reasons", "map through \"%1\""), filter));
    Arguments rest = arguments;
    if (!rest.values.empty())
        rest.values.erase(rest.values.begin());
    std::vector<Value> out;
    for (const Value& one : elementsOf(machine, value)) {
        if (machine.failed())
            return {};
        if (attribute == nullptr) {
            out.push_back(applyFilter(machine, filter, one, rest));
            continue;
        }
        Value found = path(machine, one, attribute->shown());
        out.push_back(found.isUndefined() && other != nullptr ? *other : std::move(found));
    }
    return machine.made(std::move(out));
}

Value chosen(Machine& machine, const Value& value, const Arguments& arguments, bool byAttribute, bool wanted)
{
    if (!value.truth())
        return machine.made(std::vector<Value>());
    const std::string attribute = byAttribute ? arguments.text(0, "", "") : "";
    const std::size_t at = byAttribute ? 1 : 0;
    const std::string test = arguments.text(at, "", "");
    if (arguments.values.size() > at && !isTest(test))
        return machine.unsupported(said(CORE_TEXT("reasons", "the test \"%1\""), test));
    Arguments rest = arguments;
    rest.values.erase(rest.values.begin(), rest.values.begin() + static_cast<std::ptrdiff_t>(std::min(at + 1, rest.values.size())));
    std::vector<Value> out;
    for (const Value& one : elementsOf(machine, value)) {
        const Value part = byAttribute ? path(machine, one, attribute) : one;
        const bool holds = test.empty() ? part.truth() : applyTest(machine, test, part, rest);
        if (machine.failed())
            return {};
        if (holds == wanted)
            out.push_back(one);
    }
    return machine.made(std::move(out));
}

Value indent(Machine& machine, const Value& value, const Arguments& arguments)
{
    const Value* width = arguments.find(0, "width");
    const std::int64_t count = arguments.number(0, "width", 4);
    if (count < 0 || count > 1000)
        return machine.wrong(said(CORE_TEXT("reasons", "an indent has 0 to 1000 blanks")));
    const std::string before = width != nullptr && width->isText() ? width->text() : std::string(static_cast<std::size_t>(count), ' ');
    const std::string text = textOf(machine, value);
    std::string out = arguments.isSet(1, "first") ? before : "";
    const auto lines = split(text, "\n", -1, false);
    for (std::size_t i = 0; i < lines.size() && out.size() <= Machine::longestText; ++i) {
        out += i == 0 ? "" : lines[i].empty() && !arguments.isSet(2, "blank") ? "\n" : "\n" + before;
        out += lines[i];
    }
    return machine.made(std::move(out));
}

Value toInteger(Machine&, const Value& value, const Arguments& arguments)
{
    const Value other = Value::integer(arguments.number(0, "default", 0));
    if (value.isReal())
        return std::abs(value.real()) < 9e18 ? Value::integer(static_cast<std::int64_t>(value.real())) : other;
    if (value.isNumber())
        return Value::integer(value.integer());
    if (!value.isText())
        return other;
    const std::string_view text = stripped(value.text(), "", true, true);
    std::int64_t whole = 0;
    double real = 0;
    const char* end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc() && read.ptr == end)
        return Value::integer(whole);
    if (const auto read = std::from_chars(text.data(), end, real); read.ec == std::errc() && read.ptr == end && std::abs(real) < 9e18)
        return Value::integer(static_cast<std::int64_t>(real));
    return other;
}

Value toReal(Machine&, const Value& value, const Arguments& arguments)
{
    const Value* other = arguments.find(0, "default");
    if (value.isNumber())
        return Value::real(value.real());
    double real = 0;
    const std::string_view text = value.isText() ? stripped(value.text(), "", true, true) : "";
    if (const auto read = std::from_chars(text.data(), text.data() + text.size(), real); read.ec == std::errc() && read.ptr == text.data() + text.size() && !text.empty())
        return Value::real(real);
    return other != nullptr ? *other : Value::real(0);
}

Value absolute(Machine& machine, const Value& value, const Arguments&)
{
    if (!value.isNumber())
        return machine.wrong(said(CORE_TEXT("reasons", "%1 has no size"), value.typeName()));
    if (value.isReal())
        return Value::real(std::abs(value.real()));
    if (value.integer() == std::numeric_limits<std::int64_t>::min())
        return machine.wrong(said(CORE_TEXT("reasons", "a whole number is too large")));
    return Value::integer(std::abs(value.integer()));
}

Value extreme(Machine& machine, const Value& value, bool largest)
{
    Value best = Value::unnamed(CORE_TEXT("reasons", "the largest of nothing"));
    for (const Value& one : elementsOf(machine, value)) {
        int order = 0;
        if (!best.isUndefined() && !one.compare(best, order))
            return machine.wrong(said(CORE_TEXT("reasons", "%1 and %2 have no order"), one.typeName(), best.typeName()));
        if (best.isUndefined() || (largest ? order > 0 : order < 0))
            best = one;
    }
    return best;
}

const std::map<std::string_view, Filter>& filters()
{
    using A = const Arguments&;
    using V = const Value&;
    static const std::map<std::string_view, Filter> all = {
        {"abs", absolute}, {"count", length}, {"d", otherwise}, {"default", otherwise}, {"dictsort", sortMap}, {"first", first}, {"float", toReal}, {"indent", indent},
        {"int", toInteger}, {"items", items}, {"join", join}, {"last", last}, {"length", length}, {"map", mapped}, {"replace", replace}, {"reverse", reverse},
        {"sort", sort}, {"sum", sum}, {"tojson", toJson}, {"trim", trim}, {"unique", unique},
        {"capitalize", [](Machine& m, V v, A) { return m.made(capitalized(textOf(m, v))); }},
        {"list", [](Machine& m, V v, A) { return m.made(elementsOf(m, v)); }},
        {"lower", [](Machine& m, V v, A) { return m.made(lowered(textOf(m, v))); }},
        {"max", [](Machine& m, V v, A) { return extreme(m, v, true); }},
        {"min", [](Machine& m, V v, A) { return extreme(m, v, false); }},
        {"reject", [](Machine& m, V v, A a) { return chosen(m, v, a, false, false); }},
        {"rejectattr", [](Machine& m, V v, A a) { return chosen(m, v, a, true, false); }},
        {"format", [](Machine& m, V v, A a) { return formatPercents(m, textOf(m, v), a); }},
        {"safe", [](Machine& m, V v, A) { return Value::text(m.made(textOf(m, v)).shown(), true); }},
        {"select", [](Machine& m, V v, A a) { return chosen(m, v, a, false, true); }},
        {"selectattr", [](Machine& m, V v, A a) { return chosen(m, v, a, true, true); }},
        {"string", [](Machine& m, V v, A) { return m.made(textOf(m, v)); }},
        {"title", [](Machine& m, V v, A) { return m.made(titled(textOf(m, v))); }},
        {"upper", [](Machine& m, V v, A) { return m.made(raised(textOf(m, v))); }},
    };
    return all;
}

} // namespace

bool isFilter(std::string_view name) { return filters().contains(name); }

Value applyFilter(Machine& machine, std::string_view name, const Value& value, const Arguments& arguments)
{
    const auto found = filters().find(name);
    if (found == filters().end())
        return machine.unsupported(said(CORE_TEXT("reasons", "the filter \"%1\""), name));
    return machine.spend(1) ? found->second(machine, value, arguments) : Value();
}

} // namespace wb::chat
