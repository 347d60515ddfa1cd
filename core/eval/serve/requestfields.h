// Reads one object of a request by its fields, each with its type and range checked; private to this folder. Null counts as absent.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <optional>
#include <set>
#include <string>

namespace wb {

class RequestFields {
public:
    // `place`: before the names of fields in errors ("messages[2].").
    explicit RequestFields(const Json& object, std::string place = "") : m_object(object), m_place(std::move(place))
    {
        if (!object.is_object())
            wrong("", "it is not an object");
    }

    [[nodiscard]] const Json* find(const std::string& name)
    {
        m_read.insert(name);
        if (!m_object.is_object())
            return nullptr;
        const auto found = m_object.find(name);
        return found == m_object.end() || found->is_null() ? nullptr : &*found;
    }

    [[nodiscard]] bool flag(const std::string& name, bool otherwise)
    {
        const Json* value = find(name);
        if (value == nullptr || value->is_boolean())
            return value == nullptr ? otherwise : value->get<bool>();
        wrong(name, "it is neither true nor false");
        return otherwise;
    }

    [[nodiscard]] std::optional<std::string> text(const std::string& name)
    {
        const Json* value = find(name);
        if (value == nullptr)
            return std::nullopt;
        if (!value->is_string()) {
            wrong(name, "it is not a text");
            return std::nullopt;
        }
        return value->get<std::string>();
    }

    [[nodiscard]] double number(const std::string& name, double low, double high, double otherwise)
    {
        const Json* value = find(name);
        if (value == nullptr)
            return otherwise;
        const double number = value->is_number() ? value->get<double>() : std::nan("");
        if (low <= number && number <= high)
            return number;
        wrong(name, fmt::format("it is not a number between {} and {}", low, high));
        return otherwise;
    }

    [[nodiscard]] std::optional<std::uint64_t> count(const std::string& name, std::uint64_t most)
    {
        const Json* value = find(name);
        if (value == nullptr)
            return std::nullopt;
        if (value->is_number_unsigned() && value->get<std::uint64_t>() <= most)
            return value->get<std::uint64_t>();
        wrong(name, fmt::format("it is not a whole number from 0 to {}", most));
        return std::nullopt;
    }

    // Fields that change nothing of an answer.
    void skip(std::initializer_list<const char*> names) { m_read.insert(names.begin(), names.end()); }

    // Fields that are taken only where they ask for nothing: zero, false or empty.
    void mustBeEmpty(std::initializer_list<const char*> names)
    {
        for (const char* name : names) {
            const Json* value = find(name);
            const bool nothing = value == nullptr || (value->is_number() && value->get<double>() == 0) || (value->is_boolean() && !value->get<bool>()) ||
                                 (value->is_structured() && value->empty()) || (value->is_string() && value->get_ref<const std::string&>().empty());
            if (!nothing)
                wrong(name, "this is not done here");
        }
    }

    void wrong(const std::string& name, const std::string& what)
    {
        if (!m_error)
            m_error = Error{ErrorCode::BadArgument, m_place + name, {fmt::format("{}{}: {}", m_place, name.empty() ? "request" : name, what)}};
    }

    // The first problem, or a field that nobody asked for.
    [[nodiscard]] Result<void> done()
    {
        if (!m_error && m_object.is_object())
            for (const auto& [name, value] : m_object.items())
                if (!m_read.contains(name))
                    wrong(name.substr(0, 100), "there is no such field here");
        return m_error ? Result<void>(tl::unexpected(*m_error)) : Result<void>();
    }

private:
    const Json& m_object;
    std::string m_place;
    std::set<std::string> m_read;
    std::optional<Error> m_error;
};

} // namespace wb
