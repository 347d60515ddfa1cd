// Tensors and edits in the words of the window.
#pragma once

#include "core/recipe/consequence.h"
#include "core/recipe/edit.h"
#include "core/tensor/tensor.h"

#include <QString>

namespace wb {

// "layer 1 mlp.down_proj" of "model.layers.1.mlp.down_proj.weight"; other names without "model." and
// ".weight".
[[nodiscard]] QString shortName(const std::string& tensorName);
[[nodiscard]] QString shapeWords(const Shape& shape);            // "128 × 384", "scalar"
[[nodiscard]] QString operationText(const Operation& operation); // "scale × 0.0625"
// What an edit selects: the short name of one tensor, otherwise the selection as it is written.
[[nodiscard]] QString targetText(const Selector& selector);
[[nodiscard]] QString elementsText(const Elements& elements); // "rows 0:2, largest 10 %"; empty for all
[[nodiscard]] QString editText(const Edit& edit); // label, or "scale × 0.0625 on layer 1 mlp.down_proj"

// What the guard found, as a sentence; empty for an effective edit.
[[nodiscard]] QString effectWords(Effect effect);

} // namespace wb
