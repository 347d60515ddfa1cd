// One change to selected tensors, as plain data. Numbers are what the user typed; what they do to stored bits is
// defined in apply.h. A new kind of edit is a new struct here: the compiler then asks for everything else.
#pragma once

#include "core/recipe/elementset.h"
#include "core/recipe/gains.h"
#include "core/recipe/layeredit.h"
#include "core/recipe/selector.h"

#include <cstdint>
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

// To mean 0 and standard deviation 1, as the three programs of Tensor Slayer define it. Mean and standard deviation
// (n − 1 in the denominator, as torch's) are those of the edited elements.
struct Normalize {
    enum class Form : std::uint8_t {
        Standard,   // (x − mean) / std: tensor_patcher_cli
        AroundMean, // (x − mean) / (std · value) + mean: safetensors_explorer_cli
        Epsilon,    // (x − mean) / (std + 1e-8): enhanced_tensor_patcher
    };
    Form form = Form::Standard;
    double value = 1; // of AroundMean; not 0
    bool operator==(const Normalize&) const = default;
};
// The `share` of edited elements with the smallest magnitude become +0: those up to the round(share · n)-th smallest,
// every element that equals it included.
struct Prune {
    double share = 0; // 0 … 1
    bool operator==(const Prune&) const = default;
};
// Adds normally distributed numbers, which depend on the seed, the tensor's name and the element's index alone (noise.h).
struct Noise {
    double std = 0;        // their standard deviation; with `relative` in units of the edited elements' own
    std::uint64_t seed = 0;
    bool relative = false;
    bool operator==(const Noise&) const = default;
};

using Operation = std::variant<Scale, Add, Clamp, Set, Zero, Normalize, Prune, Noise, Svf, LayerEdit>;

struct Edit {
    Operation operation;
    Selector select;
    std::string label;  // given by the user; may be empty
    std::string reason; // why; may be empty
    bool enabled = true;
    Elements elements;   // of the selected tensors
    double strength = 1; // 0 … 2: how much of the change is made, see apply.h
    std::string group;   // edits that are switched and moved together; may be empty
    bool operator==(const Edit&) const = default;
};

inline constexpr double maxStrength = 2;

[[nodiscard]] const char* operationName(const Operation& operation); // of the file; of the context "reasons": "scale"
[[nodiscard]] std::string describe(const Operation& operation);      // language-neutral: "×0.0625", "+0.1", "≤ 20", "= 1"
// "scale ×0.0625 · model.layers.1.mlp.down_proj.weight"; the label instead when there is one.
[[nodiscard]] std::string describe(const Edit& edit);
// Shortest text that reads back as the same double.
[[nodiscard]] std::string numberText(double value);
// Equal exactly when operations, elements and strengths are the same: numbers in hexadecimal. For fingerprints and caches.
[[nodiscard]] std::string canonical(const Edit& edit);
// JSON name of a form: "standard", "around_mean", "epsilon".
[[nodiscard]] const char* formName(Normalize::Form form);

} // namespace wb
