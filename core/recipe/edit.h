// One change to selected tensors, as plain data. Numbers are what the user typed; what they do to stored bits is
// defined in apply.h. A new kind of edit is a new struct here: the compiler then asks for everything else.
#pragma once

#include "core/recipe/selector.h"

#include <optional>
#include <string>
#include <variant>

namespace wb {

struct Scale {
    double factor = 1;
    bool operator==(const Scale&) const = default;
};
struct Add {
    double value = 0;
    bool operator==(const Add&) const = default;
};
// Values outside [min, max] become the bound; NaN stays NaN, as torch.clamp does. At least one bound, min <= max.
struct Clamp {
    std::optional<double> min, max;
    bool operator==(const Clamp&) const = default;
};
struct Set {
    double value = 0;
    bool operator==(const Set&) const = default;
};
struct Zero {
    bool operator==(const Zero&) const = default;
};

using Operation = std::variant<Scale, Add, Clamp, Set, Zero>;

struct Edit {
    Operation operation;
    Selector select;
    std::string label;  // given by the user; may be empty
    std::string reason; // why; may be empty
    bool enabled = true;
    bool operator==(const Edit&) const = default;
};

[[nodiscard]] const char* operationName(const Operation& operation); // "scale"
[[nodiscard]] std::string describe(const Operation& operation);      // language-neutral: "×0.0625", "+0.1", "≤ 20", "= 1"
// "scale ×0.0625 · model.layers.1.mlp.down_proj.weight"; the label instead when there is one.
[[nodiscard]] std::string describe(const Edit& edit);
// Shortest text that reads back as the same double.
[[nodiscard]] std::string numberText(double value);
// Equal exactly when the operations do the same: numbers in hexadecimal. For fingerprints and caches.
[[nodiscard]] std::string canonical(const Operation& operation);

} // namespace wb
