// Reads the fields of one component of tokenizer.json, each with its type checked, and refuses what nobody read.
#pragma once

#include "core/base/json.h"

#include "core/text/textpattern.h"

#include <nlohmann/json.hpp>

#include <set>

namespace wb {

class StageFields {
public:
    // `what`: the part of the file, for errors ("the normalizer"), marked with CORE_TEXT. `part` must be an object.
    StageFields(const Json& part, const char* what, std::string where) : m_part(part), m_what(said(what)), m_where(std::move(where))
    {
        if (!part.is_object())
            wrong(said(CORE_TEXT("reasons", "it is not an object")));
        m_read.insert("type");
    }

    [[nodiscard]] std::string type()
    {
        const auto found = m_part.find("type");
        if (!m_part.is_object() || found == m_part.end() || !found->is_string()) {
            wrong(said(CORE_TEXT("reasons", "type is missing")));
            return {};
        }
        return found->get<std::string>();
    }
    // Null counts as absent.
    [[nodiscard]] const Json* find(const std::string& name)
    {
        m_read.insert(name);
        if (!m_part.is_object())
            return nullptr;
        const auto found = m_part.find(name);
        return found == m_part.end() || found->is_null() ? nullptr : &*found;
    }
    [[nodiscard]] bool boolean(const std::string& name, std::optional<bool> otherwise)
    {
        const Json* value = find(name);
        if (value == nullptr && otherwise)
            return *otherwise;
        if (value == nullptr || !value->is_boolean()) {
            wrong(said(CORE_TEXT("reasons", "%1 must be true or false"), name));
            return false;
        }
        return value->get<bool>();
    }
    [[nodiscard]] std::string text(const std::string& name, std::optional<std::string> otherwise = std::nullopt)
    {
        const Json* value = find(name);
        if (value == nullptr && otherwise)
            return *otherwise;
        if (value == nullptr || !value->is_string()) {
            wrong(said(CORE_TEXT("reasons", "%1 must be a text"), name));
            return {};
        }
        return value->get<std::string>();
    }
    [[nodiscard]] std::uint64_t count(const std::string& name, std::optional<std::uint64_t> otherwise = std::nullopt)
    {
        const Json* value = find(name);
        if (value == nullptr && otherwise)
            return *otherwise;
        if (value == nullptr || !value->is_number_unsigned()) {
            wrong(said(CORE_TEXT("reasons", "%1 must be a number that is not negative"), name));
            return 0;
        }
        return value->get<std::uint64_t>();
    }

    void wrong(const Sentence& problem) { keep(ErrorCode::TokenizerInvalid, said("%1: %2", m_what, problem)); }
    void unsupported(const Sentence& what) { keep(ErrorCode::TokenizerUnsupported, what); }
    // The first problem, or a field that nobody asked for.
    [[nodiscard]] Result<void> done()
    {
        if (!m_error && m_part.is_object())
            for (const auto& [name, value] : m_part.items())
                if (!m_read.contains(name) && !value.is_null())
                    unsupported(said(CORE_TEXT("reasons", "%1 in %2"), name.substr(0, 200), m_what));
        return m_error ? Result<void>(tl::unexpected(*m_error)) : Result<void>();
    }
    [[nodiscard]] const std::string& where() const { return m_where; }

private:
    void keep(ErrorCode code, const Sentence& what)
    {
        if (!m_error)
            m_error = errorOf(code, m_where, what);
    }
    const Json& m_part;
    Sentence m_what;
    std::string m_where;
    std::set<std::string> m_read;
    std::optional<Error> m_error;
};

// "pattern": {"String": …} or {"Regex": …}.
[[nodiscard]] inline Result<TextPattern> patternOf(StageFields& fields)
{
    const Json* pattern = fields.find("pattern");
    if (pattern != nullptr && pattern->is_object() && pattern->size() == 1 && pattern->begin().value().is_string()) {
        if (pattern->begin().key() == "String")
            return TextPattern::literal(pattern->begin().value().get<std::string>());
        if (pattern->begin().key() == "Regex")
            return TextPattern::compile(pattern->begin().value().get<std::string>(), fields.where());
    }
    return fail(ErrorCode::TokenizerInvalid, fields.where(), said(CORE_TEXT("reasons", "a pattern must be a String or a Regex")));
}

} // namespace wb
