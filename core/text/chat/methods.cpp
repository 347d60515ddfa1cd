#include "core/text/chat/builtins.h"
#include "core/text/chat/texts.h"
#include "core/text/unicode.h"

#include <algorithm>
#include <array>

namespace wb::chat {
namespace {

constexpr std::array textMethods = {"strip", "lstrip", "rstrip", "startswith", "endswith", "split", "rsplit", "splitlines", "upper", "lower", "title", "capitalize",
                                    "replace", "find", "rfind", "count", "join", "removeprefix", "removesuffix", "isdigit", "isalpha", "isalnum", "isspace", "isupper",
                                    "islower", "index", "format", "zfill", "partition", "rpartition", "ljust", "rjust", "center", "encode"};
constexpr std::array mapMethods = {"items", "keys", "values", "get", "pop", "popitem", "update", "setdefault", "clear", "copy"};
constexpr std::array listMethods = {"index", "count", "append", "extend", "insert", "remove", "pop", "reverse", "sort", "clear", "copy"};

template <typename Names>
bool holds(const Names& names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

Value texts(Machine& machine, const std::vector<std::string_view>& parts)
{
    std::vector<Value> out;
    for (const std::string_view part : parts)
        out.push_back(machine.made(std::string(part)));
    return machine.made(std::move(out));
}

// text.startswith(what) or of several in a tuple.
Value hasEnd(Machine& machine, const std::string& text, std::string_view name, const Arguments& arguments)
{
    const Value* what = arguments.find(0, "prefix");
    if (what == nullptr || !(what->isText() || what->isTuple()))
        return machine.wrong(said(CORE_TEXT("reasons", "%1 takes a text"), name));
    const auto ends = [&](const Value& one) { return one.isText() && (name == "startswith" ? text.starts_with(one.text()) : text.ends_with(one.text())); };
    return Value::boolean(what->isText() ? ends(*what) : std::ranges::any_of(what->items(), ends));
}

Value place(Machine& machine, const std::string& text, std::string_view name, const std::string& what)
{
    if (name == "count") {
        std::int64_t count = what.empty() ? static_cast<std::int64_t>(countCharacters(text)) + 1 : 0;
        for (std::size_t at = 0; !what.empty() && (at = text.find(what, at)) != std::string::npos; at += what.size())
            ++count;
        return Value::integer(count);
    }
    const std::size_t at = name == "rfind" ? text.rfind(what) : text.find(what);
    if (at == std::string::npos && name == "index")
        return machine.wrong(said(CORE_TEXT("reasons", "a text is looked for that is not there")));
    return Value::integer(at == std::string::npos ? -1 : static_cast<std::int64_t>(countCharacters(std::string_view(text).substr(0, at))));
}

Value join(Machine& machine, const std::string& between, const Value& parts)
{
    std::string out;
    bool first = true;
    for (const Value& part : elementsOf(machine, parts)) {
        if (!part.isText())
            return machine.wrong(said(CORE_TEXT("reasons", "a text cannot be joined from %1"), part.typeName()));
        if (!std::exchange(first, false))
            out += between;
        out += part.text();
        if (out.size() > Machine::longestText)
            break;
    }
    return machine.made(std::move(out));
}

// All characters are such, and there is one; of isupper and islower: no letter is of the other case.
Value isAll(std::string_view text, std::string_view name)
{
    if (name == "isupper" || name == "islower") {
        const std::string upper = raised(text), lower = lowered(text);
        return Value::boolean(upper != lower && text == (name == "isupper" ? upper : lower));
    }
    const auto is = [&](char32_t code) {
        if (name == "isspace")
            return unicode::isWhiteSpace(code);
        const bool digit = unicode::isNumber(code);
        return name == "isdigit" ? digit : name == "isalnum" ? (digit || (unicode::isWord(code) && code != '_')) : (!digit && unicode::isWord(code) && code != '_');
    };
    const auto characters = charactersOf(text);
    return Value::boolean(!characters.empty() && std::ranges::all_of(characters, [&](std::string_view c) { return is(unicode::characterAt(c, 0).code); }));
}

// What stands before a separator, the separator and the rest; all of it and two empty texts without one.
Value partition(Machine& machine, std::string_view text, std::string_view name, std::string_view separator)
{
    if (separator.empty())
        return machine.wrong(said(CORE_TEXT("reasons", "a text is split at a text that is not empty")));
    const bool last = name == "rpartition";
    const std::size_t at = last ? text.rfind(separator) : text.find(separator);
    std::vector<std::string_view> parts = {text.substr(0, at), separator, text.substr(std::min(text.size(), at) + (at < text.size() ? separator.size() : 0))};
    if (at == std::string_view::npos)
        parts = last ? std::vector<std::string_view>{"", "", text} : std::vector<std::string_view>{text, "", ""};
    std::vector<Value> out;
    for (const std::string_view part : parts)
        out.push_back(machine.made(std::string(part)));
    return machine.made(std::move(out), true);
}

Value padded(Machine& machine, const std::string& text, std::string_view name, const Arguments& arguments)
{
    constexpr std::int64_t widest = 1000;
    const std::int64_t width = arguments.number(0, "width", 0), count = static_cast<std::int64_t>(countCharacters(text));
    const std::string fill = name == "zfill" ? "0" : arguments.text(1, "fillchar", " ");
    if (width > widest || countCharacters(fill) != 1)
        return machine.wrong(said(CORE_TEXT("reasons", "a text is filled up with one character, to %1 at most"), widest));
    const std::int64_t missing = std::max<std::int64_t>(0, width - count);
    const std::int64_t left = name == "ljust" ? 0 : name == "center" ? missing / 2 + (missing & width & 1) : missing;
    const bool sign = name == "zfill" && (text.starts_with('-') || text.starts_with('+'));
    std::string out = sign ? text.substr(0, 1) : "";
    for (std::int64_t i = 0; i < left; ++i)
        out += fill;
    out += sign ? text.substr(1) : text;
    for (std::int64_t i = left; i < missing; ++i)
        out += fill;
    return machine.made(std::move(out));
}

Value textMethod(Machine& machine, const std::string& text, std::string_view name, const Arguments& arguments)
{
    if (!machine.spend(1 + text.size() / 4))
        return {};
    const std::string first = arguments.text(0, "sep", "");
    if (name == "strip" || name == "lstrip" || name == "rstrip")
        return machine.made(std::string(stripped(text, first, name != "rstrip", name != "lstrip")));
    if (name == "startswith" || name == "endswith")
        return hasEnd(machine, text, name, arguments);
    if (name == "split" || name == "rsplit") {
        const Value* separator = arguments.find(0, "sep");
        if (separator != nullptr && !separator->isNone() && (!separator->isText() || first.empty()))
            return machine.wrong(said(CORE_TEXT("reasons", "a text is split at a text that is not empty")));
        return texts(machine, split(text, first, arguments.number(1, "maxsplit", -1), name == "rsplit"));
    }
    if (name == "splitlines")
        return texts(machine, splitLines(text));
    if (name == "upper" || name == "lower")
        return machine.made(name == "upper" ? raised(text) : lowered(text));
    if (name == "title" || name == "capitalize")
        return machine.made(name == "title" ? titled(text) : capitalized(text));
    if (name == "replace")
        return applyFilter(machine, name, Value::text(text), arguments);
    if (name == "find" || name == "rfind" || name == "count" || (name == "index" && arguments.values.size() == 1))
        return place(machine, text, name, first);
    if (name == "join")
        return arguments.values.size() == 1 ? join(machine, text, arguments.values[0]) : machine.wrong(said(CORE_TEXT("reasons", "join takes a list")));
    if (name == "removeprefix")
        return machine.made(text.starts_with(first) ? text.substr(first.size()) : text);
    if (name == "removesuffix")
        return machine.made(text.ends_with(first) ? text.substr(0, text.size() - first.size()) : text);
    if (name.starts_with("is"))
        return isAll(text, name);
    if (name == "format")
        return formatBraces(machine, text, arguments);
    if (name == "partition" || name == "rpartition")
        return partition(machine, text, name, first);
    if (name == "ljust" || name == "rjust" || name == "center" || name == "zfill")
        return padded(machine, text, name, arguments);
    return machine.unsupported(said(CORE_TEXT("reasons", "the method \"%1\" of a text"), name));
}

Value mapMethod(Machine& machine, const MapData& map, std::string_view name, const Arguments& arguments)
{
    if (map.loop && name == "cycle") {
        if (arguments.values.empty())
            return machine.wrong(said(CORE_TEXT("reasons", "cycle takes values")));
        return arguments.values[static_cast<std::size_t>(map.find("index0")->integer()) % arguments.values.size()];
    }
    if (name == "get") {
        const Value* key = arguments.find(0, "key");
        const std::optional<std::string> sought = key != nullptr ? key->asKey() : std::nullopt;
        const Value* found = sought ? map.find(*sought) : nullptr;
        const Value* other = arguments.find(1, "default");
        return found != nullptr ? *found : other != nullptr ? *other : Value::none();
    }
    std::vector<Value> out;
    if (name != "items" && name != "keys" && name != "values")
        return machine.unsupported(said(CORE_TEXT("reasons", "the method \"%1\" of a mapping"), name));
    for (const auto& [key, value] : map.members)
        out.push_back(name == "values" ? value : name == "keys" ? Value::ofKey(key) : machine.made(std::vector<Value>{Value::ofKey(key), value}, true));
    return machine.made(std::move(out));
}

Value listMethod(Machine& machine, const Value& list, std::string_view name, const Arguments& arguments)
{
    if (arguments.values.size() != 1 || (name != "count" && name != "index"))
        return machine.unsupported(said(CORE_TEXT("reasons", "the method \"%1\" of a list"), name));
    std::int64_t count = 0;
    for (std::size_t i = 0; i < list.items().size(); ++i) {
        if (!equal(machine, list.items()[i], arguments.values[0]))
            continue;
        if (name == "index")
            return Value::integer(static_cast<std::int64_t>(i));
        ++count;
    }
    return name == "count" ? Value::integer(count) : machine.wrong(said(CORE_TEXT("reasons", "a value is looked for that is not there")));
}

} // namespace

bool hasMethod(const Value& self, std::string_view name)
{
    if (self.isMap() && self.map().loop)
        return name == "cycle";
    return self.isText() ? holds(textMethods, name) : self.isMap() ? holds(mapMethods, name) : self.isList() && holds(listMethods, name);
}

Value callMethod(Machine& machine, const Value& self, std::string_view name, const Arguments& arguments)
{
    if (self.isText())
        return textMethod(machine, self.text(), name, arguments);
    return self.isMap() ? mapMethod(machine, self.map(), name, arguments) : listMethod(machine, self, name, arguments);
}

} // namespace wb::chat
