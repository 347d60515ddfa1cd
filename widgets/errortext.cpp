#include "widgets/errortext.h"

#include <QCoreApplication>

namespace wb {
namespace {

std::string translated(const char* text)
{
    return QCoreApplication::translate("errors", text).toStdString();
}

std::vector<std::string> translatedArgs(std::vector<std::string> args, const std::vector<std::pair<std::size_t, Sentence>>& told)
{
    for (const auto& [position, sentence] : told)
        args[position] = sentenceText(sentence, "reasons").toStdString();
    return args;
}

} // namespace

QString standingAlone(QString text)
{
    if (!text.isEmpty() && !text.section(QLatin1Char(' '), 0, 0).contains(QLatin1Char('_'))) text[0] = text[0].toUpper();
    return text;
}

QString sentenceText(const Sentence& sentence, const char* context)
{
    std::string text = QCoreApplication::translate(context, sentence.text).toStdString();
    if (text == sentence.text) text = translated(sentence.text); // another error as the reason
    return fromUtf8(fillTemplate(text, translatedArgs(sentence.args, sentence.told)));
}

QString errorText(const Error& error)
{
    const ErrorText& row = errorText(error.code);
    QString what = fromUtf8(fillTemplate(translated(row.text), translatedArgs(error.args, error.told)));
    const QString text = (error.where.empty() ? standingAlone(std::move(what)) : what) + QStringLiteral(". ") + fromUtf8(translated(row.advice)) + QLatin1Char('.');
    if (error.where.empty()) return text;
    const QString where = error.place.empty() ? fromUtf8(error.where) : sentenceText(error.place, "reasons");
    return where + QStringLiteral(": ") + text;
}

} // namespace wb
