#include "core/recipe/savedselections.h"

#include "core/base/file.h"
#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <system_error>

namespace wb {
namespace {

constexpr std::uint64_t maxBytes = 1U << 20;

} // namespace

std::filesystem::path selectionsFile()
{
    const char* config = std::getenv("XDG_CONFIG_HOME");
    const char* home = std::getenv("HOME");
    const std::filesystem::path folder = config != nullptr && *config != '\0' ? std::filesystem::path(config)
                                         : std::filesystem::path(home != nullptr ? home : "/") / ".config";
    return folder / "weightbench" / "selections.json";
}

Result<SavedSelections> loadSelections(const std::filesystem::path& file)
{
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return SavedSelections();
    auto json = readJson(file, false, maxBytes);
    if (!json)
        return failure(json);
    SavedSelections selections;
    if (!json->is_object())
        return fail(ErrorCode::JsonInvalid, file.string(), said(CORE_TEXT("reasons", "it must be an object of names and selections")));
    for (const auto& [name, text] : json->items()) {
        if (!text.is_string())
            return fail(ErrorCode::JsonInvalid, file.string(), said(CORE_TEXT("reasons", "the selection %1 must be a text"), name));
        selections.emplace(name, text.get<std::string>());
    }
    return selections;
}

Result<void> saveSelections(const SavedSelections& selections, const std::filesystem::path& file)
{
    std::error_code problem;
    std::filesystem::create_directories(file.parent_path(), problem);
    if (problem)
        return fail(ErrorCode::CannotCreate, file.parent_path().string(), problem.message());
    return writeTextAtomically(file, dumpJson(Json(selections), 2) + "\n");
}

Result<std::string> expandSelection(const std::string& text, const std::filesystem::path& file)
{
    if (!text.starts_with('@'))
        return text;
    auto selections = loadSelections(file);
    if (!selections)
        return failure(selections);
    if (const auto found = selections->find(text.substr(1)); found != selections->end())
        return found->second;
    std::string names;
    for (const auto& [name, selection] : *selections)
        names += (names.empty() ? "" : ", ") + name;
    return fail(ErrorCode::SelectorSyntax, text, std::string("2"),
                names.empty() ? said(CORE_TEXT("reasons", "there is no saved selection %1"), text.substr(1)) : said(CORE_TEXT("reasons", "there is no saved selection %1; there are %2"), text.substr(1), names));
}

} // namespace wb
