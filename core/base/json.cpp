#include "core/base/json.h"

#include "core/base/file.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <set>
#include <vector>

namespace wb {
namespace {

// Builds the document with nlohmann's own builder and refuses what it would let through.
class StrictBuilder {
public:
    StrictBuilder(Json& root, int maxDepth) : m_dom(root, false), m_maxDepth(maxDepth) {}

    bool null() { return m_dom.null(); }
    bool boolean(bool value) { return m_dom.boolean(value); }
    bool number_integer(std::int64_t value) { return m_dom.number_integer(value); }
    bool number_unsigned(std::uint64_t value) { return m_dom.number_unsigned(value); }
    bool number_float(double value, const std::string& text)
    {
        if (!std::isfinite(value))
            return refuse("the number " + text + " does not fit");
        return m_dom.number_float(value, text);
    }
    bool string(std::string& value) { return m_dom.string(value); }
    bool binary(Json::binary_t& value) { return m_dom.binary(value); }
    bool start_object(std::size_t size)
    {
        m_keys.emplace_back();
        return deeper() && m_dom.start_object(size);
    }
    bool end_object()
    {
        m_keys.pop_back();
        --m_depth;
        return m_dom.end_object();
    }
    bool start_array(std::size_t size) { return deeper() && m_dom.start_array(size); }
    bool end_array()
    {
        --m_depth;
        return m_dom.end_array();
    }
    bool key(std::string& name)
    {
        if (!m_keys.back().insert(name).second)
            return refuse("the key \"" + name + "\" stands twice");
        return m_dom.key(name);
    }
    bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception&)
    {
        return refuse("character " + std::to_string(position) + " at '" + token.substr(0, 40) + "'");
    }

    std::string problem;

private:
    bool deeper() { return ++m_depth <= m_maxDepth || refuse("more than " + std::to_string(m_maxDepth) + " levels"); }
    bool refuse(std::string what)
    {
        if (problem.empty())
            problem = std::move(what);
        return false;
    }

    nlohmann::detail::json_sax_dom_parser<Json> m_dom;
    std::vector<std::set<std::string>> m_keys;
    int m_depth = 0;
    int m_maxDepth;
};

// Quotes Python's bare NaN, Infinity and -Infinity outside strings.
std::string quotePythonNumbers(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    bool inString = false;
    for (std::size_t i = 0; i < text.size();) {
        if (inString && text[i] == '\\' && i + 1 < text.size()) {
            out += text.substr(i, 2);
            i += 2;
            continue;
        }
        if (text[i] == '"')
            inString = !inString;
        std::size_t length = 0;
        for (const std::string_view word : {"NaN", "Infinity", "-Infinity"})
            if (!inString && text.substr(i, word.size()) == word)
                length = word.size();
        if (length != 0) {
            out.append(1, '"').append(text.substr(i, length)).append(1, '"');
            i += length;
        } else {
            out += text[i++];
        }
    }
    return out;
}

} // namespace

Result<Json> parseJson(std::string_view text, const std::string& where, bool python, int maxDepth)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    const std::string quoted = python ? quotePythonNumbers(text) : std::string();
    Json root;
    StrictBuilder builder(root, maxDepth);
    const std::string_view input = python ? std::string_view(quoted) : text;
    if (!Json::sax_parse(input.begin(), input.end(), &builder))
        return fail(ErrorCode::JsonInvalid, where, builder.problem.empty() ? "it ends too early" : builder.problem);
    return root;
}

Result<Json> readJson(const std::filesystem::path& path, bool python, std::uint64_t maxBytes)
{
    auto text = readText(path, maxBytes);
    if (!text)
        return failure(text);
    return parseJson(*text, path.string(), python);
}

Json jsonNumber(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value > 0 ? "Infinity" : "-Infinity";
    return value;
}

std::string dumpJson(const Json& json, int indent)
{
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

} // namespace wb
