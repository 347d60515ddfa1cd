// The tiny models of tests/data, with what transformers computes from them.
#pragma once

#include "core/base/json.h"
#include "tests/support/safetensorsbuilder.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wb::test {

class MemorySource;

struct ModelCase {
    std::string name;
    std::shared_ptr<const Json> config;
    std::vector<BuiltTensor> tensors;
    std::vector<std::uint32_t> shortIds, longIds, greedy; // greedy: after shortIds
    std::vector<float> shortLogits, longLogits;           // (ids, vocabulary)

    [[nodiscard]] std::shared_ptr<MemorySource> source() const;
};

// All of them; read once.
[[nodiscard]] const std::vector<ModelCase>& modelCases();
[[nodiscard]] const ModelCase& modelCase(const std::string& name);

// Those whose matrices are stored in F8 with factors.
[[nodiscard]] const std::vector<ModelCase>& float8Cases();
[[nodiscard]] const ModelCase& float8Case(const std::string& name);

// Largest difference over the range of `want`; infinite when one is not a number or the sizes differ.
[[nodiscard]] double relativeError(const std::vector<float>& got, const std::vector<float>& want);

} // namespace wb::test
