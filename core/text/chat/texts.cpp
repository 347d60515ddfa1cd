#include "core/text/chat/texts.h"

#include "core/text/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace wb::chat {
namespace {

// What Python's str.isspace() knows beside White_Space.
bool isBlank(char32_t code) { return (code >= 0x1C && code <= 0x1F) || unicode::isWhiteSpace(code); }

bool isCased(char32_t code)
{
    const auto kind = utf8proc_category(static_cast<utf8proc_int32_t>(code));
    return kind == UTF8PROC_CATEGORY_LU || kind == UTF8PROC_CATEGORY_LL || kind == UTF8PROC_CATEGORY_LT;
}

void appendUpper(std::string& out, char32_t code)
{
    if (code == 0xDF) // the one common letter whose capital is two
        out += "SS";
    else
        unicode::append(out, static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(code))));
}

template <typename Append>
std::string changed(std::string_view text, Append append)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto character = unicode::characterAt(text, at);
        append(out, character.code);
        at += character.bytes;
    }
    return out;
}

std::vector<std::string_view> splitBlanks(std::string_view text, std::int64_t most, bool fromRight)
{
    std::vector<std::string_view> out;
    std::string_view rest = stripped(text, "", true, true);
    while (!rest.empty()) {
        std::size_t begin = 0, end = rest.size(); // of the word at the end that is split from
        if (most < 0 || static_cast<std::int64_t>(out.size()) < most) {
            if (fromRight) {
                begin = end;
                while (begin > 0 && !isBlank(unicode::characterBefore(rest, begin).code))
                    begin -= unicode::characterBefore(rest, begin).bytes;
            } else {
                end = 0;
                while (end < rest.size() && !isBlank(unicode::characterAt(rest, end).code))
                    end += unicode::characterAt(rest, end).bytes;
            }
        }
        out.push_back(rest.substr(begin, end - begin));
        rest = fromRight ? stripped(rest.substr(0, begin), "", false, true) : stripped(rest.substr(end), "", true, false);
    }
    return out;
}

} // namespace

std::vector<std::string_view> charactersOf(std::string_view text)
{
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < text.size(); at += out.back().size())
        out.push_back(text.substr(at, unicode::characterAt(text, at).bytes));
    return out;
}

std::size_t countCharacters(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string_view stripped(std::string_view text, std::string_view which, bool left, bool right)
{
    const auto goes = [&](std::string_view character) {
        return which.empty() ? isBlank(unicode::characterAt(character, 0).code) : which.find(character) != std::string_view::npos;
    };
    while (left && !text.empty()) {
        const std::size_t bytes = unicode::characterAt(text, 0).bytes;
        if (!goes(text.substr(0, bytes)))
            break;
        text.remove_prefix(bytes);
    }
    while (right && !text.empty()) {
        const std::size_t bytes = unicode::characterBefore(text, text.size()).bytes;
        if (!goes(text.substr(text.size() - bytes)))
            break;
        text.remove_suffix(bytes);
    }
    return text;
}

std::string lowered(std::string_view text) { return changed(text, unicode::appendLower); }
std::string raised(std::string_view text) { return changed(text, appendUpper); }

std::string capitalized(std::string_view text)
{
    bool first = true;
    return changed(text, [&](std::string& out, char32_t code) { std::exchange(first, false) ? appendUpper(out, code) : unicode::appendLower(out, code); });
}

std::string titled(std::string_view text)
{
    bool inWord = false;
    return changed(text, [&](std::string& out, char32_t code) {
        inWord ? unicode::appendLower(out, code) : appendUpper(out, code);
        inWord = isCased(code);
    });
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator, std::int64_t most, bool fromRight)
{
    std::vector<std::string_view> out;
    if (separator.empty()) {
        out = splitBlanks(text, most, fromRight);
    } else {
        while (most < 0 || static_cast<std::int64_t>(out.size()) < most) {
            const std::size_t at = fromRight ? text.rfind(separator) : text.find(separator);
            if (at == std::string_view::npos)
                break;
            out.push_back(fromRight ? text.substr(at + separator.size()) : text.substr(0, at));
            text = fromRight ? text.substr(0, at) : text.substr(at + separator.size());
        }
        out.push_back(text);
    }
    if (fromRight)
        std::ranges::reverse(out);
    return out;
}

std::vector<std::string_view> splitLines(std::string_view text)
{
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        out.push_back(text.substr(0, end));
        text.remove_prefix(std::min(text.size(), end + (text.substr(end, 2) == "\r\n" ? 2 : 1)));
    }
    return out;
}

bool replaced(std::string& out, std::string_view text, std::string_view what, std::string_view with, std::int64_t most, std::size_t longest)
{
    std::int64_t count = 0;
    while (most < 0 || count < most) {
        std::size_t at = text.find(what);
        if (what.empty()) // before each character, and at the end
            at = count == 0 ? 0 : text.empty() ? std::string_view::npos : unicode::characterAt(text, 0).bytes;
        if (at == std::string_view::npos)
            break;
        out += text.substr(0, at);
        out += with;
        text.remove_prefix(at + what.size());
        ++count;
        if (out.size() > longest)
            return false;
    }
    out += text;
    return true;
}

std::string escaped(std::string_view text)
{
    static constexpr std::string_view special = "&<>'\"";
    static constexpr std::array forms = {"&amp;", "&lt;", "&gt;", "&#39;", "&#34;"};
    std::string out;
    for (const char c : text) {
        const std::size_t at = special.find(c);
        if (at == std::string_view::npos)
            out += c;
        else
            out += forms[at];
    }
    return out;
}

std::string dateText(std::string_view format)
{
    // 26 July 2024, a Friday at noon: the day that the templates themselves fall back to.
    static constexpr std::array<std::pair<char, std::string_view>, 20> parts = {{
        {'d', "26"}, {'e', "26"}, {'m', "07"}, {'b', "Jul"}, {'h', "Jul"}, {'B', "July"}, {'y', "24"}, {'Y', "2024"}, {'a', "Fri"}, {'A', "Friday"},
        {'H', "12"}, {'I', "12"}, {'M', "00"}, {'S', "00"}, {'p', "PM"}, {'j', "208"}, {'F', "2024-07-26"}, {'T', "12:00:00"}, {'D', "07/26/24"}, {'%', "%"}}};
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%' || i + 1 == format.size()) {
            out += format[i];
            continue;
        }
        const bool bare = format[i + 1] == '-' && i + 2 < format.size(); // without a zero before it
        i += bare ? 2 : 1;
        const auto* part = std::ranges::find(parts, format[i], &std::pair<char, std::string_view>::first);
        std::string_view text = part == parts.end() ? std::string_view() : part->second;
        while (bare && text.size() > 1 && text[0] == '0')
            text.remove_prefix(1);
        out += text;
    }
    return out;
}

} // namespace wb::chat
