#include "core/recipe/recipejson.h"

#include "core/base/file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace wb {
namespace {

constexpr const char* format = "weightbench.recipe/1";
constexpr std::uint64_t maxRecipeBytes = 64U << 20;

// One object of the file: hands out its keys by type and remembers what was asked for, so that unknown keys show.
class Fields {
public:
    Fields(const Json& json, std::string where, std::string place)
        : m_json(json), m_where(std::move(where)), m_place(std::move(place))
    {
    }

    std::string text(const char* key, bool required)
    {
        const Json* value = find(key, required);
        if (value == nullptr)
            return "";
        if (!value->is_string())
            return problem(std::string(key) + " must be a text"), "";
        return value->get<std::string>();
    }

    double number(const char* key)
    {
        const Json* value = find(key, true);
        return value == nullptr ? 0 : numberOf(*value, key);
    }

    std::optional<double> optionalNumber(const char* key)
    {
        const Json* value = find(key, false);
        return value == nullptr || value->is_null() ? std::nullopt : std::optional(numberOf(*value, key));
    }

    bool flag(const char* key, bool otherwise)
    {
        const Json* value = find(key, false);
        if (value == nullptr)
            return otherwise;
        if (!value->is_boolean())
            return problem(std::string(key) + " must be true or false"), otherwise;
        return value->get<bool>();
    }

    std::uint64_t count(const char* key)
    {
        const Json* value = find(key, false);
        if (value == nullptr)
            return 0;
        if (!value->is_number_unsigned())
            return problem(std::string(key) + " must be a whole number"), 0;
        return value->get<std::uint64_t>();
    }

    const Json* find(const char* key, bool required)
    {
        m_asked.emplace_back(key);
        const auto found = m_json.find(key);
        if (found == m_json.end() && required)
            problem(std::string(key) + " is missing");
        return found == m_json.end() ? nullptr : &*found;
    }

    void problem(const std::string& what)
    {
        if (!m_error)
            m_error = Error{ErrorCode::RecipeInvalid, m_where, {m_place + what}};
    }

    // The first problem; a key that nobody asked for is one.
    std::optional<Error> finish()
    {
        for (const auto& [key, value] : m_json.items())
            if (std::ranges::find(m_asked, key) == m_asked.end())
                problem("there is no key " + key + " here");
        return m_error;
    }

private:
    double numberOf(const Json& value, const char* key)
    {
        if (!value.is_number() || !std::isfinite(value.get<double>()))
            return problem(std::string(key) + " must be a finite number"), 0;
        return value.get<double>();
    }

    const Json& m_json;
    std::string m_where, m_place;
    std::vector<std::string> m_asked;
    std::optional<Error> m_error;
};

Operation operationOf(Fields& fields, const std::string& op)
{
    if (op == "scale")
        return Scale{fields.number("factor")};
    if (op == "add")
        return Add{fields.number("value")};
    if (op == "set")
        return Set{fields.number("value")};
    if (op == "clamp") {
        const Clamp clamp{fields.optionalNumber("min"), fields.optionalNumber("max")};
        if (!clamp.min && !clamp.max)
            fields.problem("clamp needs min or max");
        if (clamp.min && clamp.max && *clamp.min > *clamp.max)
            fields.problem("min " + numberText(*clamp.min) + " is larger than max " + numberText(*clamp.max));
        return clamp;
    }
    if (op != "zero")
        fields.problem("there is no op " + op + "; there are scale, add, clamp, set and zero");
    return Zero{};
}

Result<Edit> editOf(const Json& json, const std::string& where, std::size_t index)
{
    const std::string place = "edits[" + std::to_string(index) + "]: ";
    if (!json.is_object())
        return fail(ErrorCode::RecipeInvalid, where, place + "it must be an object");
    Fields fields(json, where, place);
    Edit edit;
    edit.operation = operationOf(fields, fields.text("op", true));
    const std::string select = fields.text("select", true);
    const Json* elements = fields.find("elements", false);
    if (elements != nullptr && *elements != "all")
        fields.problem("elements must be \"all\": this version edits whole tensors");
    edit.label = fields.text("label", false);
    edit.reason = fields.text("reason", false);
    edit.enabled = fields.flag("enabled", true);
    if (const auto error = fields.finish())
        return tl::unexpected(*error);
    auto selector = Selector::parse(select);
    if (!selector)
        return fail(ErrorCode::RecipeInvalid, where, place + fillTemplate(errorText(selector.error().code).text, selector.error().args));
    edit.select = std::move(*selector);
    return edit;
}

Result<BaseIdentity> baseOf(const Json& json, const std::string& where)
{
    if (!json.is_object())
        return fail(ErrorCode::RecipeInvalid, where, "base: it must be an object");
    Fields fields(json, where, "base: ");
    BaseIdentity base{fields.text("name", false), fields.text("fingerprint", false), fields.count("tensors")};
    if (const auto error = fields.finish())
        return tl::unexpected(*error);
    return base;
}

void addOperation(Json& json, const Operation& operation)
{
    if (const auto* scale = std::get_if<Scale>(&operation))
        json["factor"] = scale->factor;
    else if (const auto* add = std::get_if<Add>(&operation))
        json["value"] = add->value;
    else if (const auto* set = std::get_if<Set>(&operation))
        json["value"] = set->value;
    else if (const auto* clamp = std::get_if<Clamp>(&operation)) {
        json["min"] = clamp->min ? Json(*clamp->min) : Json();
        json["max"] = clamp->max ? Json(*clamp->max) : Json();
    }
}

} // namespace

Json recipeToJson(const Recipe& recipe)
{
    Json json = {{"format", format}};
    const BaseIdentity& base = recipe.base();
    if (base != BaseIdentity())
        json["base"] = {{"name", base.name}, {"fingerprint", base.fingerprint}, {"tensors", base.tensors}};
    Json edits = Json::array();
    for (std::size_t i = 0; i < recipe.size(); ++i) {
        const Edit& edit = recipe.at(i);
        Json row = {{"op", operationName(edit.operation)}, {"select", edit.select.text()}};
        addOperation(row, edit.operation);
        if (!edit.label.empty())
            row["label"] = edit.label;
        if (!edit.reason.empty())
            row["reason"] = edit.reason;
        if (!edit.enabled)
            row["enabled"] = false;
        edits.push_back(std::move(row));
    }
    json["edits"] = std::move(edits);
    return json;
}

Result<RecipePtr> recipeFromJson(const Json& json, const std::string& where)
{
    if (!json.is_object())
        return fail(ErrorCode::RecipeInvalid, where, "it must be an object");
    Fields fields(json, where, "");
    if (fields.text("format", true) != format)
        fields.problem(std::string("format must be \"") + format + "\"");
    const Json* base = fields.find("base", false);
    const Json* list = fields.find("edits", true);
    if (list != nullptr && !list->is_array())
        fields.problem("edits must be a list");
    if (const auto error = fields.finish())
        return tl::unexpected(*error);
    BaseIdentity identity;
    if (base != nullptr) {
        auto read = baseOf(*base, where);
        if (!read)
            return failure(read);
        identity = std::move(*read);
    }
    std::vector<std::shared_ptr<const Edit>> edits;
    for (const Json& row : *list) {
        auto edit = editOf(row, where, edits.size());
        if (!edit)
            return failure(edit);
        edits.push_back(std::make_shared<const Edit>(std::move(*edit)));
    }
    return std::make_shared<const Recipe>(std::move(identity), std::move(edits));
}

Result<RecipePtr> loadRecipe(const std::filesystem::path& path)
{
    auto json = readJson(path, false, maxRecipeBytes);
    if (!json)
        return failure(json);
    return recipeFromJson(*json, path.string());
}

Result<void> saveRecipe(const Recipe& recipe, const std::filesystem::path& path)
{
    return writeTextAtomically(path, dumpJson(recipeToJson(recipe), 2) + "\n");
}

} // namespace wb
