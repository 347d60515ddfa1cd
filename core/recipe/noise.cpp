#include "core/recipe/noise.h"

#include "core/base/hash.h"
#include "core/base/random.h"

#include <bit>
#include <cmath>
#include <span>

namespace wb {
namespace {

constexpr std::uint32_t lower(std::uint64_t word) { return static_cast<std::uint32_t>(word); }
constexpr std::uint32_t upper(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); }

// log x for 0 < x < 1 by 2·artanh((m − 1)/(m + 1)); the libm of another machine may round its own differently.
double logarithm(double x)
{
    int exponent = 0;
    double m = std::frexp(x, &exponent);
    if (m < 0.70710678118654752) {
        m *= 2;
        --exponent;
    }
    const double s = (m - 1) / (m + 1), square = s * s;
    double sum = 0;
    for (int k = 23; k >= 1; k -= 2)
        sum = sum * square + 1.0 / k;
    return exponent * 0.69314718055994531 + 2 * s * sum;
}

template <std::size_t N>
double polynomial(const std::array<double, N>& coefficients, double x) // highest power first
{
    double sum = 0;
    for (const double c : coefficients)
        sum = sum * x + c;
    return sum;
}

} // namespace

double normalQuantile(double p)
{
    static constexpr std::array a = {2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4, 4.5921953931549871457e+4,
                                     1.3731693765509461125e+4, 1.9715909503065514427e+3, 1.3314166789178437745e+2, 3.3871328727963666080e+0};
    static constexpr std::array b = {5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4, 2.1213794301586595867e+4,
                                     5.3941960214247511077e+3, 6.8718700749205790830e+2, 4.2313330701600911252e+1, 1.0};
    static constexpr std::array c = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e+0,
                                     3.64784832476320460504e+0, 5.76949722146069140550e+0, 4.63033784615654529590e+0, 1.42343711074968357734e+0};
    static constexpr std::array d = {1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
                                     6.89767334985100004550e-1, 1.67638483018380384940e+0, 2.05319162663775882187e+0, 1.0};
    static constexpr std::array e = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
                                     2.96560571828504891230e-1, 1.78482653991729133580e+0, 5.46378491116411436990e+0, 6.65790464350110377720e+0};
    static constexpr std::array f = {2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
                                     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0};
    const double q = p - 0.5;
    if (std::abs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        return q * polynomial(a, r) / polynomial(b, r);
    }
    double r = std::sqrt(-logarithm(q < 0 ? p : 1 - p));
    if (r <= 5) {
        r -= 1.6;
        r = polynomial(c, r) / polynomial(d, r);
    } else {
        r -= 5;
        r = polynomial(e, r) / polynomial(f, r);
    }
    return q < 0 ? -r : r;
}

NormalNoise::NormalNoise(std::uint64_t seed, std::string_view tensor) : m_key{lower(seed), upper(seed)}
{
    const std::uint64_t stream = xxh3Of(std::as_bytes(std::span(tensor))).low;
    m_stream = {lower(stream), upper(stream)};
}

double NormalNoise::at(std::uint64_t index) const
{
    const std::uint64_t pair = index / 2; // one block of bits gives two numbers
    const auto bits = philox({lower(pair), upper(pair), m_stream[0], m_stream[1]}, m_key);
    const std::uint64_t word = index % 2 == 0 ? std::uint64_t{bits[1]} << 32 | bits[0] : std::uint64_t{bits[3]} << 32 | bits[2];
    return normalQuantile((static_cast<double>(word >> 12) + 0.5) * 0x1p-52);
}

} // namespace wb
