#pragma once

#include <string>
#include <string_view>

namespace wb {

// All of `from` (not empty) becomes `to`.
[[nodiscard]] inline std::string replaceText(std::string_view text, std::string_view from, std::string_view to)
{
    std::string out;
    std::size_t at = 0;
    if (!from.empty())
        for (std::size_t found = text.find(from); found != std::string_view::npos; found = text.find(from, at)) {
            out.append(text, at, found - at).append(to);
            at = found + from.size();
        }
    return out.append(text, at);
}

} // namespace wb
