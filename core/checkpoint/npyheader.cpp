#include "core/checkpoint/npyheader.h"

#include "core/base/bytes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace wb {
namespace {

constexpr std::size_t highestRank = 32;

struct ElementType {
    std::string_view code, name; // without the byte order; as safetensors has it
};
constexpr std::array types = {
    ElementType{"f8", "F64"}, ElementType{"f4", "F32"}, ElementType{"f2", "F16"},
    ElementType{"V2", "BF16"}, // numpy has no name for the bfloat16 of JAX and writes two bytes of nothing
    ElementType{"i8", "I64"}, ElementType{"i4", "I32"}, ElementType{"i2", "I16"}, ElementType{"i1", "I8"},
    ElementType{"u8", "U64"}, ElementType{"u4", "U32"}, ElementType{"u2", "U16"}, ElementType{"u1", "U8"},
    ElementType{"b1", "BOOL"}, ElementType{"c8", "C64"},
};

// The dict, from its brace on.
class Parser {
public:
    explicit Parser(std::string_view text) : m_text(text) {}

    bool read()
    {
        if (!take('{'))
            return false;
        while (!take('}')) {
            const auto key = quoted();
            if (!key || !take(':') || !value(*key) || !(take(',') || peek() == '}'))
                return false;
        }
        return descr && fortran && shape && rest();
    }

    std::optional<std::string> descr; // "" for a list of fields
    std::optional<bool> fortran;
    std::optional<Shape> shape;

private:
    void skip()
    {
        while (m_at < m_text.size() && m_text[m_at] == ' ')
            ++m_at;
    }
    char peek()
    {
        skip();
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    bool take(char c)
    {
        if (peek() != c)
            return false;
        ++m_at;
        return true;
    }
    bool takeWord(std::string_view word)
    {
        skip();
        if (!m_text.substr(m_at).starts_with(word))
            return false;
        m_at += word.size();
        return true;
    }
    // Spaces and one newline.
    bool rest()
    {
        skip();
        return m_text.substr(m_at) == "\n" || m_at == m_text.size();
    }

    std::optional<std::string> quoted()
    {
        const char quote = peek();
        const std::size_t end = quote == '\'' || quote == '"' ? m_text.find(quote, m_at + 1) : std::string_view::npos;
        if (end == std::string_view::npos)
            return std::nullopt;
        std::string out(m_text.substr(m_at + 1, end - m_at - 1));
        m_at = end + 1;
        return out;
    }

    bool value(const std::string& key)
    {
        if (key == "descr" && !descr)
            return readDescr();
        if (key == "fortran_order" && !fortran) {
            const bool yes = takeWord("True");
            fortran = yes;
            return yes || takeWord("False");
        }
        return key == "shape" && !shape && readShape();
    }

    bool readDescr()
    {
        if (peek() == '[') { // the fields of a record: what they are is not needed
            int depth = 0;
            do {
                depth += m_text[m_at] == '[' ? 1 : m_text[m_at] == ']' ? -1 : 0;
                ++m_at;
            } while (depth > 0 && m_at < m_text.size());
            descr = "";
            return depth == 0;
        }
        descr = quoted();
        return descr && !descr->empty();
    }

    bool readShape()
    {
        shape.emplace();
        if (!take('('))
            return false;
        while (!take(')')) {
            skip();
            std::uint64_t size = 0;
            const auto [end, problem] = std::from_chars(m_text.data() + m_at, m_text.data() + m_text.size(), size);
            if (problem != std::errc() || shape->size() == highestRank)
                return false;
            shape->push_back(size);
            m_at = static_cast<std::size_t>(end - m_text.data());
            if (!take(',') && peek() != ')')
                return false;
        }
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

std::vector<std::uint64_t> stridesOf(const Shape& shape, bool fortran)
{
    std::vector<std::uint64_t> strides(shape.size());
    std::uint64_t step = 1;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::size_t dimension = fortran ? i : shape.size() - 1 - i;
        strides[dimension] = step;
        step *= shape[dimension];
    }
    return strides;
}

// Nothing is taken from a type that safetensors has no name for.
void takeType(NpyHeader& header)
{
    const std::string_view descr = header.descr;
    if (descr.size() < 2)
        return;
    const bool hasOrder = std::string_view("<>|=").find(descr.front()) != std::string_view::npos;
    const auto type = std::ranges::find(types, descr.substr(hasOrder ? 1 : 0), &ElementType::code);
    if (type == types.end())
        return;
    const NamedDType known = safetensorsDType(type->name).value();
    const std::uint32_t bytes = known.bits / 8;
    header.dtype = known.dtype;
    header.storedType = type->name;
    header.layout.unit = bytes;
    header.layout.word = type->code.front() == 'c' ? bytes / 2 : bytes;
    header.layout.bigEndian = descr.front() == '>' && header.layout.word > 1;
}

} // namespace

tl::expected<NpyHeader, Sentence> readNpyHeader(std::string_view begin)
{
    const auto wrong = [](Sentence why) { return tl::unexpected(std::move(why)); };
    constexpr std::string_view magic("\x93NUMPY", 6);
    if (begin.size() < 12 || !begin.starts_with(magic))
        return wrong(said(CORE_TEXT("reasons", "it does not begin as an array of numpy")));
    const auto* bytes = reinterpret_cast<const std::byte*>(begin.data());
    const auto version = static_cast<unsigned>(bytes[6]);
    if (version < 1 || version > 3)
        return wrong(said(CORE_TEXT("reasons", "its header has version %1; 1, 2 and 3 are known"), version));
    const std::uint64_t before = version == 1 ? 10 : 12, length = version == 1 ? load<std::uint16_t>(bytes + 8) : load<std::uint32_t>(bytes + 8);
    if (before + length > mostNpyHeaderBytes || before + length > begin.size())
        return wrong(said(CORE_TEXT("reasons", "its header claims %1 bytes; %2 are there, and %3 is the most that is read"), length, begin.size() - before, mostNpyHeaderBytes - 12));
    Parser parser(begin.substr(before, length));
    if (!parser.read())
        return wrong(said(CORE_TEXT("reasons", "its header is not a dict of descr, fortran_order and shape")));
    NpyHeader out;
    out.descr = *parser.descr;
    out.length = before + length;
    const auto elements = elementCount(*parser.shape);
    takeType(out);
    const auto size = elements ? checkedMultiply(*elements, out.layout.unit) : std::nullopt;
    if (!size)
        return wrong(said(CORE_TEXT("reasons", "its shape %1 has more elements than can be counted"), shapeText(*parser.shape)));
    out.elements = *elements;
    out.bytes = *size;
    out.layout.strides = stridesOf(*parser.shape, *parser.fortran);
    out.layout.shape = std::move(*parser.shape);
    return out;
}

} // namespace wb
