#include "core/recipe/recipejson.h"

#include "core/base/file.h"
#include "core/recipe/elementsjson.h"
#include "core/recipe/fields.h"
#include "core/recipe/gainsjson.h"
#include "core/recipe/payload.h"

#include <nlohmann/json.hpp>


namespace wb {
namespace {

constexpr const char* format = "weightbench.recipe/1";
constexpr std::uint64_t maxRecipeBytes = 64U << 20;

Normalize normalizeOf(Fields& fields)
{
    Normalize normalize;
    const std::string name = fields.text("form", false);
    for (const auto form : {Normalize::Form::Standard, Normalize::Form::AroundMean, Normalize::Form::Epsilon})
        if (name == formName(form))
            normalize.form = form;
    if (!name.empty() && name != formName(normalize.form))
        fields.problem(said(CORE_TEXT("reasons", "there is no form %1; there are standard, around_mean and epsilon"), name));
    if (normalize.form == Normalize::Form::AroundMean)
        normalize.value = fields.number("value");
    if (normalize.value == 0)
        fields.problem(said(CORE_TEXT("reasons", "value must not be 0: the standard deviation is divided by it")));
    return normalize;
}

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
            fields.problem(said(CORE_TEXT("reasons", "clamp needs min or max")));
        if (clamp.min && clamp.max && *clamp.min > *clamp.max)
            fields.problem(said(CORE_TEXT("reasons", "min %1 is larger than max %2"), numberText(*clamp.min), numberText(*clamp.max)));
        return clamp;
    }
    if (op == "normalize")
        return normalizeOf(fields);
    if (op == "prune")
        return Prune{fields.numberIn("share", 0, 1)};
    if (op == "noise") {
        fields.find("seed", true);
        const Noise noise{fields.number("std"), fields.count("seed"), fields.flag("relative", false)};
        if (noise.std < 0)
            fields.problem(said(CORE_TEXT("reasons", "std must not be negative")));
        return noise;
    }
    if (op != "zero")
        fields.problem(said(CORE_TEXT("reasons", "there is no op %1; there are scale, add, clamp, set, zero, normalize, prune, noise, svf, drop_layers, fold_layers, repeat_layers, copy_layer and transplant_layer"), op));
    return Zero{};
}

Result<Svf> svfOf(Fields& fields, const std::string& where, const std::string& place)
{
    const bool kept = fields.flag("keep_nuclear_norm", false);
    const Json* json = fields.find("gains", true);
    if (json == nullptr)
        return Svf{}; // the field says so
    auto gains = gainsFromJson(*json, where, place);
    if (!gains)
        return failure(gains);
    return Svf{std::move(*gains), kept};
}

std::optional<LayerEdit::Kind> layerKind(const std::string& op)
{
    for (const auto kind : {LayerEdit::Kind::Drop, LayerEdit::Kind::Fold, LayerEdit::Kind::Repeat, LayerEdit::Kind::Copy, LayerEdit::Kind::Transplant})
        if (op == operationName(kind))
            return kind;
    return std::nullopt;
}

// "from": {"checkpoint", "sha256"}
LayerDonor donorIn(const Json& json, const std::string& where, const std::string& place, Fields& outer)
{
    if (!json.is_object())
        return outer.problem(said(CORE_TEXT("reasons", "from must be an object"))), LayerDonor();
    Fields fields(json, where, place + "from: ");
    LayerDonor donor{fields.text("checkpoint", true), fields.text("sha256", true)};
    if (donor.path.empty())
        fields.problem(said(CORE_TEXT("reasons", "checkpoint must name a checkpoint")));
    if (donor.sha256.size() != 64 || donor.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
        fields.problem(said(CORE_TEXT("reasons", "sha256 must be 64 lower-case hexadecimal digits")));
    if (auto error = fields.finish())
        outer.keep(std::move(*error));
    return donor;
}

// "layers": [first, last]; of copy_layer and transplant_layer [from, to].
Result<LayerEdit> layerEditOf(Fields& fields, LayerEdit::Kind kind, const std::string& where, const std::string& place)
{
    constexpr std::uint64_t most = 65'536;
    LayerEdit edit{kind, 0, 0, nullptr};
    const Json* layers = fields.find("layers", true);
    const auto whole = [](const Json& number) { return number.is_number_unsigned() && number.get<std::uint64_t>() < most; };
    if (layers != nullptr && (!layers->is_array() || layers->size() != 2 || !whole((*layers)[0]) || !whole((*layers)[1]))) {
        fields.problem(said(CORE_TEXT("reasons", "layers must be two numbers of layers")));
    } else if (layers != nullptr) {
        edit.first = (*layers)[0].get<std::uint32_t>();
        edit.last = (*layers)[1].get<std::uint32_t>();
        if (!edit.setsOnePlace() && edit.first > edit.last)
            fields.problem(said(CORE_TEXT("reasons", "the first of layers must not lie behind the last")));
    }
    if (const Json* from = kind == LayerEdit::Kind::Transplant ? fields.find("from", true) : nullptr; from != nullptr)
        edit.donor = donorIn(*from, where, place, fields);
    const Json* map = kind == LayerEdit::Kind::Fold ? fields.find("map", true) : nullptr;
    if (map == nullptr)
        return edit;
    auto matrix = matrixFromJson(*map, where, place + "map: ");
    if (!matrix)
        return failure(matrix);
    if ((*matrix)->rows != (*matrix)->cols)
        fields.problem(said(CORE_TEXT("reasons", "map must be square")));
    edit.map = std::move(*matrix);
    return edit;
}

Result<Edit> editOf(const Json& json, const std::string& where, std::size_t index)
{
    const std::string place = "edits[" + std::to_string(index) + "]: ";
    if (!json.is_object())
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "%1it must be an object"), place));
    Fields fields(json, where, place);
    Edit edit;
    const std::string op = fields.text("op", true);
    const auto kind = layerKind(op);
    if (kind) {
        auto layers = layerEditOf(fields, *kind, where, place);
        if (!layers)
            return failure(layers);
        edit.operation = std::move(*layers);
        edit.group = fields.text("group", false);
        edit.label = fields.text("label", false);
        edit.reason = fields.text("reason", false);
        edit.enabled = fields.flag("enabled", true);
        if (const auto error = fields.finish())
            return tl::unexpected(*error);
        return edit;
    }
    if (op == "svf") {
        auto svf = svfOf(fields, where, place);
        if (!svf)
            return failure(svf);
        edit.operation = std::move(*svf);
    } else {
        edit.operation = operationOf(fields, op);
    }
    const std::string select = fields.text("select", true);
    if (const Json* elements = fields.find("elements", false)) {
        auto read = elementsFromJson(*elements, where, place);
        if (!read)
            return failure(read);
        edit.elements = std::move(*read);
    }
    if (fields.find("strength", false) != nullptr)
        edit.strength = fields.numberIn("strength", 0, maxStrength);
    edit.group = fields.text("group", false);
    edit.label = fields.text("label", false);
    edit.reason = fields.text("reason", false);
    edit.enabled = fields.flag("enabled", true);
    if (const auto error = fields.finish())
        return tl::unexpected(*error);
    auto selector = Selector::parse(select);
    if (!selector)
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "%1the selection is not valid at character %2: %3"), place, selector.error().args.front(), reasonOf(selector.error())));
    edit.select = std::move(*selector);
    return edit;
}

Result<BaseIdentity> baseOf(const Json& json, const std::string& where)
{
    if (!json.is_object())
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "base: it must be an object")));
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
    else if (const auto* normalize = std::get_if<Normalize>(&operation)) {
        json["form"] = formName(normalize->form);
        if (normalize->form == Normalize::Form::AroundMean)
            json["value"] = normalize->value;
    } else if (const auto* prune = std::get_if<Prune>(&operation))
        json["share"] = prune->share;
    else if (const auto* noise = std::get_if<Noise>(&operation)) {
        json["std"] = noise->std;
        json["seed"] = noise->seed;
        if (noise->relative)
            json["relative"] = true;
    } else if (const auto* svf = std::get_if<Svf>(&operation)) {
        json["gains"] = gainsToJson(svf->gains);
        json["keep_nuclear_norm"] = svf->keepNuclearNorm;
    } else if (const auto* layers = std::get_if<LayerEdit>(&operation)) {
        json["layers"] = {layers->first, layers->last};
        if (layers->donor)
            json["from"] = {{"checkpoint", layers->donor->path}, {"sha256", layers->donor->sha256}};
        if (layers->map)
            json["map"] = matrixToJson(*layers->map);
    } else if (const auto* clamp = std::get_if<Clamp>(&operation)) {
        json["min"] = clamp->min ? Json(*clamp->min) : Json();
        json["max"] = clamp->max ? Json(*clamp->max) : Json();
    }
}

// Replaces the path of each transplant's checkpoint by change(path).
template <typename Change>
void forDonors(Json& recipe, Change change)
{
    const auto edits = recipe.is_object() ? recipe.find("edits") : recipe.end();
    if (!recipe.is_object() || edits == recipe.end() || !edits->is_array())
        return;
    for (Json& edit : *edits) {
        const auto from = edit.is_object() ? edit.find("from") : edit.end();
        if (edit.is_object() && from != edit.end() && from->is_object() && from->contains("checkpoint") && (*from)["checkpoint"].is_string())
            if (const auto path = (*from)["checkpoint"].template get<std::string>(); !path.empty())
                (*from)["checkpoint"] = change(std::filesystem::path(path)).string();
    }
}

std::filesystem::path folderOf(const std::filesystem::path& recipe)
{
    std::error_code ignored;
    return std::filesystem::absolute(recipe, ignored).lexically_normal().parent_path();
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
        Json row = {{"op", operationName(edit.operation)}};
        if (!std::holds_alternative<LayerEdit>(edit.operation))
            row["select"] = edit.select.text();
        addOperation(row, edit.operation);
        if (!edit.elements.all())
            row["elements"] = elementsToJson(edit.elements);
        if (edit.strength != 1)
            row["strength"] = edit.strength;
        if (!edit.group.empty())
            row["group"] = edit.group;
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
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "it must be an object")));
    Fields fields(json, where, "");
    if (fields.text("format", true) != format)
        fields.problem(said(CORE_TEXT("reasons", "format must be \"%1\""), format));
    const Json* base = fields.find("base", false);
    const Json* list = fields.find("edits", true);
    if (list != nullptr && !list->is_array())
        fields.problem(said(CORE_TEXT("reasons", "edits must be a list")));
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
    if (auto resolved = resolvePayload(*json, path); !resolved)
        return failure(resolved);
    forDonors(*json, [folder = folderOf(path)](const std::filesystem::path& donor) { return (folder / donor).lexically_normal(); });
    return recipeFromJson(*json, path.string());
}

Result<void> saveRecipe(const Recipe& recipe, const std::filesystem::path& path)
{
    Json json = recipeToJson(recipe);
    forDonors(json, [folder = folderOf(path)](const std::filesystem::path& donor) {
        const std::filesystem::path inside = donor.lexically_relative(folder);
        return inside.empty() || *inside.begin() == ".." ? donor : inside;
    });
    if (auto stored = storePayload(json, path); !stored)
        return stored;
    return writeTextAtomically(path, dumpJson(json, 2) + "\n");
}

} // namespace wb
