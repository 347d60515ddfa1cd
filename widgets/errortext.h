// Errors of core as the window says them: the templates of core's table in the user's language.
#pragma once

#include "core/base/error.h"
#include "core/base/sentence.h"

#include <QString>

namespace wb {

// "<where>: <what is wrong, with the numbers>. <what to do>."
[[nodiscard]] QString errorText(const Error& error);
// A sentence of core in the user's language; `context` as it was marked with CORE_TEXT.
// With a capital where nothing stands before it, but for a name with an underscore.
[[nodiscard]] QString standingAlone(QString text);
[[nodiscard]] QString sentenceText(const Sentence& sentence, const char* context);
// Text that came from a file or core.
[[nodiscard]] inline QString fromUtf8(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace wb
