#include "core/eval/reason.h"

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
    Row{ReasonCode::Wanted, "wanted", CORE_TEXT("reasons", "wanted \"%1\"")},
    Row{ReasonCode::OnlyBlanksDiffer, "only_blanks_differ", CORE_TEXT("reasons", "only blanks differ from \"%1\"")},
    Row{ReasonCode::OtherNumber, "other_number", CORE_TEXT("reasons", "%1 instead of %2")},
    Row{ReasonCode::NoNumber, "no_number", CORE_TEXT("reasons", "no number; wanted %1")},
    Row{ReasonCode::Likelihood, "likelihood", CORE_TEXT("reasons", "log-likelihood %1")},
    Row{ReasonCode::OtherLikelier, "other_likelier", CORE_TEXT("reasons", "log-likelihood %1; wanted \"%2\" with %3")},
    Row{ReasonCode::NotRun, "not_run", CORE_TEXT("reasons", "not run: there is no sandbox")},
    Row{ReasonCode::PromptTooLong, "prompt_too_long", CORE_TEXT("reasons", "its %1 tokens do not fit the model's %2 positions")},
    Row{ReasonCode::PromptEmpty, "prompt_empty", CORE_TEXT("reasons", "the prompt holds no token")},
    Row{ReasonCode::TimedOut, "timed_out", CORE_TEXT("reasons", "timed out after %1 s")},
    Row{ReasonCode::TooMuchOutput, "too_much_output", CORE_TEXT("reasons", "wrote more than %1 bytes")},
    Row{ReasonCode::Stopped, "stopped", CORE_TEXT("reasons", "stopped")},
    Row{ReasonCode::Signal, "signal", CORE_TEXT("reasons", "ended by signal %1")},
    Row{ReasonCode::EndedEarly, "ended_early", CORE_TEXT("reasons", "it ended before its end without a word")},
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

Sentence Reason::sentence() const { return {table[static_cast<std::size_t>(code)].text, args}; }

const char* reasonName(ReasonCode code) { return table[static_cast<std::size_t>(code)].name; }

ReasonCode reasonCode(const std::string& name)
{
    for (const Row& row : table)
        if (name == row.name)
            return row.code;
    return ReasonCode::None;
}

} // namespace wb
