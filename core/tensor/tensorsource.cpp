#include "core/tensor/tensorsource.h"

#include "core/base/hash.h"

#include <algorithm>

namespace wb {

std::string layoutFingerprint(const TensorSource& source)
{
    std::vector<const TensorInfo*> byName;
    for (const TensorInfo& tensor : source.tensors())
        byName.push_back(&tensor);
    std::ranges::sort(byName, {}, &TensorInfo::name);
    Sha256 hash;
    for (const TensorInfo* tensor : byName) // names hold no NUL: the reader refuses them
        hash.update(tensor->name + '\0' + tensor->storedType + '\0' + shapeText(tensor->shape) + '\0');
    return hash.finish();
}

} // namespace wb
