#include "widgets/fuzzy.h"

#include <algorithm>

namespace wb {
namespace {

constexpr int neighbourBonus = 8;
constexpr int wordStartBonus = 6;
constexpr int letterBonus = 2;

bool startsWord(const QString& text, qsizetype at)
{
    return at == 0 || !text[at - 1].isLetterOrNumber();
}

// Where the next letter is taken: at the next beginning of a word when that is wanted, otherwise the nearest.
qsizetype placeOf(QChar letter, const QString& text, qsizetype from, bool words)
{
    const qsizetype nearest = text.indexOf(letter, from, Qt::CaseInsensitive);
    if (!words || nearest < 0 || (nearest == from && from > 0)) return nearest;
    for (qsizetype i = nearest; i >= 0; i = text.indexOf(letter, i + 1, Qt::CaseInsensitive))
        if (startsWord(text, i)) return i;
    return nearest;
}

std::optional<int> scoreOf(const QString& typed, const QString& text, bool words)
{
    qsizetype last = -1;
    int score = 0;
    for (const QChar letter : typed) {
        if (letter.isSpace()) continue;
        const qsizetype at = placeOf(letter, text, last + 1, words);
        if (at < 0) return std::nullopt;
        score += letterBonus + (startsWord(text, at) ? wordStartBonus : 0) +
                 (last >= 0 && at == last + 1 ? neighbourBonus : 0);
        last = at;
    }
    return score;
}

} // namespace

// A jump to a word can pass over what the rest needs, so both ways are tried.
std::optional<int> fuzzyScore(const QString& typed, const QString& text)
{
    const auto nearest = scoreOf(typed, text, false), words = scoreOf(typed, text, true);
    if (!nearest) return std::nullopt;
    constexpr qsizetype lettersAPoint = 8;
    return std::max(*nearest, words.value_or(*nearest)) - static_cast<int>(text.size() / lettersAPoint);
}

} // namespace wb
