// What scores say, in the words of the Evaluate page.
#pragma once

#include "core/eval/evaluate.h"

#include <QString>

namespace wb {

struct ScoredPair {
    const EvaluationReport& original;
    const EvaluationReport& patched;
    const PairedComparison& paired;
    std::optional<std::size_t> floor;           // items that flip without any edit
    const PairedComparison* control = nullptr;  // of the original with a random edit of equal norm
};

[[nodiscard]] QString pText(double p); // "p = 0.035", "p < 0.0001"
[[nodiscard]] QString scoreWords(const EvaluationReport& report); // "188 of 200", with pass@k where answers are drawn
[[nodiscard]] QString verdictText(const ScoredPair& pair);        // one sentence
[[nodiscard]] QString cautionText(const ScoredPair& pair);        // interval, floor, control, and what so few items cannot say
[[nodiscard]] QString floorText(std::size_t flipped, std::size_t items);

} // namespace wb
