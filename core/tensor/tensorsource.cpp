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

Result<bool> sameStored(const TensorSource& source, std::size_t a, std::size_t b)
{
    const TensorInfo& left = source.tensors()[a];
    const TensorInfo& right = source.tensors()[b];
    if (left.dtype != right.dtype || left.storedType != right.storedType || left.shape != right.shape)
        return false;
    constexpr std::uint64_t piece = 1U << 20; // units
    std::vector<std::byte> mine, theirs;
    for (std::uint64_t at = 0; at < left.units(); at += piece) {
        const UnitRange range{at, std::min(piece, left.units() - at)};
        mine.resize(range.count * unitBytes(left.dtype));
        theirs.resize(mine.size());
        for (const auto& [tensor, bytes] : {std::pair(a, &mine), std::pair(b, &theirs)})
            if (auto done = source.read(tensor, range, *bytes); !done)
                return failure(done);
        if (mine != theirs)
            return false;
    }
    return true;
}

} // namespace wb
