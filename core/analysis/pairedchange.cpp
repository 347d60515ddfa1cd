#include "core/analysis/pairedchange.h"

#include <cmath>
#include <limits>

namespace wb {

PairedChange pairedChange(double delta, std::span<const double> a, std::span<const double> b)
{
    constexpr double z975 = 1.959963984540054; // 97.5 % quantile of the normal distribution
    const auto count = static_cast<double>(a.size());
    double squares = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        squares += (b[i] - a[i]) * (b[i] - a[i]);
    const double error = a.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : z975 * std::sqrt(count / (count - 1) * squares);
    return {delta, delta - error, delta + error};
}

} // namespace wb
