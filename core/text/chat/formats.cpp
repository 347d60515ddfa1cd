// Values put into texts: Python's % and its str.format, as far as templates use them.
#include "core/text/chat/builtins.h"
#include "core/text/chat/texts.h"
#include "core/text/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace wb::chat {
namespace {

constexpr std::int64_t widest = 1000; // places of a number or a text

// Python's format specification: [[fill]align][sign][#][0][width][,][.precision][type].
struct Spec {
    std::string fill = " ";
    char align = '\0', sign = '-', grouping = '\0', type = '\0';
    bool alternate = false, zero = false; // zero: it alone says how a number is filled up
    std::int64_t width = 0, precision = -1;
};

// What is read from the front of a text.
class Reader {
public:
    explicit Reader(std::string_view text) : m_rest(text) {}

    [[nodiscard]] bool done() const { return m_rest.empty(); }
    [[nodiscard]] char next() const { return m_rest.empty() ? '\0' : m_rest.front(); }
    [[nodiscard]] std::string_view rest() const { return m_rest; }
    char take()
    {
        const char c = next();
        m_rest.remove_prefix(m_rest.empty() ? 0 : 1);
        return c;
    }
    bool skip(char c) { return next() == c && !m_rest.empty() ? (take(), true) : false; }
    char oneOf(std::string_view which) { return !m_rest.empty() && which.find(next()) != std::string_view::npos ? take() : '\0'; }
    // −1 when there is none; too large a one is more than is done.
    std::int64_t number()
    {
        std::int64_t out = -1;
        while (!m_rest.empty() && next() >= '0' && next() <= '9')
            out = std::min<std::int64_t>(std::max<std::int64_t>(out, 0) * 10 + (take() - '0'), widest + 1);
        return out;
    }
    // Up to one of these, which stays.
    std::string_view upTo(std::string_view which)
    {
        const std::string_view out = m_rest.substr(0, m_rest.find_first_of(which));
        m_rest.remove_prefix(out.size());
        return out;
    }

private:
    std::string_view m_rest;
};

bool readSpec(std::string_view text, Spec& out)
{
    static constexpr std::string_view aligns = "<>=^";
    const std::size_t first = text.empty() ? 0 : unicode::characterAt(text, 0).bytes;
    if (first < text.size() && aligns.find(text[first]) != std::string_view::npos) {
        out.fill = text.substr(0, first);
        text.remove_prefix(first);
    }
    Reader in(text);
    out.align = in.oneOf(aligns);
    if (const char sign = in.oneOf("+- "))
        out.sign = sign;
    out.alternate = in.skip('#');
    if (in.skip('0')) {
        out.zero = out.align == '\0';
        out.align = out.zero ? '=' : out.align;
        out.fill = out.fill == " " ? "0" : out.fill;
    }
    out.width = std::max<std::int64_t>(0, in.number());
    out.grouping = in.oneOf(",_");
    if (in.skip('.') && (out.precision = in.number()) < 0)
        return false;
    out.type = in.take();
    return in.done() && out.width <= widest && out.precision <= widest;
}

std::string repeated(const std::string& what, std::int64_t count)
{
    std::string out;
    for (std::int64_t i = 0; i < count; ++i)
        out += what;
    return out;
}

// `sign` stands in front of what fills a number up.
std::string filled(const Spec& spec, const std::string& sign, const std::string& body, char align)
{
    const std::int64_t missing = std::max<std::int64_t>(0, spec.width - static_cast<std::int64_t>(countCharacters(sign) + countCharacters(body)));
    const std::int64_t left = align == '<' || align == '=' ? 0 : align == '^' ? missing / 2 : missing;
    return repeated(spec.fill, left) + sign + (align == '=' ? repeated(spec.fill, missing) + body : body + repeated(spec.fill, align == '=' ? 0 : missing - left));
}

std::string grouped(const std::string& digits, char by)
{
    const std::size_t whole = std::min(digits.find_first_not_of("0123456789"), digits.size());
    std::string out;
    for (std::size_t i = 0; by != '\0' && i < whole; ++i) {
        if (i != 0 && (whole - i) % 3 == 0)
            out += by;
        out += digits[i];
    }
    return by == '\0' ? digits : out + digits.substr(whole);
}

// Without a type Python writes a number like "g", but with a digit behind the point, and in powers of ten one place earlier.
std::string plainReal(double size, std::int64_t precision)
{
    const std::int64_t digits = std::max<std::int64_t>(1, precision);
    std::string power = fmt::format("{:.{}e}", size, digits - 1);
    const std::size_t mark = power.find('e');
    const std::int64_t exponent = std::stol(power.substr(mark + 1));
    const auto withoutZeros = [](std::string text) {
        if (text.find('.') != std::string::npos)
            text.erase(std::max(text.find_last_not_of('0') + 1, text.find('.')));
        return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
    };
    if (exponent < -4 || exponent + 1 > digits - 1)
        return withoutZeros(power.substr(0, mark)) + power.substr(mark);
    const std::string fixed = withoutZeros(fmt::format("{:.{}f}", size, digits - 1 - exponent));
    return fixed.find('.') == std::string::npos ? fixed + ".0" : fixed;
}

std::string realDigits(const Spec& spec, double size)
{
    const char type = spec.type;
    if (!std::isfinite(size))
        return std::isnan(size) ? "nan" : "inf";
    if (type == '\0')
        return spec.precision < 0 ? Value::real(size).shown() : plainReal(size, spec.precision);
    const int places = static_cast<int>(spec.precision < 0 ? 6 : spec.precision);
    const bool percent = type == '%', capital = type == 'E' || type == 'G';
    const std::string form = fmt::format("{{:{}.{}{}}}", spec.alternate ? "#" : "", places, percent || type == 'F' ? 'f' : type == 'n' ? 'g' : static_cast<char>(capital ? type + 32 : type));
    std::string out = fmt::format(fmt::runtime(form), percent ? 100 * size : size) + (percent ? "%" : "");
    std::ranges::replace(out, 'e', capital ? 'E' : 'e');
    return out;
}

std::string wholeDigits(const Spec& spec, std::uint64_t size)
{
    switch (spec.type) {
    case 'x': return fmt::format("{:x}", size);
    case 'X': return fmt::format("{:X}", size);
    case 'o': return fmt::format("{:o}", size);
    case 'b': return fmt::format("{:b}", size);
    default: return fmt::format("{}", size);
    }
}

// What stands in front of a number, and of what fills it up.
std::string signOf(const Spec& spec, bool negative)
{
    const std::string sign = negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
    return spec.alternate && std::string_view("xXob").find(spec.type) != std::string_view::npos ? sign + '0' + spec.type : sign;
}

Value numberText(Machine& machine, const Spec& spec, const Value& value)
{
    static constexpr std::string_view wholes = "dnxXobu", reals = "eEfFgG%n";
    const bool real = value.isReal() || (spec.type != '\0' && wholes.find(spec.type) == std::string_view::npos);
    if (spec.type != '\0' && (real ? reals : wholes).find(spec.type) == std::string_view::npos)
        return machine.wrong(said(CORE_TEXT("reasons", "%1 has no form \"%2\""), value.typeName(), unicode::repaired({&spec.type, 1})));
    const bool negative = real ? std::signbit(value.real()) && !std::isnan(value.real()) : value.integer() < 0;
    const std::uint64_t size = real ? 0 : negative ? 0 - static_cast<std::uint64_t>(value.integer()) : static_cast<std::uint64_t>(value.integer());
    if (!real && spec.precision >= 0)
        return machine.wrong(said(CORE_TEXT("reasons", "a whole number has no precision")));
    const std::string digits = grouped(real ? realDigits(spec, std::abs(value.real())) : wholeDigits(spec, size), spec.grouping);
    return machine.made(filled(spec, signOf(spec, negative), digits, spec.align == '\0' ? '>' : spec.align));
}

Value textForm(Machine& machine, const Spec& spec, const std::string& text)
{
    std::string some = text;
    if (spec.precision >= 0 && countCharacters(text) > static_cast<std::size_t>(spec.precision)) {
        const auto characters = charactersOf(text);
        some = text.substr(0, static_cast<std::size_t>(characters[static_cast<std::size_t>(spec.precision)].data() - text.data()));
    }
    return machine.made(filled(spec, "", some, spec.align == '\0' || spec.align == '=' ? '<' : spec.align));
}

Value formed(Machine& machine, std::string_view specText, const Value& value)
{
    Spec spec;
    if (!machine.spend(value.weight()))
        return {};
    if (specText.empty())
        return machine.made(value.shown());
    if (!readSpec(specText, spec))
        return machine.wrong(said(CORE_TEXT("reasons", "\"%1\" is no form of a value"), specText));
    if (value.isNumber())
        return numberText(machine, spec, value);
    if (!value.isText() || (spec.type != '\0' && spec.type != 's'))
        return machine.wrong(said(CORE_TEXT("reasons", "%1 has no form \"%2\""), value.typeName(), specText));
    if (spec.alternate || spec.sign != '-' || spec.grouping != '\0' || (spec.align == '=' && !spec.zero))
        return machine.wrong(said(CORE_TEXT("reasons", "%1 has no form \"%2\""), value.typeName(), specText));
    return textForm(machine, spec, value.text());
}

// The value of a place in braces: a number, a name or nothing, then .attribute and [element].
class Places {
public:
    Places(Machine& machine, const Arguments& arguments) : m_machine(machine), m_arguments(arguments) {}

    Value at(std::string_view text)
    {
        Reader in(text);
        const std::string name(in.upTo(".["));
        std::size_t place = m_next;
        const bool numbered = !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
        if (numbered)
            std::from_chars(name.data(), name.data() + name.size(), place);
        else if (name.empty())
            ++m_next;
        const Value* found = name.empty() || numbered ? (place < m_arguments.values.size() ? &m_arguments.values[place] : nullptr) : m_arguments.find(m_arguments.values.size(), name);
        if (found == nullptr)
            return m_machine.wrong(said(CORE_TEXT("reasons", "a text is put together without the value \"%1\""), name.empty() ? std::to_string(place) : name));
        Value value = *found;
        while (!in.done() && !m_machine.failed()) {
            const bool element = in.take() == '[';
            const std::string part(in.upTo(element ? "]" : ".["));
            if (element)
                in.take();
            std::int64_t number = 0;
            const bool whole = element && !part.empty() && std::from_chars(part.data(), part.data() + part.size(), number).ptr == part.data() + part.size();
            value = element ? elementOf(m_machine, value, whole ? Value::integer(number) : Value::text(part)) : attributeOf(m_machine, value, part);
        }
        return value;
    }

private:
    Machine& m_machine;
    const Arguments& m_arguments;
    std::size_t m_next = 0;
};

// A place of text % values: %[(name)][flags][width][.precision]type.
struct Percent {
    std::string name;
    bool named = false;
    Spec spec;
};

bool readPercent(Reader& in, Percent& out)
{
    if (in.skip('(')) {
        out.named = true;
        out.name = in.upTo(")");
        in.take();
    }
    bool left = false, zero = false;
    for (char flag = in.oneOf("-+ #0"); flag != '\0'; flag = in.oneOf("-+ #0")) {
        left = left || flag == '-';
        zero = zero || flag == '0';
        out.spec.alternate = out.spec.alternate || flag == '#';
        if (flag == '+' || (flag == ' ' && out.spec.sign != '+'))
            out.spec.sign = flag;
    }
    out.spec.width = std::max<std::int64_t>(0, in.number());
    if (in.skip('.'))
        out.spec.precision = std::max<std::int64_t>(0, in.number());
    (void)in.oneOf("hlL");
    out.spec.type = in.take();
    out.spec.align = left ? '<' : zero ? '=' : '>';
    out.spec.fill = zero && !left ? "0" : " ";
    return out.spec.type != '\0' && out.spec.width <= widest && out.spec.precision <= widest;
}

Value percentForm(Machine& machine, Percent& place, const Value& value)
{
    Spec& spec = place.spec;
    if (spec.type == 's' || spec.type == 'r' || spec.type == 'a') {
        if (!machine.spend(value.weight()))
            return {};
        spec.align = spec.align == '=' ? '>' : spec.align;
        spec.fill = " ";
        return textForm(machine, spec, spec.type == 's' ? value.shown() : value.represented());
    }
    static constexpr std::string_view wholes = "diuxXo", reals = "eEfFgG";
    const bool counts = wholes.find(spec.type) != std::string_view::npos;
    if (!value.isNumber() || (!counts && reals.find(spec.type) == std::string_view::npos) || (counts && !(std::abs(value.real()) < 9e18)))
        return machine.wrong(said(CORE_TEXT("reasons", "%1 has no form \"%2\""), value.typeName(), unicode::repaired({&spec.type, 1})));
    if (!counts)
        return numberText(machine, spec, Value::real(value.real()));
    spec.type = spec.type == 'i' || spec.type == 'u' ? 'd' : spec.type;
    if (spec.type != 'd' && value.isReal())
        return machine.wrong(said(CORE_TEXT("reasons", "%1 has no form \"%2\""), value.typeName(), unicode::repaired({&spec.type, 1})));
    const std::int64_t whole = value.isReal() ? static_cast<std::int64_t>(value.real()) : value.integer();
    const std::uint64_t size = whole < 0 ? 0 - static_cast<std::uint64_t>(whole) : static_cast<std::uint64_t>(whole);
    std::string digits = wholeDigits(spec, size);
    digits.insert(0, static_cast<std::size_t>(std::max<std::int64_t>(0, spec.precision - static_cast<std::int64_t>(digits.size()))), '0');
    return machine.made(filled(spec, signOf(spec, whole < 0), digits, spec.align));
}

} // namespace

Value formatPercents(Machine& machine, const std::string& text, const Arguments& arguments)
{
    std::string out;
    std::size_t used = 0;
    Reader in(text);
    while (!in.done() && !machine.failed() && out.size() <= Machine::longestText) {
        out += in.upTo("%");
        if (!in.skip('%'))
            break;
        if (in.skip('%')) {
            out += '%';
            continue;
        }
        Percent place;
        if (!readPercent(in, place))
            return machine.wrong(said(CORE_TEXT("reasons", "\"%1\" is no form of a value"), text));
        const Value* value = place.named ? arguments.find(arguments.values.size(), place.name) : used < arguments.values.size() ? &arguments.values[used++] : nullptr;
        if (value == nullptr)
            return machine.wrong(said(CORE_TEXT("reasons", "a text is put together without the value \"%1\""), place.named ? place.name : std::to_string(used)));
        out += percentForm(machine, place, *value).shown();
    }
    if (used < arguments.values.size() && arguments.named.empty() && !machine.failed())
        return machine.wrong(said(CORE_TEXT("reasons", "%1 values are put into a text with places for %2"), arguments.values.size(), used));
    return machine.made(std::move(out));
}

Value formatBraces(Machine& machine, const std::string& text, const Arguments& arguments)
{
    std::string out;
    Places places(machine, arguments);
    Reader in(text);
    while (!in.done() && !machine.failed() && out.size() <= Machine::longestText) {
        out += in.upTo("{}");
        if (in.done())
            break;
        const char brace = in.take();
        if (in.skip(brace)) {
            out += brace;
            continue;
        }
        const std::string_view place = in.upTo("!:}{");
        const char shown = in.skip('!') ? in.take() : '\0';
        const std::string_view spec = in.skip(':') ? in.upTo("{}") : "";
        if (brace == '}' || !in.skip('}') || (shown != '\0' && shown != 's' && shown != 'r'))
            return machine.wrong(said(CORE_TEXT("reasons", "the braces of \"%1\" hold no place of a value"), text));
        Value value = places.at(place);
        if (shown != '\0' && machine.spend(value.weight()))
            value = Value::text(shown == 's' ? value.shown() : value.represented());
        out += formed(machine, spec, value).shown();
    }
    return machine.made(std::move(out));
}

} // namespace wb::chat
