#include "core/text/chat/value.h"

#include "core/text/unicode.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace wb::chat {
namespace {

constexpr std::size_t heaviest = std::size_t{1} << 50;

template <typename Data, typename Of>
void measure(Data& data, const auto& parts, Of of)
{
    for (const auto& part : parts) {
        const Value& value = of(part);
        data.depth = std::max(data.depth, value.depth() + 1);
        data.weight = std::min(heaviest, data.weight + value.weight());
    }
}

// As Python shows a number: the shortest text that reads back as it.
std::string realText(double value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value < 0 ? "-inf" : "inf";
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string quoted(const std::string& text)
{
    const char quote = text.find('\'') != std::string::npos && text.find('"') == std::string::npos ? '"' : '\'';
    std::string out(1, quote);
    for (const char c : text) {
        if (c == quote || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (c == '\r')
            out += "\\r";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            out += fmt::format("\\x{:02x}", c);
        else
            out += c;
    }
    return out + quote;
}

// In \u escapes: beyond the basic plane two.
void appendEscaped(std::string& out, char32_t code)
{
    if (code < 0x10000)
        out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
    else
        out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((static_cast<std::uint32_t>(code) - 0x10000) >> 10), 0xDC00 + (static_cast<std::uint32_t>(code) & 0x3FF));
}

void appendJsonText(std::string& out, const std::string& text, bool ascii)
{
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        static constexpr std::string_view plain = "\"\\\n\r\t\b\f", letters = "\"\\nrtbf";
        const char c = text[at];
        const auto byte = static_cast<unsigned char>(c);
        const unicode::Character character = ascii && byte >= 0x7F ? unicode::characterAt(text, at) : unicode::Character{static_cast<char32_t>(byte), 1};
        at += character.bytes;
        if (const std::size_t known = plain.find(c); known != std::string_view::npos)
            (out += '\\') += letters[known];
        else if (byte < 0x20 || (ascii && byte >= 0x7F))
            appendEscaped(out, character.code);
        else
            out += c;
    }
    out += '"';
}

constexpr char noText = '\xFF'; // begins a key that is no text: UTF-8 has no such byte

int orderOf(const auto& a, const auto& b) { return a < b ? -1 : b < a ? 1 : 0; }

} // namespace

const Value* MapData::find(std::string_view name) const
{
    const auto found = std::ranges::find(members, name, [](const auto& member) { return std::string_view(member.first); });
    return found == members.end() ? nullptr : &found->second;
}

Value Value::undefined(const std::string& name) { return Value(Data(Undefined{std::make_shared<const std::string>(name), ""})); }

Value Value::list(std::vector<Value> items, bool tuple)
{
    ListData data{std::move(items), tuple};
    measure(data, data.items, [](const Value& item) -> const Value& { return item; });
    return Value(Data(std::make_shared<const ListData>(std::move(data))));
}

Value Value::map(std::vector<std::pair<std::string, Value>> members, bool loop)
{
    MapData data{{}, loop};
    for (auto& member : members) {
        const auto same = std::ranges::find(data.members, member.first, &std::pair<std::string, Value>::first);
        if (same == data.members.end())
            data.members.push_back(std::move(member));
        else
            same->second = std::move(member.second);
    }
    measure(data, data.members, [](const auto& member) -> const Value& { return member.second; });
    return Value(Data(std::make_shared<const MapData>(std::move(data))));
}

Value Value::space(std::vector<std::pair<std::string, Value>> members)
{
    return Value(Data(std::make_shared<NamespaceData>(NamespaceData{std::move(members)})));
}

Value Value::function(FunctionData data) { return Value(Data(std::make_shared<const FunctionData>(std::move(data)))); }

Value Value::of(const Json& json)
{
    if (json.is_boolean())
        return boolean(json.get<bool>());
    if (json.is_number_integer() && !(json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())))
        return integer(json.get<std::int64_t>());
    if (json.is_number())
        return real(json.get<double>());
    if (json.is_string())
        return text(unicode::repaired(json.get<std::string>()));
    if (json.is_array()) {
        std::vector<Value> items;
        for (const Json& item : json)
            items.push_back(of(item));
        return list(std::move(items));
    }
    if (json.is_object()) {
        std::vector<std::pair<std::string, Value>> members;
        for (const auto& [name, value] : json.items())
            members.emplace_back(unicode::repaired(name), of(value));
        return map(std::move(members));
    }
    return none();
}

Sentence Value::name() const
{
    const auto* undefined = std::get_if<Undefined>(&m_data);
    const Undefined shown = undefined != nullptr ? *undefined : Undefined();
    return shown.name ? said("%1", *shown.name) : said(shown.what);
}

bool Value::truth() const
{
    if (isNumber())
        return real() != 0;
    if (isText())
        return !text().empty();
    if (isList())
        return !items().empty();
    if (isMap())
        return !map().members.empty();
    return isNamespace() || isFunction();
}

Sentence Value::typeName() const
{
    static constexpr const char* names[] = {CORE_TEXT("reasons", "undefined"), "None", CORE_TEXT("reasons", "a truth value"), CORE_TEXT("reasons", "a whole number"),
                                            CORE_TEXT("reasons", "a number"), CORE_TEXT("reasons", "a text"), CORE_TEXT("reasons", "a list"), CORE_TEXT("reasons", "a mapping"),
                                            CORE_TEXT("reasons", "a namespace"), CORE_TEXT("reasons", "a function")};
    return said(names[m_data.index()]);
}

std::size_t Value::weight() const
{
    if (isText())
        return 1 + text().size() / 16;
    if (isList())
        return std::get<ListPtr>(m_data)->weight;
    return isMap() ? map().weight : 1;
}

std::size_t Value::depth() const { return isList() ? std::get<ListPtr>(m_data)->depth : isMap() ? map().depth : 0; }

std::string Value::shown() const { return isText() ? text() : isUndefined() ? std::string() : represented(); }

std::string Value::represented() const
{
    if (isNone())
        return "None";
    if (isBoolean())
        return integer() != 0 ? "True" : "False";
    if (isInteger())
        return std::to_string(integer());
    if (isReal())
        return realText(real());
    if (isText())
        return quoted(text());
    std::string out;
    if (isList()) {
        for (const Value& item : items())
            out += (out.empty() ? "" : ", ") + item.represented();
        if (!isTuple())
            return "[" + out + "]";
        return "(" + out + (items().size() == 1 ? ",)" : ")");
    }
    if (isMap()) {
        for (const auto& [name, value] : map().members)
            out += (out.empty() ? "" : ", ") + ofKey(name).represented() + ": " + value.represented();
        return "{" + out + "}";
    }
    return isUndefined() ? "Undefined" : fmt::format("<{}>", typeName().english());
}

std::optional<std::string> Value::asKey() const
{
    if (isText())
        return text();
    if (isNone())
        return noText + represented();
    const bool whole = isInteger() || isBoolean() || (isReal() && std::abs(real()) < 9e15 && real() == std::floor(real()));
    return whole ? std::optional(noText + std::to_string(isReal() ? static_cast<std::int64_t>(real()) : integer())) : std::nullopt;
}

Value Value::ofKey(const std::string& key)
{
    if (key.empty() || key[0] != noText)
        return text(key);
    std::int64_t whole = 0;
    return std::from_chars(key.data() + 1, key.data() + key.size(), whole).ec == std::errc() ? integer(whole) : none();
}

bool Value::appendJson(std::string& out, const JsonForm& form, std::size_t level) const
{
    if (isText()) {
        appendJsonText(out, text(), form.ascii);
        return true;
    }
    if (isNone())
        return out += "null", true;
    if (isBoolean())
        return out += integer() != 0 ? "true" : "false", true;
    if (isReal() && !std::isfinite(real()))
        return out += std::isnan(real()) ? "NaN" : real() < 0 ? "-Infinity" : "Infinity", true;
    if (isNumber())
        return out += represented(), true;
    if (!isList() && !isMap())
        return false;
    return appendParts(out, form, level);
}

// Of a list or a mapping.
bool Value::appendParts(std::string& out, const JsonForm& form, std::size_t level) const
{
    const auto newLine = [&](std::size_t at) {
        out += form.indent ? "\n" : "";
        for (std::size_t i = 0; form.indent && i < at; ++i)
            out += *form.indent;
    };
    std::vector<std::pair<Value, const Value*>> parts; // key, value
    for (std::size_t i = 0; isList() && i < items().size(); ++i)
        parts.emplace_back(Value(), &items()[i]);
    for (std::size_t i = 0; isMap() && i < map().members.size(); ++i)
        parts.emplace_back(ofKey(map().members[i].first), &map().members[i].second);
    if (form.sorted)
        std::ranges::stable_sort(parts, [](const auto& a, const auto& b) {
            int order = 0;
            return a.first.compare(b.first, order) && order < 0; // the places of a list have none
        });
    out += isList() ? '[' : '{';
    for (std::size_t i = 0; i < parts.size(); ++i) {
        out += i == 0 ? "" : form.between;
        newLine(level + 1);
        if (isMap()) {
            std::string key;
            if (!parts[i].first.isText() && !parts[i].first.appendJson(key, form))
                return false;
            appendJsonText(out, parts[i].first.isText() ? parts[i].first.text() : key, form.ascii);
            out += form.behindKey;
        }
        if (!parts[i].second->appendJson(out, form, level + 1))
            return false;
    }
    if (!parts.empty())
        newLine(level);
    out += isList() ? ']' : '}';
    return true;
}

bool Value::operator==(const Value& other) const
{
    if (isNumber() && other.isNumber())
        return isReal() || other.isReal() ? real() == other.real() : integer() == other.integer();
    if (m_data.index() != other.m_data.index())
        return false;
    if (isText())
        return text() == other.text();
    if (isList())
        return isTuple() == other.isTuple() && items() == other.items();
    if (isMap())
        return map().members.size() == other.map().members.size() && std::ranges::all_of(map().members, [&](const auto& member) {
                   const Value* same = other.map().find(member.first);
                   return same != nullptr && *same == member.second;
               });
    if (isNamespace())
        return &space() == &other.space();
    return !isFunction() || &function() == &other.function();
}

bool Value::compare(const Value& other, int& order) const
{
    if (isNumber() && other.isNumber())
        order = isReal() || other.isReal() ? orderOf(real(), other.real()) : orderOf(integer(), other.integer());
    else if (isText() && other.isText())
        order = orderOf(text(), other.text()); // the order of UTF-8 is that of the characters
    else if (isList() && other.isList()) {
        const auto at = std::ranges::mismatch(items(), other.items());
        if (at.in1 == items().end() || at.in2 == other.items().end())
            order = orderOf(items().size(), other.items().size());
        else
            return at.in1->compare(*at.in2, order);
    } else
        return false;
    return true;
}

} // namespace wb::chat
