#include "core/eval/sweep.h"

#include "core/recipe/recipejson.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

namespace wb {
namespace {

bool readNumber(std::string_view text, double& value)
{
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

bool readCount(std::string_view text, std::size_t& value)
{
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size();
}

std::vector<std::string> splitAt(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

// One step into JSON: "gains" or "gains[3]". Null when there is no such place.
Json* stepInto(Json& at, std::string_view part)
{
    const std::size_t open = part.find('[');
    const std::string name(part.substr(0, open));
    const auto found = at.is_object() ? at.find(name) : at.end();
    if (found == at.end())
        return nullptr;
    Json* place = &*found;
    for (std::string_view rest = open == std::string_view::npos ? std::string_view() : part.substr(open); !rest.empty();) {
        const std::size_t close = rest.find(']');
        std::size_t index = 0;
        if (rest[0] != '[' || close == std::string_view::npos || !readCount(rest.substr(1, close - 1), index) || !place->is_array() || index >= place->size())
            return nullptr;
        place = &(*place)[index];
        rest.remove_prefix(close + 1);
    }
    return place;
}

// Where a knob's number stands in the JSON of a recipe; null when there is no such place.
Json* placeOf(Json& edit, const std::string& key)
{
    // What is left out has its usual value; an unknown key is refused when the recipe is read.
    const bool plain = !key.empty() && key.find_first_of(".[") == std::string::npos;
    if (plain && edit.is_object() && !edit.contains(key))
        return &edit[key];
    Json* at = &edit;
    for (const std::string& part : splitAt(key, '.'))
        if (at = stepInto(*at, part); at == nullptr)
            return nullptr;
    return at->is_number() ? at : nullptr;
}

} // namespace

double Knob::at(std::size_t point) const
{
    return points < 2 ? low : low + (high - low) * static_cast<double>(point) / static_cast<double>(points - 1);
}

Result<Knob> parseKnob(const std::string& text)
{
    Knob knob;
    const std::size_t open = text.find('['), close = text.find("]."), equals = text.find('=');
    if (open == std::string::npos || close == std::string::npos || equals == std::string::npos || text.substr(0, open) != "edits" || close > equals ||
        !readCount(std::string_view(text).substr(open + 1, close - open - 1), knob.edit))
        return fail(ErrorCode::BadArgument, "--knob", said(CORE_TEXT("reasons", "\"%1\" has no edit and key before \"=\"; edits[2].factor=0.5:1.5:11 is how one is written"), text));
    knob.key = text.substr(close + 2, equals - close - 2);
    const std::vector<std::string> range = splitAt(text.substr(equals + 1), ':');
    if (knob.key.empty() || range.size() != 3 || !readNumber(range[0], knob.low) || !readNumber(range[1], knob.high) || !readCount(range[2], knob.points))
        return fail(ErrorCode::BadArgument, "--knob", said(CORE_TEXT("reasons", "\"%1\" has no low:high:points behind \"=\"; edits[2].factor=0.5:1.5:11 is how one is written"), text));
    if (knob.points == 0 || knob.points > maxSweepPoints)
        return fail(ErrorCode::BadArgument, "--knob", said(CORE_TEXT("reasons", "\"%1\" has %2 points, and 1 to %3 are possible; edits[2].factor=0.5:1.5:11 is how one is written"), text, knob.points, maxSweepPoints));
    return knob;
}

Result<RecipePtr> withKnobs(const Recipe& recipe, std::span<const Knob> knobs, std::span<const double> values)
{
    Json json = recipeToJson(recipe);
    for (std::size_t i = 0; i < knobs.size(); ++i) {
        const Knob& knob = knobs[i];
        if (knob.edit >= recipe.size())
            return fail(ErrorCode::BadArgument, "--knob", said(CORE_TEXT("reasons", "%1: the recipe has %2 edits, counted from 0"), knob.name(), recipe.size()));
        Json* place = placeOf(json["edits"][knob.edit], knob.key);
        if (place == nullptr)
            return fail(ErrorCode::BadArgument, "--knob", said(CORE_TEXT("reasons", "%1: the edit has no number of that name"), knob.name()));
        const bool whole = place->is_number_unsigned() && values[i] >= 0 && values[i] == std::floor(values[i]) && values[i] < 1e15;
        if (whole)
            *place = static_cast<std::uint64_t>(values[i]);
        else
            *place = values[i];
    }
    return recipeFromJson(json, "--knob");
}

} // namespace wb
