// A share in percent, as a person wrote it: 7 and not 7.000000000000001, which is what 0.07 · 100 comes to.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <string>

namespace wb {

// The product to 15 significant digits, which every decimal number of so many survives. Not finite stays as it is.
[[nodiscard]] inline double percentOf(double share)
{
    const std::string text = fmt::format("{:.15g}", share * 100);
    double percent = share * 100;
    std::from_chars(text.data(), text.data() + text.size(), percent); // which no locale changes
    return percent;
}

} // namespace wb
