// Why an answer counts as it does, as data: a name in kept results, a sentence for people.
#pragma once

#include "core/base/sentence.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace wb {

enum class ReasonCode : std::uint8_t {
    None,
    Told, // by the program that ran, or by another harness
    Wanted,
    OnlyBlanksDiffer,
    OtherNumber,
    NoNumber,
    Likelihood,
    OtherLikelier,
    NotRun,
    PromptTooLong,
    PromptEmpty,
    TimedOut,
    TooMuchOutput,
    Stopped,
    Signal,
    EndedEarly,
};

struct Reason {
    ReasonCode code = ReasonCode::None;
    std::vector<std::string> args; // %1, %2, … of the template

    Reason() = default;
    Reason(ReasonCode what, std::vector<std::string> with = {}) : code(what), args(std::move(with)) {}
    Reason(std::string told); // None when there is no word
    Reason(const char* told) : Reason(std::string(told)) {}

    [[nodiscard]] bool empty() const { return code == ReasonCode::None; }
    [[nodiscard]] Sentence sentence() const;
    [[nodiscard]] std::string english() const { return sentence().english(); }
    bool operator==(const Reason&) const = default;
};

// "wanted", …; stable, stands in kept results.
[[nodiscard]] const char* reasonName(ReasonCode code);
// None for a name that there is not.
[[nodiscard]] ReasonCode reasonCode(const std::string& name);

} // namespace wb
