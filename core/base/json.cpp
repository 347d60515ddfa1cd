#include "core/base/json.h"

#include "core/base/file.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <unordered_set>
#include <vector>

namespace wb {
namespace {

// Builds the document and refuses what nlohmann's own builder would let through. That one also looks through all keys
// of an object for every new one, which an index of 65,000 shards feels.
class StrictBuilder {
public:
    StrictBuilder(Json& root, std::size_t maxDepth) : m_root(root), m_maxDepth(maxDepth) {}

    bool null() { return add(nullptr); }
    bool boolean(bool value) { return add(value); }
    bool number_integer(std::int64_t value) { return add(value); }
    bool number_unsigned(std::uint64_t value) { return add(value); }
    bool number_float(double value, const std::string& text)
    {
        if (!std::isfinite(value))
            return refuse(said(CORE_TEXT("reasons", "the number %1 does not fit"), text));
        return add(value);
    }
    bool string(std::string& value) { return add(std::move(value)); }
    bool binary(Json::binary_t& value) { return add(std::move(value)); }
    bool start_object(std::size_t)
    {
        m_keys.emplace_back();
        return open(Json::object());
    }
    bool end_object()
    {
        m_keys.pop_back();
        m_open.pop_back();
        return true;
    }
    bool start_array(std::size_t) { return open(Json::array()); }
    bool end_array()
    {
        m_open.pop_back();
        return true;
    }
    bool key(std::string& name)
    {
        if (!m_keys.back().insert(name).second)
            return refuse(said(CORE_TEXT("reasons", "the key \"%1\" stands twice"), name));
        m_key = std::move(name);
        return true;
    }
    bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception&)
    {
        return refuse(said(CORE_TEXT("reasons", "character %1 at '%2'"), position, token.substr(0, 40)));
    }

    Sentence problem;

private:
    bool open(Json container)
    {
        if (m_open.size() >= m_maxDepth)
            return refuse(said(CORE_TEXT("reasons", "more than %1 levels"), m_maxDepth));
        add(std::move(container));
        m_open.push_back(m_added);
        return true;
    }
    bool add(Json value)
    {
        if (m_open.empty()) {
            m_root = std::move(value);
            m_added = &m_root;
        } else if (Json& parent = *m_open.back(); parent.is_array()) {
            parent.push_back(std::move(value));
            m_added = &parent.back();
        } else {
            Json::object_t::Container& members = parent.get_ref<Json::object_t&>();
            m_added = &members.emplace_back(std::move(m_key), std::move(value)).second;
        }
        return true;
    }
    bool refuse(Sentence what)
    {
        if (problem.empty())
            problem = std::move(what);
        return false;
    }

    Json& m_root;
    std::size_t m_maxDepth;
    std::vector<Json*> m_open; // containers from the root down; only the last grows, so the others stay where they are
    std::vector<std::unordered_set<std::string>> m_keys; // of the open objects
    std::string m_key;                                   // of the value that comes next in an object
    Json* m_added = nullptr;
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
    StrictBuilder builder(root, static_cast<std::size_t>(maxDepth));
    const std::string_view input = python ? std::string_view(quoted) : text;
    if (!Json::sax_parse(input.begin(), input.end(), &builder))
        return fail(ErrorCode::JsonInvalid, where, builder.problem.empty() ? said(CORE_TEXT("reasons", "it ends too early")) : builder.problem);
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
