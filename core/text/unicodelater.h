// Classes that characters have in utf8proc's Unicode and not in the older one of the reference.
#pragma once

namespace wb::unicode {

[[nodiscard]] bool isLaterPunctuation(char32_t code);
[[nodiscard]] bool isLaterNonspacing(char32_t code);
[[nodiscard]] bool isLaterMark(char32_t code);
[[nodiscard]] bool isLaterControl(char32_t code);

} // namespace wb::unicode
