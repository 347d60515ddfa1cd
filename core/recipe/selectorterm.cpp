#include "core/recipe/selectorterm.h"

#include "core/analysis/statistics.h"
#include "core/recipe/pattern.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <mutex>
#include <unordered_map>

namespace wb {
namespace {

using MadeTerm = tl::expected<SelectorTerm, Sentence>;

// Statistics of whole tensors by fingerprint, for the life of the process: a selection is evaluated at every keystroke
// and whenever the recipe changes.
class KnownStatistics {
public:
    Result<std::shared_ptr<const Statistics>> of(const Subject& subject)
    {
        const std::string key = subject.source.fingerprint(subject.tensor);
        {
            const std::lock_guard lock(m_mutex);
            if (const auto found = m_known.find(key); found != m_known.end())
                return found->second;
        }
        auto statistics = computeStatistics(subject.source, subject.tensor, {.bins = 1, .quantiles = {}, .outliers = 0}, m_tables, subject.progress);
        if (!statistics)
            return failure(statistics);
        const std::lock_guard lock(m_mutex);
        return m_known.emplace(key, std::make_shared<const Statistics>(std::move(*statistics))).first->second;
    }

private:
    std::mutex m_mutex;
    std::unordered_map<std::string, std::shared_ptr<const Statistics>> m_known;
    StatisticsCache m_tables{std::size_t{16} << 20};
};

KnownStatistics& knownStatistics()
{
    static KnownStatistics known;
    return known;
}

std::vector<std::string> splitAt(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

template <typename T>
std::optional<T> numberIn(std::string_view text)
{
    T value{};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value) : std::nullopt;
}

MadeTerm expressionTest(const std::string& value)
{
    Sentence problem;
    auto expression = Expression::compile(value, problem);
    if (!expression)
        return tl::unexpected<Sentence>(said(CORE_TEXT("reasons", "the expression is not valid: %1"), problem));
    return SelectorTerm{[expression](const Subject& s) -> Result<bool> {
        if (const auto found = expression->matches(s.info.name))
            return *found;
        return fail(ErrorCode::SelectorSyntax, s.text, "1", said(CORE_TEXT("reasons", "the expression takes too long on %1"), s.info.name));
    }};
}

// "0,4-7": numbers and ranges that include their end.
MadeTerm numbersTest(const std::string& value, std::optional<std::uint32_t> TensorRole::*member)
{
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
    for (const std::string& part : splitAt(value, ',')) {
        const std::size_t dash = part.find('-');
        const auto first = numberIn<std::uint32_t>(part.substr(0, dash));
        const auto last = dash == std::string::npos ? first : numberIn<std::uint32_t>(part.substr(dash + 1));
        if (!first || !last || *first > *last)
            return tl::unexpected<Sentence>(said(CORE_TEXT("reasons", "%1 is not a number or a range such as 4-7"), part));
        ranges.emplace_back(*first, *last);
    }
    return SelectorTerm{[ranges, member](const Subject& s) -> Result<bool> {
        const auto& number = s.role.*member;
        return number && std::ranges::any_of(ranges, [&](const auto& r) { return r.first <= *number && *number <= r.second; });
    }};
}

// A size or a statistic against a number.
MadeTerm numberTest(const std::string& key, const std::string& op, const std::string& value)
{
    const auto limit = numberIn<double>(value);
    if (!limit)
        return tl::unexpected<Sentence>(said(CORE_TEXT("reasons", "%1 is not a number"), value));
    std::function<bool(double, double)> compare;
    if (op == "=")
        compare = std::equal_to<>();
    else if (op == "<")
        compare = std::less<>();
    else if (op == ">")
        compare = std::greater<>();
    else if (op == "<=")
        compare = std::less_equal<>();
    else if (op == ">=")
        compare = std::greater_equal<>();
    else
        return tl::unexpected<Sentence>(said(CORE_TEXT("reasons", "there is no %1%2"), key, op));
    if (key == "params")
        return SelectorTerm{[compare, limit = *limit](const Subject& s) -> Result<bool> {
            return compare(static_cast<double>(s.info.elements), limit);
        }};
    return SelectorTerm{[compare, limit = *limit, key](const Subject& s) -> Result<bool> {
                    if (s.info.dtype == DType::Opaque)
                        return false; // has no statistics
                    auto statistics = knownStatistics().of(s);
                    if (!statistics)
                        return failure(statistics);
                    return compare(statisticByName(**statistics, key).value_or(std::nan("")), limit);
                },
                true};
}

} // namespace

tl::expected<SelectorTerm, Sentence> termFor(const std::string& key, const std::string& op, const std::string& value, bool quoted)
{
    if (key == "name" && op == "=")
        return quoted ? SelectorTerm{[value](const Subject& s) -> Result<bool> { return s.info.name == value; }}
                      : SelectorTerm{[value](const Subject& s) -> Result<bool> { return globMatches(value, s.info.name); }};
    if (key == "name" && op == "~")
        return expressionTest(value);
    if (key == "role" && op == "=")
        return SelectorTerm{[roles = splitAt(value, ',')](const Subject& s) -> Result<bool> {
            return !(s.role.companion && s.role.role == "other") && std::ranges::find(roles, s.role.role) != roles.end();
        }};
    if (key == "dtype" && op == "=")
        return SelectorTerm{[value](const Subject& s) -> Result<bool> { return s.info.storedType == value; }};
    if ((key == "layer" || key == "expert") && op == "=")
        return numbersTest(value, key == "layer" ? &TensorRole::layer : &TensorRole::expert);
    if (key == "params" || std::ranges::find(statisticNames(), key) != statisticNames().end())
        return numberTest(key, op, value);
    static constexpr std::string_view known[] = {"name", "role", "layer", "expert", "dtype"};
    if (std::ranges::find(known, key) != std::end(known))
        return tl::unexpected<Sentence>(said(CORE_TEXT("reasons", "there is no %1%2; write %3="), key, op, key));
    return tl::unexpected<Sentence>(said(CORE_TEXT("reasons", "there is no term %1; there are name, role, layer, expert, dtype, params and statistics such as kurtosis"), key));
}

} // namespace wb
