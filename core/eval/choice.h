// Which continuation of a prompt the model holds most likely.
#pragma once

#include "core/eval/itemprompt.h"
#include "core/model/boundary.h"
#include "core/text/tokenizer.h"

#include <string>
#include <vector>

namespace wb {

struct ChoiceScore {
    double logprob = 0;       // of the choice's tokens after the prompt, summed
    std::size_t tokens = 0;
    std::size_t bytes = 0;
};

// Prompt and choice are tokenized together and split at the last token that lies whole in the prompt; what all choices share is
// computed once. Uses `cache` and leaves it with the shared part.
[[nodiscard]] Result<std::vector<ChoiceScore>> scoreChoices(const Model& model, const Tokenizer& tokenizer, const ItemPrompt& prompt,
                                                            const std::vector<std::string>& choices, Precision precision, KvCache& cache,
                                                            Workspace& space, Progress& progress, BoundaryStates* boundary = nullptr);

} // namespace wb
