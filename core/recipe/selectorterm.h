// One term of a selection, `key op value`, as a test of one tensor; private to the selector.
#pragma once

#include "core/base/progress.h"
#include "core/model/roles.h"
#include "core/tensor/tensorsource.h"

#include <functional>
#include <string>

namespace wb {

// What is asked about.
struct Subject {
    const TensorSource& source;
    std::size_t tensor;
    const TensorInfo& info;
    TensorRole role;
    const std::string& text; // of the whole selection, for errors
    Progress& progress;
};

struct SelectorTerm {
    std::function<Result<bool>(const Subject&)> matches;
    bool reads = false; // the tensor's values
};

// `quoted`: the value stood in quotes and is taken as it is. The error is the end of a sentence.
[[nodiscard]] tl::expected<SelectorTerm, Sentence> termFor(const std::string& key, const std::string& op,
                                                              const std::string& value, bool quoted);

} // namespace wb
