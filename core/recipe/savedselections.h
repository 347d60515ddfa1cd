// Selections saved by name, for one user: a JSON object {name: selection} in the user's configuration folder. `@name`
// stands for the saved one wherever a selection is typed; recipes hold the selection itself, so that they stay whole.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <map>
#include <string>

namespace wb {

using SavedSelections = std::map<std::string, std::string>;

// $XDG_CONFIG_HOME/weightbench/selections.json, or below ~/.config.
[[nodiscard]] std::filesystem::path selectionsFile();
// Empty when there is no file. JsonInvalid when it is not what save writes.
[[nodiscard]] Result<SavedSelections> loadSelections(const std::filesystem::path& file = selectionsFile());
// Makes the folder; replaces the file in one step.
[[nodiscard]] Result<void> saveSelections(const SavedSelections& selections, const std::filesystem::path& file = selectionsFile());
// The text itself, or what is saved under it when it is `@name`. SelectorSyntax lists the names there are.
[[nodiscard]] Result<std::string> expandSelection(const std::string& text, const std::filesystem::path& file = selectionsFile());

} // namespace wb
