#include "core/recipe/elementsjson.h"

#include "core/recipe/fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace wb {
namespace {

constexpr const char* measureNames[] = {"value", "magnitude"};

std::optional<IndexRange> rangeIn(Fields& fields, const char* key)
{
    const Json* pair = fields.find(key, false);
    if (pair == nullptr)
        return std::nullopt;
    if (!pair->is_array() || pair->size() != 2 || !(*pair)[0].is_number_unsigned() || !(*pair)[1].is_number_unsigned())
        return fields.problem(said(CORE_TEXT("reasons", "%1 must be two whole numbers [first, end]"), key)), std::nullopt;
    const IndexRange range{(*pair)[0].get<std::uint64_t>(), (*pair)[1].get<std::uint64_t>()};
    if (range.first >= range.end)
        fields.problem(said(CORE_TEXT("reasons", "%1 [%2, %3] holds nothing: the end is not included"), key, range.first, range.end));
    return range;
}

std::vector<std::uint32_t> groupsIn(Fields& fields, const char* key)
{
    const Json* list = fields.find(key, false);
    if (list == nullptr)
        return {};
    const auto isIndex = [](const Json& item) { return item.is_number_unsigned() && item.get<std::uint64_t>() < 1'000'000; };
    if (!list->is_array() || list->empty() || !std::ranges::all_of(*list, isIndex))
        return fields.problem(said(CORE_TEXT("reasons", "%1 must be a list of whole numbers"), key)), std::vector<std::uint32_t>();
    auto groups = list->get<std::vector<std::uint32_t>>();
    std::ranges::sort(groups);
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    return groups;
}

std::string partIn(Fields& fields)
{
    const std::string part = fields.text("part", false);
    if (fields.find("part", false) != nullptr && std::ranges::find(fusedRoles, part) == fusedRoles.end())
        fields.problem(said(CORE_TEXT("reasons", "there is no part \"%1\": it must be one of %2"), part, fmt::format("{}", fmt::join(fusedRoles, ", "))));
    return part;
}

std::optional<ValueBand> bandIn(Fields& fields)
{
    ValueBand band;
    int kinds = 0;
    for (const auto& [key, kind] : {std::pair("top", ValueBand::Kind::Top), std::pair("bottom", ValueBand::Kind::Bottom)})
        if (fields.find(key, false) != nullptr) {
            ++kinds;
            band.kind = kind;
            band.low = fields.numberIn(key, 0, 1);
        }
    if (const Json* pair = fields.find("quantile", false)) {
        ++kinds;
        band.kind = ValueBand::Kind::Quantile;
        if (!pair->is_array() || pair->size() != 2 || !(*pair)[0].is_number() || !(*pair)[1].is_number())
            return fields.problem(said(CORE_TEXT("reasons", "quantile must be two numbers [low, high]"))), std::nullopt;
        band.low = (*pair)[0].get<double>();
        band.high = (*pair)[1].get<double>();
        if (!(0 <= band.low && band.low <= band.high && band.high <= 1))
            fields.problem(said(CORE_TEXT("reasons", "quantile must be 0 ≤ low ≤ high ≤ 1, it is %1, %2"), numberText(band.low), numberText(band.high)));
    }
    const std::string of = fields.text("of", false);
    if (!of.empty() && of != measureNames[0] && of != measureNames[1])
        fields.problem(said(CORE_TEXT("reasons", "of must be \"value\" or \"magnitude\"")));
    if (kinds == 0 && !of.empty())
        fields.problem(said(CORE_TEXT("reasons", "of belongs to top, bottom or quantile")));
    if (kinds > 1)
        fields.problem(said(CORE_TEXT("reasons", "only one of top, bottom and quantile can be given")));
    band.of = of == measureNames[1] ? Measure::Magnitude : Measure::Value;
    return kinds == 0 ? std::nullopt : std::optional(band);
}

} // namespace

Json elementsToJson(const Elements& elements)
{
    if (elements.all())
        return "all";
    Json json = Json::object();
    if (elements.rows)
        json["rows"] = {elements.rows->first, elements.rows->end};
    if (elements.cols)
        json["cols"] = {elements.cols->first, elements.cols->end};
    if (!elements.heads.empty())
        json["heads"] = elements.heads;
    if (!elements.experts.empty())
        json["experts"] = elements.experts;
    if (!elements.part.empty())
        json["part"] = elements.part;
    if (const auto& band = elements.band) {
        if (band->kind == ValueBand::Kind::Quantile)
            json["quantile"] = {band->low, band->high};
        else
            json[band->kind == ValueBand::Kind::Top ? "top" : "bottom"] = band->low;
        json["of"] = measureNames[static_cast<int>(band->of)];
    }
    return json;
}

Result<Elements> elementsFromJson(const Json& json, const std::string& where, const std::string& place)
{
    if (json == "all")
        return Elements();
    if (!json.is_object() || json.empty())
        return fail(ErrorCode::RecipeInvalid, where,
                    said(CORE_TEXT("reasons", "%1elements must be \"all\" or an object with top, bottom, quantile, rows, cols, heads, experts or part"), place));
    Fields fields(json, where, place + "elements: ");
    Elements elements;
    elements.rows = rangeIn(fields, "rows");
    elements.cols = rangeIn(fields, "cols");
    elements.heads = groupsIn(fields, "heads");
    elements.experts = groupsIn(fields, "experts");
    elements.part = partIn(fields);
    elements.band = bandIn(fields);
    if (const auto error = fields.finish())
        return tl::unexpected(*error);
    return elements;
}

} // namespace wb
