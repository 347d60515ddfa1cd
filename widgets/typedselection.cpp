#include "widgets/typedselection.h"

#include "core/recipe/savedselections.h"

#include <algorithm>

namespace wb {

bool isSelection(const QString& text)
{
    return std::ranges::any_of(text, [](QChar c) { return QStringLiteral("=~<>!|@").contains(c); });
}

Result<Selector> typedSelection(const QString& text)
{
    const Result<std::string> whole = expandSelection(text.trimmed().toStdString());
    return whole ? Selector::parse(*whole) : Result<Selector>(failure(whole));
}

} // namespace wb
