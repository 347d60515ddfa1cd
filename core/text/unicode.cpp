#include "core/text/unicode.h"

#include "core/text/unicodelater.h"

#include <utf8proc.h>

#include <cstdlib>

namespace wb::unicode {
namespace {

utf8proc_category_t category(char32_t code) { return utf8proc_category(static_cast<utf8proc_int32_t>(code)); }

// Length of the well-formed character at `at`; 0 when it is broken, with the length of the broken part.
std::size_t wellFormed(std::string_view text, std::size_t at, std::size_t& broken)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned char first = byte(0);
    broken = 1;
    if (first < 0x80)
        return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    unsigned char low = 0x80, high = 0xBF; // of the second byte: no long forms, no surrogates, nothing above 10FFFF
    low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : low;
    high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : high;
    for (std::size_t i = 1; i < length; ++i) {
        if (at + i >= text.size() || byte(i) < low || byte(i) > high)
            return 0;
        broken = i + 1;
        low = 0x80;
        high = 0xBF;
    }
    return length;
}

} // namespace

std::optional<std::size_t> firstInvalid(std::string_view text)
{
    std::size_t broken = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
            continue;
        }
        const std::size_t length = wellFormed(text, at, broken);
        if (length == 0)
            return at;
        at += length;
    }
    return std::nullopt;
}

std::string repaired(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t broken = 0;
        const std::size_t length = wellFormed(bytes, at, broken);
        if (length == 0)
            text += "\xEF\xBF\xBD";
        else
            text += bytes.substr(at, length);
        at += length == 0 ? broken : length;
    }
    return text;
}

Character characterBefore(std::string_view text, std::size_t end)
{
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80)
        --begin;
    return characterAt(text, begin);
}

void append(std::string& text, char32_t code)
{
    utf8proc_uint8_t bytes[4];
    const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
    text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

std::string utf8(char32_t code)
{
    std::string text;
    append(text, code);
    return text;
}

bool isWhiteSpace(char32_t code)
{
    return (code >= 9 && code <= 13) || code == 0x20 || code == 0x85 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
           code == 0x3000;
}

bool isWord(char32_t code)
{
    if (code < 0x80)
        return code == '_' || (code >= '0' && code <= '9') || ((code | 0x20U) >= 'a' && (code | 0x20U) <= 'z');
    switch (category(code)) {
    case UTF8PROC_CATEGORY_LU: case UTF8PROC_CATEGORY_LL: case UTF8PROC_CATEGORY_LT: case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: case UTF8PROC_CATEGORY_MN: case UTF8PROC_CATEGORY_MC: case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND: case UTF8PROC_CATEGORY_NL: case UTF8PROC_CATEGORY_PC: return true;
    default: break;
    }
    // Other_Alphabetic outside of letters and marks: circled and squared letters; and Join_Control.
    return (code >= 0x24B6 && code <= 0x24E9) || (code >= 0x1F130 && code <= 0x1F149) ||
           (code >= 0x1F150 && code <= 0x1F169) || (code >= 0x1F170 && code <= 0x1F189) || code == 0x200C || code == 0x200D;
}

bool isControl(char32_t code)
{
    switch (category(code)) {
    case UTF8PROC_CATEGORY_CC: case UTF8PROC_CATEGORY_CF: case UTF8PROC_CATEGORY_CO: return !isLaterControl(code);
    default: return false;
    }
}

bool isPunctuation(char32_t code)
{
    switch (category(code)) {
    case UTF8PROC_CATEGORY_PC: case UTF8PROC_CATEGORY_PD: case UTF8PROC_CATEGORY_PS: case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI: case UTF8PROC_CATEGORY_PF: case UTF8PROC_CATEGORY_PO: return !isLaterPunctuation(code);
    default: return false;
    }
}

bool isBertPunctuation(char32_t code)
{
    if (code < 0x80)
        return code > 0x20 && code < 0x7F && (code == '_' || !isWord(code));
    return isPunctuation(code);
}

bool isNumber(char32_t code)
{
    const auto kind = category(code);
    return kind == UTF8PROC_CATEGORY_ND || kind == UTF8PROC_CATEGORY_NL || kind == UTF8PROC_CATEGORY_NO;
}

bool isMark(char32_t code) { return category(code) == UTF8PROC_CATEGORY_MN && !isLaterNonspacing(code); }

namespace {

bool isMarkNow(char32_t code)
{
    const auto kind = category(code);
    return kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_MC || kind == UTF8PROC_CATEGORY_ME;
}

} // namespace

bool isAnyMark(char32_t code) { return isMarkNow(code) && !isLaterMark(code); }

bool isCombining(char32_t code)
{
    if (code < 0x300)
        return false;
    if (code >= 0x1160 && code <= 0x11FF)
        return true; // the second and third parts of a Hangul syllable
    return isMarkNow(code) || utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->combining_class != 0;
}

void appendLower(std::string& text, char32_t code)
{
    if (code == 0x130) { // the one letter whose lower case is two characters
        text += "i\xCC\x87";
        return;
    }
    append(text, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code))));
}

std::string normalized(std::string_view text, Form form)
{
    constexpr utf8proc_option_t options[] = {UTF8PROC_COMPOSE, UTF8PROC_DECOMPOSE,
                                             static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_COMPAT),
                                             static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT)};
    utf8proc_uint8_t* out = nullptr;
    const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &out,
                                     static_cast<utf8proc_option_t>(options[static_cast<int>(form)] | UTF8PROC_STABLE));
    std::string result(text); // of valid text only memory can fail
    if (length >= 0)
        result.assign(reinterpret_cast<const char*>(out), static_cast<std::size_t>(length));
    std::free(out);
    return result;
}

} // namespace wb::unicode
