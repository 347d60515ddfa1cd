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
    const std::uint16_t* codes = map.data();
    std::size_t at = 0;
    for (; at + 8 <= stored.size(); at += 8) { // one load and one store for four elements
        const auto four = load<std::uint64_t>(stored.data() + at);
        store(stored.data() + at, static_cast<std::uint64_t>(codes[four & 0xFFFF]) |
                                      static_cast<std::uint64_t>(codes[(four >> 16) & 0xFFFF]) << 16 |
                                      static_cast<std::uint64_t>(codes[(four >> 32) & 0xFFFF]) << 32 |
                                      static_cast<std::uint64_t>(codes[four >> 48]) << 48);
    }
    for (; at + 2 <= stored.size(); at += 2)
        store(stored.data() + at, codes[load<std::uint16_t>(stored.data() + at)]);
}

} // namespace wb
