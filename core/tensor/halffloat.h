// BF16 and F16 to and from float. Rounding is to nearest, ties to even, as torch and IEEE 754 do.
#pragma once

#include <bit>
#include <cstdint>

namespace wb {

[[nodiscard]] inline float fromBFloat16(std::uint16_t code)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(code) << 16);
}
[[nodiscard]] std::uint16_t toBFloat16(float value);
[[nodiscard]] float fromFloat16(std::uint16_t code);
[[nodiscard]] std::uint16_t toFloat16(float value);

} // namespace wb
