// What lies in a checkpoint folder: the files that are the model, and the others.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace wb {

struct FolderContent {
    std::string index;                // "" without one
    std::vector<std::string> weights; // the .safetensors that are the model, or pytorch_model.bin; empty with an index
    std::vector<std::string> missing; // files of the set of `weights` that are not there
    std::vector<std::string> gguf;    // one .gguf or all parts of one, when there are no safetensors
    std::vector<std::string> leftOut; // other weight files
    std::vector<std::string> sidecars; // config, tokenizer, …, by relative name, sorted
};

// With an index, its shards and nothing else; else model.safetensors, the one .safetensors, or the one set of shards; else
// the first .gguf; else pytorch_model.bin or its shards.
[[nodiscard]] Result<FolderContent> lookInto(const std::filesystem::path& folder);

inline constexpr const char* manifestName = "weightbench-manifest.json";

} // namespace wb
