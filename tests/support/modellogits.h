// Logits of a model's tokens, for tests.
#pragma once

#include "core/model/forward.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace wb::test {

// Of all tokens, fed in pieces of `step`; empty when the model refuses.
inline std::vector<float> logits(const Model& model, std::span<const std::uint32_t> tokens, std::size_t step, Precision precision = Precision::F32)
{
    KvCache cache(model.config());
    Workspace space;
    std::vector<float> out;
    for (std::size_t first = 0; first < tokens.size(); first += step) {
        Sequence sequence{&cache, tokens.subspan(first, std::min(step, tokens.size() - first)), tokens.size()};
        const auto hidden = forward(model, {&sequence, 1}, {precision}, space);
        if (!hidden)
            return {};
        std::vector<float> some(sequence.tokens.size() * model.config().vocabulary);
        computeLogits(model, *hidden, precision, Product::RowByRow, some);
        out.insert(out.end(), some.begin(), some.end());
    }
    return out;
}

} // namespace wb::test
