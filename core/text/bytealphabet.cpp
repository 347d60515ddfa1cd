#include "core/text/bytealphabet.h"

#include "core/text/unicode.h"

#include <array>

namespace wb {
namespace {

bool standsForItself(unsigned byte)
{
    return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

// The other 68 bytes in their order are U+0100, U+0101, …
struct Alphabet {
    std::array<std::string, 256> text;
    std::array<std::int16_t, 0x144> byte{};
    Alphabet()
    {
        byte.fill(-1);
        char32_t next = 0x100;
        for (unsigned b = 0; b < 256; ++b) {
            const char32_t code = standsForItself(b) ? b : next++;
            text[b] = unicode::utf8(code);
            byte[code] = static_cast<std::int16_t>(b);
        }
    }
};

const Alphabet& alphabet()
{
    static const Alphabet table;
    return table;
}

} // namespace

std::string_view alphabetOf(std::uint8_t byte) { return alphabet().text[byte]; }

std::optional<std::uint8_t> byteOfAlphabet(char32_t code)
{
    const auto& table = alphabet().byte;
    if (code >= table.size() || table[code] < 0)
        return std::nullopt;
    return static_cast<std::uint8_t>(table[code]);
}

void appendAlphabet(std::string& text, std::string_view bytes)
{
    for (const char c : bytes)
        text += alphabetOf(static_cast<std::uint8_t>(c));
}

} // namespace wb
