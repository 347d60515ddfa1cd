#include "widgets/numbertext.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace wb {
namespace {

const QChar minusSign(0x2212);
const QChar thinSpace(0x202F); // the one that does not break

// Groups the digits before the point and makes the minus a minus.
QString dressed(QString plain)
{
    const qsizetype exponent = plain.indexOf(QLatin1Char('e'));
    qsizetype end = plain.indexOf(QLatin1Char('.'));
    if (end < 0) end = exponent < 0 ? plain.size() : exponent;
    const qsizetype begin = plain.startsWith(QLatin1Char('-')) ? 1 : 0;
    if (end - begin > 4) // four digits read well without
        for (qsizetype i = end - 3; i > begin; i -= 3)
            plain.insert(i, thinSpace);
    plain.replace(QLatin1Char('-'), minusSign);
    return plain;
}

// "7.523e-04" → "7.523e-4", "1e+06" → "1e6"
QString withShortExponent(const QString& text)
{
    const qsizetype at = text.indexOf(QLatin1Char('e'));
    return at < 0 ? text : text.left(at + 1) + QString::number(text.mid(at + 1).toInt());
}

QString scientific(double value, int decimals)
{
    return withShortExponent(QString::number(value, 'e', decimals));
}

QString withoutTrailingZeros(QString text)
{
    const qsizetype exponent = text.indexOf(QLatin1Char('e'));
    const QString tail = exponent < 0 ? QString() : text.mid(exponent);
    if (exponent >= 0) text.truncate(exponent);
    if (text.contains(QLatin1Char('.'))) {
        while (text.endsWith(QLatin1Char('0')))
            text.chop(1);
        if (text.endsWith(QLatin1Char('.'))) text.chop(1);
    }
    return text + tail;
}

QString notFinite(double value)
{
    if (std::isnan(value)) return QStringLiteral("NaN");
    return value < 0 ? QStringLiteral("−∞") : QStringLiteral("∞");
}

// Three significant digits with the unit's letter, in powers of 1000.
QString scaled(double value, const QString& unit)
{
    static constexpr std::array letters = {"", "k", "M", "G", "T", "P"};
    std::size_t power = 0;
    while (value >= 999.5 && power + 1 < letters.size()) {
        value /= 1000;
        ++power;
    }
    const int decimals = power == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    const QString number = QString::number(value, 'f', decimals);
    const QString letter = QString::fromLatin1(letters[power]) + unit;
    return letter.isEmpty() ? number : number + thinSpace + letter;
}

} // namespace

QString shortText(double value)
{
    if (!std::isfinite(value)) return notFinite(value);
    const double magnitude = std::abs(value);
    if (magnitude == 0) return QStringLiteral("0");
    if (magnitude < 1e6 && value == std::floor(value)) return dressed(QString::number(value, 'f', 0));
    if (magnitude < 1e-3 || magnitude >= 1e6) return dressed(scientific(value, 3));
    const int before = static_cast<int>(std::floor(std::log10(magnitude))) + 1; // digits before the point
    return dressed(QString::number(value, 'f', std::clamp(4 - before, 0, 6)));
}

QString axisText(double value)
{
    if (!std::isfinite(value)) return notFinite(value);
    const double magnitude = std::abs(value);
    if (magnitude == 0) return QStringLiteral("0");
    if (magnitude < 1e-3 || magnitude >= 1e6) return dressed(withoutTrailingZeros(scientific(value, 3)));
    return dressed(withoutTrailingZeros(QString::number(value, 'f', 6)));
}

QString exactText(double value)
{
    return withShortExponent(QString::number(value, 'g', QLocale::FloatingPointShortest));
}

QString countText(quint64 count)
{
    return dressed(QString::number(count));
}

QString briefCount(quint64 count)
{
    return scaled(static_cast<double>(count), QString());
}

QString bytesText(quint64 bytes)
{
    if (bytes < 1000) return QString::number(bytes) + thinSpace + QStringLiteral("B");
    return scaled(static_cast<double>(bytes), QStringLiteral("B"));
}

QString rateText(double perSecond, bool bytes)
{
    return scaled(perSecond, bytes ? QStringLiteral("B/s") : QStringLiteral("/s"));
}

QString durationText(double seconds)
{
    const auto whole = static_cast<qint64>(std::ceil(seconds));
    const auto two = [](qint64 part) { return QStringLiteral("%1").arg(part, 2, 10, QLatin1Char('0')); };
    const qint64 minutes = whole / 60;
    if (minutes < 60) return QString::number(minutes) + QLatin1Char(':') + two(whole % 60);
    return QString::number(minutes / 60) + QLatin1Char(':') + two(minutes % 60) + QLatin1Char(':') +
           two(whole % 60);
}

QString percentText(double fraction)
{
    if (!std::isfinite(fraction)) return notFinite(fraction);
    const double percent = fraction * 100;
    QString number = withoutTrailingZeros(QString::number(percent, 'f', percent >= 10 ? 1 : 2));
    if (number == QStringLiteral("100") && fraction < 1) number = QStringLiteral("> 99.9");
    if (number == QStringLiteral("0") && fraction > 0) number = QStringLiteral("< 0.01");
    return number + thinSpace + QLatin1Char('%');
}

QString pointsText(double fraction)
{
    if (!std::isfinite(fraction)) return notFinite(fraction);
    const double points = std::round(1000 * fraction) / 10;
    return (points < 0 ? QString(minusSign) : QString()) + withoutTrailingZeros(QString::number(std::abs(points), 'f', 1));
}

QString ratioText(double ratio)
{
    return QStringLiteral("×") + thinSpace + axisText(QString::number(ratio, 'g', 4).toDouble());
}

} // namespace wb
