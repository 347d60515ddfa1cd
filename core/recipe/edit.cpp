#include "core/recipe/edit.h"

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

} // namespace

const char* operationName(const Operation& operation)
{
    return std::visit(Overloaded{[](const Scale&) { return "scale"; }, [](const Add&) { return "add"; },
                                 [](const Clamp&) { return "clamp"; }, [](const Set&) { return "set"; },
                                 [](const Zero&) { return "zero"; }},
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
                                 [](const Zero&) { return std::string("= 0"); }},
                      operation);
}

std::string describe(const Edit& edit)
{
    if (!edit.label.empty())
        return edit.label;
    std::string target = edit.select.text();
    if (target.starts_with("name=") && target.find(' ') == std::string::npos)
        target = target.substr(5);
    return std::string(operationName(edit.operation)) + " " + describe(edit.operation) + " · " + target;
}

std::string numberText(double value) { return fmt::format("{}", value + 0.0); }

std::string canonical(const Operation& operation)
{
    const std::string numbers =
        std::visit(Overloaded{[](const Scale& e) { return hexText(e.factor); }, [](const Add& e) { return hexText(e.value); },
                              [](const Clamp& e) { return hexText(e.min) + " " + hexText(e.max); },
                              [](const Set& e) { return hexText(e.value); }, [](const Zero&) { return std::string(); }},
                   operation);
    return std::string(operationName(operation)) + " " + numbers;
}

} // namespace wb
