// Reads one object of a recipe strictly; private to the JSON readers of this folder.
#pragma once

#include "core/base/json.h"
#include "core/recipe/edit.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace wb {

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

    double numberIn(const char* key, double low, double high)
    {
        const double value = number(key);
        if (!(low <= value && value <= high))
            problem(std::string(key) + " must lie between " + numberText(low) + " and " + numberText(high) + ", it is " + numberText(value));
        return value;
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

} // namespace wb
