// How the window writes numbers: four significant digits, a point, thin spaces between thousands, a true
// minus sign. Full precision is for the clipboard (exactText). The same on every locale.
#pragma once

#include <QString>

namespace wb {

[[nodiscard]] QString shortText(double value);   // "0.7945" "−3.531" "7.523e−4" "12 350" "NaN" "∞"
[[nodiscard]] QString axisText(double value);    // as short as it can be: "0.5" "−2" "1 000" "1e−5"
[[nodiscard]] QString exactText(double value);   // reads back as the same double: "0.0625" "-3.53125"
[[nodiscard]] QString countText(quint64 count);  // "1 706 624"
[[nodiscard]] QString briefCount(quint64 count); // "128" "49.2 k" "1.71 M"
[[nodiscard]] QString bytesText(quint64 bytes);  // "512 bytes" "98.3 kB" "3.41 MB"; powers of 1000
[[nodiscard]] QString rateText(double perSecond, bool bytes); // "1.35 GB/s" "42 /s"
[[nodiscard]] QString durationText(double seconds);           // "0:04" "1:02:05"
[[nodiscard]] QString
percentText(double fraction);                  // "100 %" "67.3 %" "0.02 %"; never 100 or 0 unless exactly so
[[nodiscard]] QString pointsText(double fraction); // "92.5" "−3": of a hundred, one place
[[nodiscard]] QString ratioText(double ratio); // "× 0.0625"

} // namespace wb
