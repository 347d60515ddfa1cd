// What a checkpoint says about generating: which tokens end a text, and sampling settings, which are shown and never
// applied unasked.
#pragma once

#include "core/base/json.h"
#include "core/checkpoint/checkpoint.h"
#include "core/text/tokenizer.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <set>

namespace wb {

struct GenerationConfig {
    std::set<std::uint32_t> endTokens; // all of generation_config.json, else of config.json, else the tokenizer's eos
    Json defaults;                     // temperature, top_k, … of generation_config.json; an empty object without
};
// `tokenizer` may be null.
[[nodiscard]] Result<GenerationConfig> readGenerationConfig(const Checkpoint& checkpoint, const Tokenizer* tokenizer);

} // namespace wb
