#include "core/recipe/gains.h"

#include "core/base/hash.h"
#include "core/recipe/percent.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace wb {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string hashOf(std::span<const double> values)
{
    const auto hash = xxh3Of(std::as_bytes(values));
    return fmt::format("{:016x}{:016x}:{}", hash.high, hash.low, values.size());
}

double curveAt(const CurveGains& curve, double place)
{
    const auto& points = curve.points;
    const auto after = std::ranges::find_if(points, [place](const auto& point) { return point.place >= place; });
    if (after == points.end())
        return points.back().gain;
    if (after == points.begin() || after->place == place)
        return after->gain;
    const auto& before = *std::prev(after);
    const double share = (place - before.place) / (after->place - before.place);
    return curve.logarithmic ? before.gain * std::pow(after->gain / before.gain, share) : before.gain + share * (after->gain - before.gain);
}

std::size_t componentsOfEnergy(double share, std::span<const double> values)
{
    // By a power of two, for matrices whose squares F64 does not hold.
    const double unit = values.empty() || values.front() == 0 ? 1 : std::exp2(std::floor(std::log2(values.front())));
    const auto squares = [unit](double sum, double value) { return sum + value / unit * (value / unit); };
    const double all = std::accumulate(values.begin(), values.end(), 0.0, squares);
    double sum = 0;
    for (std::size_t i = 0; share < 1 && i < values.size(); ++i) { // all of it is all of them, however small
        if (sum >= share * all)
            return i;
        sum = squares(sum, values[i]);
    }
    return values.size();
}

std::vector<double> firstOnes(std::uint64_t count, std::size_t n)
{
    std::vector<double> gains(n, 0.0);
    std::fill_n(gains.begin(), std::min<std::uint64_t>(count, n), 1.0);
    return gains;
}

std::vector<double> mixed(const MixedGains& mix, const std::string& tensor, std::size_t n)
{
    std::vector<double> gains(n, 0.0);
    for (const auto& part : mix.parts)
        if (const auto* own = part.gains->find(tensor))
            for (std::size_t i = 0; i < std::min(n, own->size()); ++i)
                gains[i] += part.weight * (*own)[i];
    return gains;
}

std::vector<double> gainsOf(const Gains& gains, const std::string& tensor, std::span<const double> values)
{
    const std::size_t n = values.size();
    const double zero = n == 0 ? 0 : static_cast<double>(n) * std::numeric_limits<double>::epsilon() * values[0]; // up to here it is rounding
    std::vector<double> out(n, 1.0);
    return std::visit(Overloaded{[&](const ListedGains& e) { return e.gains; },
                                 [&](const BandGains& e) {
                                     for (const auto& band : e.bands)
                                         for (std::uint64_t i = band.first; i < std::min<std::uint64_t>(band.end, n); ++i)
                                             out[i] = band.gain;
                                     return out;
                                 },
                                 [&](const PowerGains& e) {
                                     for (std::size_t i = 0; i < n; ++i)
                                         out[i] = values[i] > zero ? std::pow(values[i] / values[0], e.exponent - 1) : 1;
                                     return out;
                                 },
                                 [&](const CurveGains& e) {
                                     for (std::size_t i = 0; i < n; ++i)
                                         out[i] = curveAt(e, n == 1 ? 0 : static_cast<double>(i) / static_cast<double>(n - 1));
                                     return out;
                                 },
                                 [&](const EnergyCut& e) { return firstOnes(componentsOfEnergy(e.share, values), n); },
                                 [&](const RankCut& e) { return firstOnes(e.rank, n); },
                                 [&](const MixedGains& e) { return mixed(e, tensor, n); }},
                      gains);
}

Sentence obstacleOfMix(const MixedGains& mix, const std::string& tensor, std::uint64_t components)
{
    for (const auto& part : mix.parts) {
        const auto* own = part.gains->find(tensor);
        if (own == nullptr)
            return said(CORE_TEXT("reasons", "the expert %1 has no gains for it"), part.name);
        if (own->size() != components)
            return said(CORE_TEXT("reasons", "the expert %1 has %2 gains and the matrix has %3 singular values"), part.name, own->size(), components);
    }
    return {};
}

} // namespace

Svf::Svf() = default;
Svf::Svf(Gains chosen, bool keepNorm) : gains(std::move(chosen)), keepNuclearNorm(keepNorm) {}
Svf::Svf(const Svf& other) = default;
Svf::Svf(Svf&& other) noexcept = default;
Svf& Svf::operator=(const Svf& other) = default;
Svf& Svf::operator=(Svf&& other) noexcept = default;
Svf::~Svf() = default;
bool Svf::operator==(const Svf& other) const = default;

GainTable::GainTable(std::map<std::string, std::vector<double>> gains) : m_gains(std::move(gains))
{
    std::string all;
    for (const auto& [name, list] : m_gains)
        all += name + " " + hashOf(list) + "\n";
    m_hash = xxh3(all);
}

const std::vector<double>* GainTable::find(const std::string& tensor) const
{
    const auto found = m_gains.find(tensor);
    return found == m_gains.end() ? nullptr : &found->second;
}

Sentence obstacleOfGains(const Svf& svf, const std::string& tensor, std::uint64_t components)
{
    if (const auto* list = std::get_if<ListedGains>(&svf.gains); list != nullptr && list->gains.size() != components)
        return said(CORE_TEXT("reasons", "the edit has %1 gains and the matrix has %2 singular values"), list->gains.size(), components);
    if (const auto* bands = std::get_if<BandGains>(&svf.gains)) {
        for (const auto& band : bands->bands)
            if (band.end > components)
                return said(CORE_TEXT("reasons", "the band %1:%2 reaches past its %3 singular values"), band.first, band.end, components);
        return {};
    }
    const auto* mix = std::get_if<MixedGains>(&svf.gains);
    return mix == nullptr ? Sentence() : obstacleOfMix(*mix, tensor, components);
}

Result<std::vector<double>> multipliers(const Svf& svf, double strength, const std::string& tensor, std::span<const double> values)
{
    std::vector<double> gains = gainsOf(svf.gains, tensor, values);
    if (strength != 1)
        for (double& gain : gains)
            gain = 1 + strength * (gain - 1);
    if (!svf.keepNuclearNorm)
        return gains;
    const double before = std::accumulate(values.begin(), values.end(), 0.0);
    const double after = std::inner_product(values.begin(), values.end(), gains.begin(), 0.0);
    if (before == 0)
        return gains; // a matrix of zeros
    if (!(after > 0))
        return fail(ErrorCode::BadArgument, tensor, said(CORE_TEXT("reasons", "the gains leave a sum of singular values of %1, which no factor brings back to %2"), fmt::format("{:.6g}", after), fmt::format("{:.6g}", before)));
    if (std::ranges::adjacent_find(gains, std::not_equal_to<>()) == gains.end()) {
        std::ranges::fill(gains, 1.0); // exactly, whatever the sums were rounded to
        return gains;
    }
    for (double& gain : gains)
        gain *= before / after;
    return gains;
}

std::optional<double> commonGain(const Svf& svf)
{
    const auto common = [&](const auto& list, auto gainIn) -> std::optional<double> {
        if (list.empty() || std::ranges::any_of(list, [&](const auto& item) { return gainIn(item) != gainIn(list.front()); }))
            return std::nullopt;
        return svf.keepNuclearNorm ? 1 : gainIn(list.front());
    };
    if (const auto* list = std::get_if<ListedGains>(&svf.gains))
        return common(list->gains, [](double gain) { return gain; });
    if (const auto* curve = std::get_if<CurveGains>(&svf.gains))
        return common(curve->points, [](const CurveGains::Point& point) { return point.gain; });
    if (const auto* bands = std::get_if<BandGains>(&svf.gains))
        return std::ranges::all_of(bands->bands, [](const auto& band) { return band.gain == 1; }) ? std::optional(1.0) : std::nullopt;
    if (const auto* power = std::get_if<PowerGains>(&svf.gains))
        return power->exponent == 1 ? std::optional(1.0) : std::nullopt;
    if (const auto* energy = std::get_if<EnergyCut>(&svf.gains))
        return energy->share == 1 ? std::optional(1.0) : std::nullopt;
    return std::nullopt;
}

std::string describe(const Svf& svf)
{
    std::string text = std::visit(
        Overloaded{[](const ListedGains& e) { return fmt::format("{} gains", e.gains.size()); },
                   [](const BandGains& e) {
                       std::string bands;
                       for (const auto& band : e.bands)
                           bands += fmt::format("{}[{}:{}] ×{}", bands.empty() ? "" : ", ", band.first, band.end, band.gain);
                       return "σ" + bands;
                   },
                   [](const PowerGains& e) { return fmt::format("σ^{}", e.exponent); },
                   [](const CurveGains& e) {
                       std::string points;
                       for (const auto& point : e.points)
                           points += fmt::format("{}×{}", points.empty() ? "" : " … ", point.gain);
                       return "σ " + points;
                   },
                   [](const EnergyCut& e) { return fmt::format("Σσ² ≥ {} %", percentOf(e.share)); }, [](const RankCut& e) { return fmt::format("rank ≤ {}", e.rank); },
                   [](const MixedGains& e) {
                       std::string parts;
                       for (const auto& part : e.parts)
                           parts += fmt::format("{}{} ×{}", parts.empty() ? "" : " + ", part.name, part.weight);
                       return parts;
                   }},
        svf.gains);
    return svf.keepNuclearNorm ? text + ", Σσ kept" : text;
}

std::string canonical(const Svf& svf)
{
    std::string text = std::visit(
        Overloaded{[](const ListedGains& e) { return hashOf(e.gains); },
                   [](const BandGains& e) {
                       std::string bands;
                       for (const auto& band : e.bands)
                           bands += fmt::format(" {}:{}x{:a}", band.first, band.end, band.gain);
                       return bands;
                   },
                   [](const PowerGains& e) { return fmt::format("{:a}", e.exponent); },
                   [](const CurveGains& e) {
                       std::string points = e.logarithmic ? "log" : "linear";
                       for (const auto& point : e.points)
                           points += fmt::format(" {:a}x{:a}", point.place, point.gain);
                       return points;
                   },
                   [](const EnergyCut& e) { return fmt::format("{:a}", e.share); }, [](const RankCut& e) { return std::to_string(e.rank); },
                   [](const MixedGains& e) {
                       std::string parts;
                       for (const auto& part : e.parts)
                           parts += fmt::format(" {}x{:a}", part.gains->hash(), part.weight);
                       return parts;
                   }},
        svf.gains);
    return fmt::format("{} {}{}", svf.gains.index(), text, svf.keepNuclearNorm ? " kept" : "");
}

} // namespace wb
