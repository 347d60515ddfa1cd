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
            return problem(said(CORE_TEXT("reasons", "%1 must be a text"), key)), "";
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
            problem(said(CORE_TEXT("reasons", "%1 must lie between %2 and %3, it is %4"), key, numberText(low), numberText(high), numberText(value)));
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
            return problem(said(CORE_TEXT("reasons", "%1 must be true or false"), key)), otherwise;
        return value->get<bool>();
    }

    std::uint64_t count(const char* key)
    {
        const Json* value = find(key, false);
        if (value == nullptr)
            return 0;
        if (!value->is_number_unsigned())
            return problem(said(CORE_TEXT("reasons", "%1 must be a whole number"), key)), 0;
        return value->get<std::uint64_t>();
    }

    const Json* find(const char* key, bool required)
    {
        m_asked.emplace_back(key);
        const auto found = m_json.find(key);
        if (found == m_json.end() && required)
            problem(said(CORE_TEXT("reasons", "%1 is missing"), key));
        return found == m_json.end() ? nullptr : &*found;
    }

    void problem(const Sentence& what) { keep(errorOf(ErrorCode::RecipeInvalid, m_where, said("%1%2", m_place, what))); }
    // The first problem of an object inside of this one.
    void keep(Error error)
    {
        if (!m_error)
            m_error = std::move(error);
    }

    // The first problem; a key that nobody asked for is one.
    std::optional<Error> finish()
    {
        for (const auto& [key, value] : m_json.items())
            if (std::ranges::find(m_asked, key) == m_asked.end())
                problem(said(CORE_TEXT("reasons", "there is no key %1 here"), key));
        return m_error;
    }

private:
    double numberOf(const Json& value, const char* key)
    {
        if (!value.is_number() || !std::isfinite(value.get<double>()))
            return problem(said(CORE_TEXT("reasons", "%1 must be a finite number"), key)), 0;
        return value.get<double>();
    }

    const Json& m_json;
    std::string m_where, m_place;
    std::vector<std::string> m_asked;
    std::optional<Error> m_error;
};

} // namespace wb
