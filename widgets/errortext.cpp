#include "widgets/errortext.h"

#include <QCoreApplication>

namespace wb {
namespace {

std::string translated(const char* text)
{
    return QCoreApplication::translate("errors", text).toStdString();
}

} // namespace

QString sentenceText(const Sentence& sentence, const char* context)
{
    return fromUtf8(fillTemplate(QCoreApplication::translate(context, sentence.text).toStdString(), sentence.args));
}

QString errorText(const Error& error)
{
    const ErrorText& row = errorText(error.code);
    std::vector<std::string> args = error.args;
    for (const auto& [position, told] : error.told)
        args[position] = sentenceText(told, "reasons").toStdString();
    QString what = fromUtf8(fillTemplate(translated(row.text), args));
    if (error.where.empty() && !what.isEmpty()) what[0] = what[0].toUpper();
    const QString text = what + QStringLiteral(". ") + fromUtf8(translated(row.advice)) + QLatin1Char('.');
    return error.where.empty() ? text : fromUtf8(error.where) + QStringLiteral(": ") + text;
}

} // namespace wb
