#include "core/recipe/gainsjson.h"

#include "core/recipe/fields.h"

namespace wb {
namespace {

// Reads lists of numbers; the first problem is the field's.
class Reader {
public:
    Reader(Fields& fields) : m_fields(fields) {}

    std::vector<double> numbers(const Json& list, const Sentence& what)
    {
        std::vector<double> out;
        if (!list.is_array() || list.empty())
            return m_fields.problem(said(CORE_TEXT("reasons", "%1 must be a list of numbers"), what)), out;
        for (const Json& item : list) {
            if (!item.is_number() || !std::isfinite(item.get<double>()))
                return m_fields.problem(said(CORE_TEXT("reasons", "%1 must hold finite numbers only"), what)), out;
            out.push_back(item.get<double>());
        }
        return out;
    }

    // Rows of as many numbers each.
    std::vector<std::vector<double>> rows(const char* key, std::size_t width)
    {
        std::vector<std::vector<double>> out;
        const Json* list = m_fields.find(key, true);
        if (list == nullptr)
            return out;
        if (!list->is_array() || list->empty())
            return m_fields.problem(said(CORE_TEXT("reasons", "%1 must be a list"), key)), out;
        for (const Json& item : *list) {
            out.push_back(numbers(item, said(CORE_TEXT("reasons", "each of %1"), key)));
            if (out.back().size() != width)
                return m_fields.problem(said(CORE_TEXT("reasons", "each of %1 must hold %2 numbers"), key, width)), std::vector<std::vector<double>>();
        }
        return out;
    }

    BandGains bands()
    {
        BandGains gains;
        for (const auto& row : rows("bands", 3)) {
            if (!(row[0] >= 0 && row[0] < row[1] && row[1] <= 1e9 && row[0] == std::floor(row[0]) && row[1] == std::floor(row[1]))) {
                m_fields.problem(said(CORE_TEXT("reasons", "a band must be two whole numbers, the first below the second, and a gain")));
                break;
            }
            gains.bands.push_back({static_cast<std::uint64_t>(row[0]), static_cast<std::uint64_t>(row[1]), row[2]});
        }
        return gains;
    }

    CurveGains curve()
    {
        CurveGains gains;
        const std::string scale = m_fields.text("scale", true);
        gains.logarithmic = scale == "log";
        if (!gains.logarithmic && scale != "linear")
            m_fields.problem(said(CORE_TEXT("reasons", "scale must be log or linear")));
        for (const auto& row : rows("points", 2)) {
            if (!(row[0] >= 0 && row[0] <= 1) || (!gains.points.empty() && row[0] <= gains.points.back().place)) {
                m_fields.problem(said(CORE_TEXT("reasons", "the places of a curve's points must ascend from 0 to 1")));
                break;
            }
            if (gains.logarithmic && !(row[1] > 0)) {
                m_fields.problem(said(CORE_TEXT("reasons", "the gains of a log curve must be above 0")));
                break;
            }
            gains.points.push_back({row[0], row[1]});
        }
        return gains;
    }

private:
    Fields& m_fields;
};

Result<MixedGains::Part> partOf(const Json& json, const std::string& where, const std::string& place)
{
    if (!json.is_object())
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "%1an expert must be an object"), place));
    Fields fields(json, where, place);
    MixedGains::Part part{fields.text("name", true), fields.number("weight"), nullptr};
    std::map<std::string, std::vector<double>> lists;
    const Json* gains = fields.find("gains", true);
    if (gains != nullptr && (!gains->is_object() || gains->empty()))
        fields.problem(said(CORE_TEXT("reasons", "gains of an expert must name tensors")));
    else if (gains != nullptr)
        for (const auto& [name, list] : gains->items())
            lists[name] = Reader(fields).numbers(list, said("gains"));
    if (const auto error = fields.finish())
        return tl::unexpected(*error);
    part.gains = std::make_shared<const GainTable>(std::move(lists));
    return part;
}

Result<Gains> mixOf(const Json& json, const std::string& where, const std::string& place)
{
    Fields fields(json, where, place);
    fields.text("rule", true);
    const Json* experts = fields.find("experts", true);
    if (experts != nullptr && (!experts->is_array() || experts->empty()))
        fields.problem(said(CORE_TEXT("reasons", "experts must be a list")));
    if (const auto error = fields.finish())
        return tl::unexpected(*error);
    MixedGains mix;
    for (const Json& row : *experts) {
        auto part = partOf(row, where, place);
        if (!part)
            return failure(part);
        mix.parts.push_back(std::move(*part));
    }
    return Gains(std::move(mix));
}

Gains ruleOf(Fields& fields, const std::string& rule)
{
    Reader reader(fields);
    if (rule == "bands")
        return reader.bands();
    if (rule == "power")
        return PowerGains{fields.numberIn("value", -100, 100)};
    if (rule == "curve")
        return reader.curve();
    if (rule == "energy")
        return EnergyCut{fields.numberIn("value", 0, 1)};
    if (rule == "rank") {
        fields.find("value", true);
        return RankCut{fields.count("value")};
    }
    fields.problem(said(CORE_TEXT("reasons", "there is no rule %1; there are bands, power, curve, energy, rank and mix"), rule));
    return PowerGains{};
}

} // namespace

Result<Gains> gainsFromJson(const Json& json, const std::string& where, const std::string& place)
{
    if (json.is_array()) {
        const Json empty = Json::object();
        Fields fields(empty, where, place);
        ListedGains list{Reader(fields).numbers(json, said("gains"))};
        if (const auto error = fields.finish())
            return tl::unexpected(*error);
        return Gains(std::move(list));
    }
    if (!json.is_object())
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "%1gains must be a list of numbers or an object with a rule"), place));
    if (json.contains("tensor"))
        return fail(ErrorCode::RecipeInvalid, where, said(CORE_TEXT("reasons", "%1its gains are in a file beside the recipe, which was not read with it"), place));
    if (const auto rule = json.find("rule"); rule != json.end() && *rule == "mix")
        return mixOf(json, where, place);
    Fields fields(json, where, place);
    Gains gains = ruleOf(fields, fields.text("rule", true));
    if (const auto error = fields.finish())
        return tl::unexpected(*error);
    return gains;
}

Json gainsToJson(const Gains& gains)
{
    if (const auto* list = std::get_if<ListedGains>(&gains))
        return list->gains;
    if (const auto* bands = std::get_if<BandGains>(&gains)) {
        Json rows = Json::array();
        for (const auto& band : bands->bands)
            rows.push_back({band.first, band.end, band.gain});
        return {{"rule", "bands"}, {"bands", std::move(rows)}};
    }
    if (const auto* curve = std::get_if<CurveGains>(&gains)) {
        Json rows = Json::array();
        for (const auto& point : curve->points)
            rows.push_back({point.place, point.gain});
        return {{"rule", "curve"}, {"scale", curve->logarithmic ? "log" : "linear"}, {"points", std::move(rows)}};
    }
    if (const auto* mix = std::get_if<MixedGains>(&gains)) {
        Json rows = Json::array();
        for (const auto& part : mix->parts)
            rows.push_back({{"name", part.name}, {"weight", part.weight}, {"gains", part.gains->all()}});
        return {{"rule", "mix"}, {"experts", std::move(rows)}};
    }
    if (const auto* power = std::get_if<PowerGains>(&gains))
        return {{"rule", "power"}, {"value", power->exponent}};
    if (const auto* energy = std::get_if<EnergyCut>(&gains))
        return {{"rule", "energy"}, {"value", energy->share}};
    return {{"rule", "rank"}, {"value", std::get<RankCut>(gains).rank}};
}

} // namespace wb
