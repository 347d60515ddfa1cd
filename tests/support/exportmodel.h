// A small sharded checkpoint to export, and calls to the system that fail when they are told to.
#pragma once

#include "core/checkpoint/export.h"
#include "core/checkpoint/open.h"
#include "core/recipe/recipe.h"
#include "tests/support/support.h"

#include <cerrno>

namespace wb::test {

// base/: two shards with an index, config.json and a note in a folder of its own. a.weight spans several pieces.
struct ExportModel {
    ExportModel();
    TempFolder folder;
    std::filesystem::path base = folder / "base";
    CheckpointPtr checkpoint;
    static inline const std::string first = "model-00001-of-00002.safetensors";
    static inline const std::string second = "model-00002-of-00002.safetensors";
};

// Every file below `folder` with its bytes, as one text to compare.
[[nodiscard]] std::string tree(const std::filesystem::path& folder);
// Of one edit.
[[nodiscard]] RecipePtr scale(const std::string& select, double factor);
[[nodiscard]] Result<ExportReport> exported(const CheckpointPtr& checkpoint, const RecipePtr& recipe,
                                            const std::filesystem::path& to, ExportOptions options = {});

// Counts calls of one kind and acts on the n-th.
struct Nth {
    int at = 0; // from 1; 0: never
    int seen = 0;
    bool hit() { return ++seen == at; }
};
// Before the n-th call of a kind ("create", "allocate", "write", "sync", "rename") `act` runs; what it returns, unless 0,
// becomes errno of a failed call.
[[nodiscard]] FileCalls actingOn(const std::string& kind, Nth& nth, std::function<int()> act);

} // namespace wb::test
