#include "core/eval/reason.h"

#include "core/base/error.h"

#include <array>

namespace wb {
namespace {

struct Row {
    ReasonCode code;
    const char* name;
    const char* text;
};
constexpr std::array table = {
    Row{ReasonCode::None, "", ""},
    Row{ReasonCode::Told, "told", "%1"},
    Row{ReasonCode::Wanted, "wanted", "wanted \"%1\""},
    Row{ReasonCode::OnlyBlanksDiffer, "only_blanks_differ", "only blanks differ from \"%1\""},
    Row{ReasonCode::OtherNumber, "other_number", "%1 instead of %2"},
    Row{ReasonCode::NoNumber, "no_number", "no number; wanted %1"},
    Row{ReasonCode::Likelihood, "likelihood", "log-likelihood %1"},
    Row{ReasonCode::OtherLikelier, "other_likelier", "log-likelihood %1; wanted \"%2\" with %3"},
    Row{ReasonCode::NotRun, "not_run", "not run: there is no sandbox"},
    Row{ReasonCode::PromptTooLong, "prompt_too_long", "its %1 tokens do not fit the model's %2 positions"},
    Row{ReasonCode::PromptEmpty, "prompt_empty", "the prompt holds no token"},
    Row{ReasonCode::TimedOut, "timed_out", "timed out after %1 s"},
    Row{ReasonCode::TooMuchOutput, "too_much_output", "wrote more than %1 bytes"},
    Row{ReasonCode::Stopped, "stopped", "stopped"},
    Row{ReasonCode::Signal, "signal", "ended by signal %1"},
    Row{ReasonCode::EndedEarly, "ended_early", "it ended before its end without a word"},
};
static_assert(
    [] {
        for (std::size_t i = 0; i < table.size(); ++i)
            if (static_cast<std::size_t>(table[i].code) != i)
                return false;
        return table.size() == static_cast<std::size_t>(ReasonCode::EndedEarly) + 1;
    }(),
    "a row for each code, in their order");

} // namespace

Reason::Reason(std::string told)
{
    if (told.empty())
        return;
    code = ReasonCode::Told;
    args.push_back(std::move(told));
}

std::string Reason::english() const { return fillTemplate(reasonTemplate(code), args); }

const char* reasonName(ReasonCode code) { return table[static_cast<std::size_t>(code)].name; }
const char* reasonTemplate(ReasonCode code) { return table[static_cast<std::size_t>(code)].text; }

ReasonCode reasonCode(const std::string& name)
{
    for (const Row& row : table)
        if (name == row.name)
            return row.code;
    return ReasonCode::None;
}

} // namespace wb
