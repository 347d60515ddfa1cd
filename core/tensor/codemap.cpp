#include "core/tensor/codemap.h"

#include "core/base/bytes.h"

#include <numeric>

namespace wb {

CodeMap identityMap(DType dtype)
{
    CodeMap map(codeCount(dtype));
    std::iota(map.begin(), map.end(), std::uint16_t{0});
    return map;
}

CodeMap composed(const CodeMap& first, const CodeMap& second)
{
    CodeMap map(first.size());
    for (std::size_t code = 0; code < map.size(); ++code)
        map[code] = second[first[code]];
    return map;
}

void applyMap(const CodeMap& map, DType dtype, std::span<std::byte> stored)
{
    if (unitBytes(dtype) == 1) {
        for (std::byte& byte : stored)
            byte = static_cast<std::byte>(map[std::to_integer<std::size_t>(byte)]);
        return;
    }
    for (std::size_t at = 0; at + 2 <= stored.size(); at += 2)
        store(stored.data() + at, map[load<std::uint16_t>(stored.data() + at)]);
}

} // namespace wb
