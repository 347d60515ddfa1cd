#include "widgets/tokentext.h"

#include "core/text/bytealphabet.h"
#include "widgets/errortext.h"

namespace wb {
namespace {

// A piece that ends inside a character: its bytes, where it is spelled in the byte-level alphabet.
QString brokenText(const std::string& spelled)
{
    QString shown;
    for (const char32_t code : fromUtf8(spelled).toStdU32String()) {
        const auto byte = byteOfAlphabet(code);
        if (!byte) return visibleText(fromUtf8(spelled));
        shown += *byte < 0x80 ? visibleText(QString(QLatin1Char(static_cast<char>(*byte))))
                              : QStringLiteral("\\x%1").arg(*byte, 2, 16, QLatin1Char('0'));
    }
    return shown;
}

} // namespace

QString visibleText(const QString& text)
{
    QString out;
    for (const QChar c : text) {
        if (c == QLatin1Char(' '))
            out += QChar(0x00B7);
        else if (c == QLatin1Char('\n'))
            out += QChar(0x23CE);
        else if (c == QLatin1Char('\t'))
            out += QChar(0x2192);
        else if (c.unicode() < 0x20 || (c.unicode() >= 0x7F && c.unicode() < 0xA0))
            out += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
        else
            out += c;
    }
    return out;
}

QString tokenText(const Tokenizer& tokenizer, TokenId id)
{
    const std::string spelled(tokenizer.piece(id).value_or(""));
    const std::string text = tokenizer.decode({&id, 1}, false);
    const bool isText = !text.empty() && text.find("\xEF\xBF\xBD") == std::string::npos;
    QString shown = isText ? visibleText(fromUtf8(text)) : brokenText(spelled);
    if (isText && text.front() != ' ' && spelled.starts_with("\xE2\x96\x81")) shown.prepend(QChar(0x00B7)); // dropped at a begin
    return shown;
}

} // namespace wb
