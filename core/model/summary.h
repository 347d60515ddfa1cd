// What a checkpoint says about itself: architecture, parameters, ties, contradictions. Reads no tensor, except to
// compare an embedding and a head that are both stored and called tied.
#pragma once

#include "core/checkpoint/checkpoint.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace wb {

struct ModelSummary {
    std::string architecture;           // "qwen3", the config's model_type; "" when nothing says so
    std::uint64_t parameters = 0;       // logical weights: a tied matrix once; no buffers, no scales
    std::uint64_t storedParameters = 0; // elements of all tensors
    std::uint64_t bytes = 0;            // of all tensors
    struct TypeTotal {
        std::uint64_t tensors = 0;
        std::uint64_t bytes = 0;
    };
    std::map<std::string, TypeTotal> dtypes;    // by stored type
    std::vector<std::vector<std::string>> tied; // names that share one matrix; a name may not be stored
    std::vector<Error> warnings;                // config against shapes
    std::uint32_t layers = 0;                   // highest layer seen + 1, of tensors with a known role if there are such
};

[[nodiscard]] ModelSummary summarise(const Checkpoint& checkpoint);

} // namespace wb
