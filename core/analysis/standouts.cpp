#include "core/analysis/standouts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>

namespace wb {
namespace {

constexpr std::size_t leastLayers = 4;

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1)
        return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

} // namespace

std::vector<Standout> findStandouts(std::span<const TensorRole> roles, std::span<const double> values, double factor)
{
    std::map<std::string, std::vector<std::size_t>> byRole;
    for (std::size_t i = 0; i < roles.size(); ++i)
        if (roles[i].layer && roles[i].role != "other" && std::isfinite(values[i]))
            byRole[roles[i].role + (roles[i].expert ? " " + std::to_string(*roles[i].expert) : "")].push_back(i);
    std::vector<Standout> found;
    for (const auto& [role, tensors] : byRole) {
        if (tensors.size() < leastLayers)
            continue;
        for (const std::size_t tensor : tensors) {
            std::vector<double> others;
            for (const std::size_t other : tensors)
                if (other != tensor)
                    others.push_back(values[other]);
            const double expected = median(std::move(others));
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
