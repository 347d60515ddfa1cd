#include "core/recipe/edit.h"

#include "core/recipe/percent.h"

#include <fmt/format.h>

#include <cmath>

namespace wb {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string hexText(const std::optional<double>& value) { return value ? fmt::format("{:a}", *value) : "-"; }

// A true minus sign and an explicit plus.
std::string signedText(double value)
{
    return (value < 0 ? "−" : "+") + numberText(std::abs(value));
}

std::string formulaOf(const Normalize& e)
{
    switch (e.form) {
    case Normalize::Form::Standard: return "(x − μ) / σ";
    case Normalize::Form::AroundMean: return "(x − μ) / (" + numberText(e.value) + " σ) + μ";
    case Normalize::Form::Epsilon: return "(x − μ) / (σ + 1e-8)";
    }
    return "";
}

std::string numbersOf(const Operation& operation)
{
    return std::visit(Overloaded{[](const Scale& e) { return hexText(e.factor); }, [](const Add& e) { return hexText(e.value); },
                                 [](const Clamp& e) { return hexText(e.min) + " " + hexText(e.max); },
                                 [](const Set& e) { return hexText(e.value); }, [](const Zero&) { return std::string(); },
                                 [](const Normalize& e) { return std::string(formName(e.form)) + " " + hexText(e.value); },
                                 [](const Prune& e) { return hexText(e.share); },
                                 [](const Noise& e) { return fmt::format("{} {} {}", hexText(e.std), e.seed, e.relative); },
                                 [](const Svf& e) { return canonical(e); },
                                 [](const LayerEdit& e) { return canonical(e); }},
                      operation);
}

} // namespace

const char* formName(Normalize::Form form)
{
    switch (form) {
    case Normalize::Form::Standard: return "standard";
    case Normalize::Form::AroundMean: return "around_mean";
    case Normalize::Form::Epsilon: return "epsilon";
    }
    return "";
}

const char* operationName(const Operation& operation)
{
    return std::visit(Overloaded{[](const Scale&) { return CORE_TEXT("reasons", "scale"); }, [](const Add&) { return CORE_TEXT("reasons", "add"); },
                                 [](const Clamp&) { return CORE_TEXT("reasons", "clamp"); }, [](const Set&) { return CORE_TEXT("reasons", "set"); },
                                 [](const Zero&) { return CORE_TEXT("reasons", "zero"); }, [](const Normalize&) { return CORE_TEXT("reasons", "normalize"); },
                                 [](const Prune&) { return CORE_TEXT("reasons", "prune"); }, [](const Noise&) { return CORE_TEXT("reasons", "noise"); },
                                 [](const Svf&) { return CORE_TEXT("reasons", "svf"); },
                                 [](const LayerEdit& e) { return operationName(e.kind); }},
                      operation);
}

std::string describe(const Operation& operation)
{
    return std::visit(Overloaded{[](const Scale& e) { return "×" + numberText(e.factor); },
                                 [](const Add& e) { return signedText(e.value); },
                                 [](const Clamp& e) {
                                     if (e.min && e.max)
                                         return numberText(*e.min) + " … " + numberText(*e.max);
                                     return e.min ? "≥ " + numberText(*e.min) : "≤ " + numberText(e.max.value_or(0));
                                 },
                                 [](const Set& e) { return "= " + numberText(e.value); },
                                 [](const Zero&) { return std::string("= 0"); }, [](const Normalize& e) { return formulaOf(e); },
                                 [](const Prune& e) { return fmt::format("{} %", percentOf(e.share)); },
                                 [](const Noise& e) {
                                     return fmt::format("± {}{}, seed {}", e.std, e.relative ? " σ" : "", e.seed);
                                 },
                                 [](const Svf& e) { return describe(e); },
                                 [](const LayerEdit& e) { return describe(e).english(); }},
                      operation);
}

std::string describe(const Edit& edit)
{
    if (!edit.label.empty())
        return edit.label;
    std::string target = edit.select.text();
    if (target.starts_with("name=") && target.find(' ') == std::string::npos)
        target = target.substr(5);
    std::string text = std::string(operationName(edit.operation)) + " " + describe(edit.operation);
    if (edit.strength != 1)
        text += fmt::format(" at {} %", percentOf(edit.strength));
    if (std::holds_alternative<LayerEdit>(edit.operation))
        return text;
    text += " · " + target;
    return edit.elements.all() ? text : text + " " + describe(edit.elements);
}

std::string numberText(double value) { return fmt::format("{}", value + 0.0); }

std::string canonical(const Edit& edit)
{
    std::string text = std::string(operationName(edit.operation)) + " " + numbersOf(edit.operation);
    if (!edit.elements.all())
        text += " in " + canonical(edit.elements);
    return edit.strength == 1 ? text : text + " by " + hexText(edit.strength);
}

} // namespace wb
