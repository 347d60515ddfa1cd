#include "widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QFontInfo>
#include <QHash>
#include <QPalette>
#include <QRegularExpression>
#include <QStyleFactory>
#include <QToolTip>

// The linker drops the resources of a static library unless something names them; the macro must stand
// outside of every namespace.
static void initResources()
{
    Q_INIT_RESOURCE(widgets);
}

namespace wb {
namespace {

constexpr int bodyPixels = 13;

ThemeColors lightColors()
{
    return {
        .dark = false,
        .window = QColor(0xF3F4F6),
        .panel = QColor(0xFFFFFF),
        .line = QColor(0xDFE3E8),
        .text = QColor(0x1F2933),
        .secondary = QColor(0x66727F),
        .selection = QColor(0xDCE7F5),
        .original = QColor(0x3F6CA8),
        .patched = QColor(0xD9722E),
        .accent = QColor(0x3F6CA8),
        .onAccent = QColor(0xFFFFFF),
        .warningFill = QColor(0xFFF4E5),
        .warningLine = QColor(0xE9B26B),
        .errorFill = QColor(0xFDECEC),
        .errorLine = QColor(0xDE8A8A),
        .errorText = QColor(0xB3261E),
        .negative = QColor(0x6A3D9A),
        .positive = QColor(0x1B7F3B),
        .nonFinite = QColor(0xE0218A),
    };
}

ThemeColors darkColors()
{
    return {
        .dark = true,
        .window = QColor(0x1B1E23),
        .panel = QColor(0x23272E),
        .line = QColor(0x363C45),
        .text = QColor(0xE3E7EC),
        .secondary = QColor(0x98A3AF),
        .selection = QColor(0x2F4562),
        .original = QColor(0x7EA6DD),
        .patched = QColor(0xF0955B),
        .accent = QColor(0x4F7FC0),
        .onAccent = QColor(0xFFFFFF),
        .warningFill = QColor(0x3A2F20),
        .warningLine = QColor(0x8A6430),
        .errorFill = QColor(0x3B2427),
        .errorLine = QColor(0x94494F),
        .errorText = QColor(0xF2A3A3),
        .negative = QColor(0xB48CE6),
        .positive = QColor(0x5CC98A),
        .nonFinite = QColor(0xFF5DB1),
    };
}

struct Current {
    ThemeMode mode = ThemeMode::System;
    ThemeColors colors = lightColors();
};

Current& current()
{
    static Current state;
    return state;
}

QPalette paletteFrom(const ThemeColors& c)
{
    QPalette palette(c.panel, c.window);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText,
                            QPalette::HighlightedText, QPalette::BrightText}) {
        palette.setColor(role, c.text);
        palette.setColor(QPalette::Disabled, role, c.secondary);
    }
    palette.setColor(QPalette::Base, c.panel);
    palette.setColor(QPalette::AlternateBase, c.window);
    palette.setColor(QPalette::ToolTipBase, c.panel);
    palette.setColor(QPalette::PlaceholderText, c.secondary);
    palette.setColor(QPalette::Highlight, c.selection);
    palette.setColor(QPalette::Link, c.original);
    palette.setColor(QPalette::LinkVisited, c.original);
    for (const auto role : {QPalette::Mid, QPalette::Midlight, QPalette::Dark})
        palette.setColor(role, c.line);
    return palette;
}

// The style sheet names colours as @panel; icons as @icons, the folder of the theme.
QString styleSheetFrom(const ThemeColors& c)
{
    QFile file(QStringLiteral(":/theme/style.qss"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QString text = QString::fromUtf8(file.readAll());
    const QHash<QString, QString> words = {
        {QStringLiteral("window"), c.window.name()},
        {QStringLiteral("panel"), c.panel.name()},
        {QStringLiteral("line"), c.line.name()},
        {QStringLiteral("text"), c.text.name()},
        {QStringLiteral("secondary"), c.secondary.name()},
        {QStringLiteral("selection"), c.selection.name()},
        {QStringLiteral("original"), c.original.name()},
        {QStringLiteral("patched"), c.patched.name()},
        {QStringLiteral("accent"), c.accent.name()},
        {QStringLiteral("onAccent"), c.onAccent.name()},
        {QStringLiteral("warningFill"), c.warningFill.name()},
        {QStringLiteral("warningLine"), c.warningLine.name()},
        {QStringLiteral("errorFill"), c.errorFill.name()},
        {QStringLiteral("errorLine"), c.errorLine.name()},
        {QStringLiteral("errorText"), c.errorText.name()},
        {QStringLiteral("icons"), c.dark ? QStringLiteral(":/icons/dark") : QStringLiteral(":/icons/light")},
    };
    static const QRegularExpression word(QStringLiteral("@([A-Za-z]+)"));
    QString out;
    qsizetype from = 0;
    for (auto match = word.globalMatch(text); match.hasNext();) {
        const QRegularExpressionMatch found = match.next();
        out += text.mid(from, found.capturedStart() - from) + words.value(found.captured(1));
        from = found.capturedEnd();
    }
    return out + text.mid(from);
}

// Dark or light, as the desktop wants it: an empty palette brings back the desktop's own (Qt 6.4 has no
// colour scheme).
bool systemIsDark()
{
    QApplication::setPalette(QPalette());
    return QApplication::palette().color(QPalette::Window).lightness() < 128;
}

// The bare Debian has DejaVu Sans only, which is too wide for panels; its condensed cut is drawn for them.
QFont bodyFont()
{
    QFont font = QApplication::font();
    if (QFontInfo(font).family() == QStringLiteral("DejaVu Sans"))
        font.setFamily(QStringLiteral("DejaVu Sans Condensed"));
    font.setPixelSize(bodyPixels);
    return font;
}

} // namespace

void applyTheme(ThemeMode mode)
{
    initResources();
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    const bool dark = mode == ThemeMode::System ? systemIsDark() : mode == ThemeMode::Dark;
    current() = {mode, dark ? darkColors() : lightColors()};
    QApplication::setFont(bodyFont());
    const QPalette palette = paletteFrom(colors());
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    qApp->setStyleSheet(styleSheetFrom(colors()));
}

ThemeMode themeMode()
{
    return current().mode;
}

const ThemeColors& colors()
{
    return current().colors;
}

QString themeName(ThemeMode mode)
{
    switch (mode) {
    case ThemeMode::System: return QStringLiteral("system");
    case ThemeMode::Light: return QStringLiteral("light");
    case ThemeMode::Dark: return QStringLiteral("dark");
    }
    return {};
}

std::optional<ThemeMode> themeByName(const QString& name)
{
    for (const auto mode : {ThemeMode::System, ThemeMode::Light, ThemeMode::Dark})
        if (themeName(mode) == name) return mode;
    return std::nullopt;
}

} // namespace wb
