// The look of the window: Fusion with our own light and dark palettes and one style sheet made from the same
// colours. Original and patched have one colour each, everywhere. GUI thread only.
#pragma once

#include <QColor>
#include <QString>

#include <optional>

namespace wb {

enum class ThemeMode { System, Light, Dark };

struct ThemeColors {
    bool dark = false;
    QColor window, panel, line, text, secondary, selection;
    QColor original, patched; // with a second cue wherever they appear: filled against outlined
    QColor accent, onAccent;  // the one main button of a place
    QColor warningFill, warningLine, errorFill, errorLine, errorText;
    QColor negative, positive; // ends of the diverging map; never those of original and patched
    QColor nonFinite;          // NaN and Inf; in no map
};

// May be called again at any time: widgets get QEvent::PaletteChange and read colours() again.
void applyTheme(ThemeMode mode);
[[nodiscard]] ThemeMode themeMode();
[[nodiscard]] const ThemeColors& colors();

// "system", "light", "dark": in the settings.
[[nodiscard]] QString themeName(ThemeMode mode);
[[nodiscard]] std::optional<ThemeMode> themeByName(const QString& name);

} // namespace wb
