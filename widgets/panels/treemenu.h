// What a row of the tree of tensors stands for when something is done with it.
#pragma once

#include "core/tensor/tensorsource.h"

#include <QStringList>

#include <vector>

namespace wb {

struct TreeTarget {
    QStringList names;
    QString selection; // exactly these tensors
};

// `tensors` are one tensor, or all below a folder of the tree: those that share their first parts and no others do.
[[nodiscard]] TreeTarget treeTarget(const TensorSource& source, const std::vector<std::size_t>& tensors);

} // namespace wb
