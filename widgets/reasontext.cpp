#include "widgets/reasontext.h"

#include "core/base/error.h"

namespace wb {
namespace {

// The same English as in core/eval/reason.cpp; a test holds them together.
QString templateOf(ReasonCode code)
{
    switch (code) {
    case ReasonCode::None: return {};
    case ReasonCode::Told: return QStringLiteral("%1");
    case ReasonCode::Wanted: return wb::ReasonText::tr("wanted \"%1\"");
    case ReasonCode::OnlyBlanksDiffer: return wb::ReasonText::tr("only blanks differ from \"%1\"");
    case ReasonCode::OtherNumber: return wb::ReasonText::tr("%1 instead of %2");
    case ReasonCode::NoNumber: return wb::ReasonText::tr("no number; wanted %1");
    case ReasonCode::Likelihood: return wb::ReasonText::tr("log-likelihood %1");
    case ReasonCode::OtherLikelier: return wb::ReasonText::tr("log-likelihood %1; wanted \"%2\" with %3");
    case ReasonCode::NotRun: return wb::ReasonText::tr("not run: there is no sandbox");
    case ReasonCode::PromptTooLong: return wb::ReasonText::tr("its %1 tokens do not fit the model's %2 positions");
    case ReasonCode::PromptEmpty: return wb::ReasonText::tr("the prompt holds no token");
    case ReasonCode::TimedOut: return wb::ReasonText::tr("timed out after %1 s");
    case ReasonCode::TooMuchOutput: return wb::ReasonText::tr("wrote more than %1 bytes");
    case ReasonCode::Stopped: return wb::ReasonText::tr("stopped");
    case ReasonCode::Signal: return wb::ReasonText::tr("ended by signal %1");
    case ReasonCode::EndedEarly: return wb::ReasonText::tr("it ended before its end without a word");
    }
    return {};
}

} // namespace

// Filled as core fills it: what was said may hold a %1 of its own.
QString ReasonText::of(const Reason& reason)
{
    return QString::fromStdString(fillTemplate(templateOf(reason.code).toStdString(), reason.args));
}

} // namespace wb
