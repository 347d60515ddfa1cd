// Which tensors: `role=q_proj layer=10-27`, `name=glob*`, `name~regex`, `dtype=BF16`, `params>1e6`, and by any statistic
// that `wb stats` names: `kurtosis>20`, `abs_max>=3` (of the base's values; a comparison with NaN is never true).
// Terms joined by spaces are and, a lone `|` is or (and binds tighter), `!` before a term is not. Text in double quotes
// is taken as it is. `layer=` takes numbers and ranges: `0,4-7`. `role=` takes several: `q_proj,k_proj`, and
// selects companions only by a role of their own (`q_proj.scale`). The text is the stored form.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/tensor/tensorsource.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wb {

class Selector {
public:
    Selector() = default; // selects nothing
    // SelectorSyntax names the character and what was expected there.
    static Result<Selector> parse(const std::string& text);
    // The selection of exactly one tensor; glob characters in its name are quoted.
    [[nodiscard]] static Selector forTensor(const std::string& name);

    // Indices in the order of the source; none is SelectionEmpty. Reads tensors only when reads(): once each, the
    // statistics are kept for the life of the process. Call it first where reading may take its time, with a progress
    // that can be cancelled.
    [[nodiscard]] Result<std::vector<std::size_t>> select(const TensorSource& source) const;
    [[nodiscard]] Result<std::vector<std::size_t>> select(const TensorSource& source, Progress& progress) const;
    [[nodiscard]] bool reads() const; // a term asks for a statistic
    [[nodiscard]] const std::string& text() const { return m_text; }
    bool operator==(const Selector& other) const { return m_text == other.m_text; }

    struct Node; // the parsed expression; private to selector.cpp
private:
    std::string m_text;
    std::shared_ptr<const Node> m_root;
};

} // namespace wb
