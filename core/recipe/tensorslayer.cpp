#include "core/recipe/tensorslayer.h"

#include "core/base/file.h"
#include "core/base/json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

namespace wb {
namespace {

constexpr std::uint64_t maxBytes = 64U << 20;

// The list in a document, a list under "recommendations", or the span from the first [ to the last ] of some prose.
Result<Json> listIn(std::string_view text, const std::string& where)
{
    auto json = parseJson(text, where, true);
    if (!json) {
        const std::size_t begin = text.find('['), end = text.rfind(']');
        if (begin == std::string_view::npos || end == std::string_view::npos || end < begin)
            return json;
        json = parseJson(text.substr(begin, end - begin + 1), where, true);
        if (!json)
            return json;
    }
    if (json->is_object())
        if (const auto list = json->find("recommendations"); list != json->end()) {
            Json inner = *list;
            json = std::move(inner);
        }
    if (!json->is_array())
        return fail(ErrorCode::JsonInvalid, where, said(CORE_TEXT("reasons", "there is no list of recommendations")));
    return json;
}

std::optional<double> numberIn(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size() && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

class Row {
public:
    Row(const Json& json, std::string where, std::size_t index) : m_json(json), m_where(std::move(where)), m_index(index) {}

    Result<Edit> edit()
    {
        if (!m_json.is_object())
            return problem(said(CORE_TEXT("reasons", "it must be an object")));
        const std::string name = text("tensor_name", "tensor"), kind = text("operation", "operation");
        if (name.empty() || kind.empty())
            return problem(said(CORE_TEXT("reasons", "tensor_name and operation are needed")));
        auto operation = operationOf(kind);
        if (!operation)
            return failure(operation);
        auto elements = elementsOf(text("target", "target"));
        if (!elements)
            return failure(elements);
        Edit edit;
        edit.operation = *operation;
        edit.elements = std::move(*elements);
        edit.select = Selector::forTensor(name);
        edit.reason = reason();
        return edit;
    }

private:
    tl::unexpected<Error> problem(const Sentence& what) const
    {
        return fail(ErrorCode::RecipeInvalid, fmt::format("{}: recommendation {}", m_where, m_index + 1), what);
    }

    std::string text(const char* key, const char* otherKey) const
    {
        for (const char* one : {key, otherKey})
            if (const auto found = m_json.find(one); found != m_json.end() && found->is_string())
                return found->get<std::string>();
        return "";
    }

    // A number, or a text that is one.
    std::optional<double> value() const
    {
        const auto found = m_json.find("value");
        if (found == m_json.end())
            return std::nullopt;
        if (found->is_number())
            return std::isfinite(found->get<double>()) ? std::optional(found->get<double>()) : std::nullopt;
        return found->is_string() ? numberIn(found->get_ref<const std::string&>()) : std::nullopt;
    }

    Result<Operation> operationOf(const std::string& kind) const
    {
        if (kind == "zero")
            return Zero{};
        if (kind == "normalize")
            return Normalize{Normalize::Form::Epsilon, 1};
        if (kind == "clamp")
            return clamp();
        const auto number = value();
        if (!number)
            return problem(said(CORE_TEXT("reasons", "value must be a finite number")));
        if (kind == "scale")
            return Scale{*number};
        if (kind == "add")
            return Add{*number};
        if (kind == "set")
            return Set{*number};
        if (kind == "clamp_max")
            return Clamp{std::nullopt, *number};
        if (kind == "clamp_min")
            return Clamp{*number, std::nullopt};
        return problem(said(CORE_TEXT("reasons", "there is no operation %1; there are scale, add, set, zero, normalize, clamp, clamp_min and clamp_max"), kind));
    }

    Result<Operation> clamp() const
    {
        const auto pair = m_json.find("value");
        if (pair == m_json.end() || !pair->is_string())
            return problem(said(CORE_TEXT("reasons", "the value of clamp must be a text \"low,high\"")));
        const std::string bounds = pair->get<std::string>();
        const std::size_t comma = bounds.find(',');
        const auto low = numberIn(bounds.substr(0, comma)), high = comma == std::string::npos ? std::nullopt : numberIn(bounds.substr(comma + 1));
        if (!low || !high || *low > *high)
            return problem(said(CORE_TEXT("reasons", "the value of clamp must be a text \"low,high\", it is %1"), bounds));
        return Clamp{low, high};
    }

    Result<Elements> elementsOf(const std::string& target) const
    {
        Elements elements;
        if (target.empty() || target == "all")
            return elements;
        for (const auto& [word, kind] : {std::pair("top ", ValueBand::Kind::Top), std::pair("bottom ", ValueBand::Kind::Bottom)}) {
            if (!target.starts_with(word) || !target.ends_with('%'))
                continue;
            const std::size_t begin = std::string_view(word).size();
            const auto percent = numberIn(std::string_view(target).substr(begin, target.size() - begin - 1));
            if (!percent || *percent < 0 || *percent > 100)
                break;
            elements.band = ValueBand{kind, *percent / 100, 1, Measure::Value};
            return elements;
        }
        return problem(said(CORE_TEXT("reasons", "there is no target %1; there are all, top X% and bottom X%"), target));
    }

    std::string reason() const
    {
        std::string reason = text("reason", "evidence");
        const auto confidence = m_json.find("confidence");
        if (confidence == m_json.end())
            return reason;
        const std::string sure = confidence->is_number()   ? numberText(confidence->get<double>())
                                 : confidence->is_string() ? confidence->get<std::string>()
                                                           : "";
        return sure.empty() ? reason : reason + (reason.empty() ? "" : " ") + "(confidence " + sure + ")";
    }

    const Json& m_json;
    std::string m_where;
    std::size_t m_index;
};

} // namespace

Result<RecipePtr> tensorSlayerRecipe(std::string_view text, const std::string& where)
{
    auto list = listIn(text, where);
    if (!list)
        return failure(list);
    std::vector<std::shared_ptr<const Edit>> edits;
    for (const Json& json : *list) {
        auto edit = Row(json, where, edits.size()).edit();
        if (!edit)
            return failure(edit);
        edits.push_back(std::make_shared<const Edit>(std::move(*edit)));
    }
    if (edits.empty())
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "the list of recommendations is empty")));
    return std::make_shared<const Recipe>(BaseIdentity(), std::move(edits));
}

Result<RecipePtr> importTensorSlayer(const std::filesystem::path& path)
{
    auto text = readText(path, maxBytes);
    if (!text)
        return failure(text);
    return tensorSlayerRecipe(*text, path.string());
}

} // namespace wb
