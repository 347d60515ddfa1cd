#include "core/analysis/standouts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

namespace wb {
namespace {

constexpr std::size_t leastLayers = 4;

// Of all but one, which is equal to `left`: a role may have 10⁵ tensors, so that the others are not sorted for each.
double medianWithout(const std::vector<double>& sorted, double left)
{
    const auto at = static_cast<std::size_t>(std::ranges::lower_bound(sorted, left) - sorted.begin());
    const auto other = [&](std::size_t i) { return sorted[i < at ? i : i + 1]; };
    const std::size_t count = sorted.size() - 1, middle = count / 2;
    return count % 2 == 1 ? other(middle) : (other(middle) + other(middle - 1)) / 2;
}

} // namespace

std::vector<Standout> findStandouts(std::span<const TensorRole> roles, std::span<const double> values, double factor)
{
    std::map<std::pair<std::string_view, std::optional<std::uint32_t>>, std::vector<std::size_t>> byRole;
    for (std::size_t i = 0; i < roles.size(); ++i)
        if (roles[i].layer && roles[i].role != "other" && std::isfinite(values[i]))
            byRole[{roles[i].role, roles[i].expert}].push_back(i);
    std::vector<Standout> found;
    for (const auto& [role, tensors] : byRole) {
        if (tensors.size() < leastLayers)
            continue;
        std::vector<double> sorted;
        for (const std::size_t tensor : tensors)
            sorted.push_back(values[tensor]);
        std::ranges::sort(sorted);
        for (const std::size_t tensor : tensors) {
            const double expected = medianWithout(sorted, values[tensor]);
            const double ratio = values[tensor] / expected;
            if (expected > 0 && (ratio >= factor || (ratio >= 0 && ratio <= 1 / factor)))
                found.push_back({tensor, values[tensor], expected, ratio});
        }
    }
    std::ranges::stable_sort(found, std::greater{}, [](const Standout& s) {
        return s.ratio > 0 ? std::abs(std::log(s.ratio)) : std::numeric_limits<double>::infinity();
    });
    return found;
}

} // namespace wb
