#include "core/recipe/facts.h"

#include "core/recipe/distribution.h"

#include <fmt/format.h>

#include <cmath>
#include <mutex>
#include <unordered_map>

namespace wb {
namespace {

constexpr std::uint64_t torchLimit = 16'000'000;

// A new patched source is made at every step of a slider; what earlier ones found is shared.
class Memo {
public:
    std::optional<EditFacts> find(const std::string& key)
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_facts.find(key);
        return found == m_facts.end() ? std::nullopt : std::optional(found->second);
    }
    void keep(const std::string& key, const EditFacts& facts)
    {
        const std::lock_guard lock(m_mutex);
        if (m_facts.size() >= 4096)
            m_facts.clear();
        m_facts.emplace(key, facts);
    }
    StatisticsCache tables{std::size_t{32} << 20};

private:
    std::mutex m_mutex;
    std::unordered_map<std::string, EditFacts> m_facts;
};

Memo& memo()
{
    static Memo instance;
    return instance;
}

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr MeasureRange everything{Measure::Value, -infinite, infinite};

// Between the order statistics around q · (n − 1).
class Quantiles {
public:
    Quantiles(const Distribution& distribution, DType dtype, Measure of, std::uint64_t count)
        : m_distribution(distribution), m_of(of), m_count(count), m_single(isFloat(dtype) && dtype != DType::F64 && count <= torchLimit)
    {
    }

    Result<double> at(double q) const
    {
        if (m_count == 0)
            return std::numeric_limits<double>::quiet_NaN(); // holds nothing
        const auto last = static_cast<double>(m_count - 1);
        const double rank = m_single ? static_cast<float>(q) * static_cast<float>(last) : q * last;
        const auto below = static_cast<std::uint64_t>(std::min(rank, last));
        auto a = m_distribution.atRank(everything, m_of, below);
        if (!a)
            return failure(a);
        const double weight = rank - static_cast<double>(below);
        if (weight == 0 || below + 1 >= m_count || a->upTo > below + 1)
            return a->value;
        auto b = m_distribution.atRank(everything, m_of, below + 1);
        if (!b)
            return failure(b);
        return m_single ? lerp(static_cast<float>(a->value), static_cast<float>(b->value), static_cast<float>(weight))
                        : lerp(a->value, b->value, weight);
    }

private:
    template <typename T>
    static T lerp(T a, T b, T weight) // torch's
    {
        return weight < T(0.5) ? a + weight * (b - a) : b - (b - a) * (T(1) - weight);
    }

    const Distribution& m_distribution;
    Measure m_of;
    std::uint64_t m_count;
    bool m_single;
};

Result<void> findBand(const ValueBand& band, const Distribution& distribution, DType dtype, EditFacts& facts)
{
    auto count = distribution.count(everything);
    if (!count)
        return failure(count);
    const Quantiles quantiles(distribution, dtype, band.of, *count);
    const bool both = band.kind == ValueBand::Kind::Quantile;
    if (both || band.kind == ValueBand::Kind::Top) {
        auto low = quantiles.at(both ? band.low : 1 - band.low);
        if (!low)
            return failure(low);
        facts.low = *low;
    }
    if (both || band.kind == ValueBand::Kind::Bottom) {
        auto high = quantiles.at(both ? band.high : band.low);
        if (!high)
            return failure(high);
        facts.high = *high;
    }
    return {};
}

Result<void> findPruning(double share, const MeasureRange& range, const Distribution& distribution, EditFacts& facts)
{
    auto count = distribution.count(range);
    if (!count)
        return failure(count);
    const auto wanted = static_cast<std::uint64_t>(std::nearbyint(share * static_cast<double>(*count)));
    if (wanted == 0)
        return {};
    auto last = distribution.atRank(range, Measure::Magnitude, std::min(wanted, *count) - 1);
    if (!last)
        return failure(last);
    facts.pruneUpTo = last->value;
    return {};
}

Result<EditFacts> find(const Edit& edit, const Region& region, const TensorSource& source, std::size_t tensor)
{
    auto distribution = distributionOf(source, tensor, region, memo().tables);
    if (!distribution)
        return failure(distribution);
    EditFacts facts;
    MeasureRange range = everything;
    if (const auto& band = edit.elements.band) {
        if (auto found = findBand(*band, **distribution, source.tensors()[tensor].dtype, facts); !found)
            return failure(found);
        range = {band->of, facts.low, facts.high};
    }
    if (const auto* prune = std::get_if<Prune>(&edit.operation))
        if (auto found = findPruning(prune->share, range, **distribution, facts); !found)
            return failure(found);
    const auto* noise = std::get_if<Noise>(&edit.operation);
    if (std::holds_alternative<Normalize>(edit.operation) || (noise != nullptr && noise->relative)) {
        auto moments = (*distribution)->moments(range);
        if (!moments)
            return failure(moments);
        facts.mean = moments->mean;
        facts.std = moments->std;
    }
    return facts;
}

// Which elements "head 3" are depends on the config and on the tensor's name, so the places themselves count.
std::string keyOf(const std::string& fingerprint, const Edit& edit, const Region& region)
{
    std::string key = fingerprint + " " + canonical(edit);
    for (const auto* ranges : {&region.rows, &region.cols}) {
        key += " in";
        for (const IndexRange& range : *ranges)
            key += fmt::format(" {}:{}", range.first, range.end);
    }
    return key;
}

} // namespace

bool needsFacts(const Edit& edit)
{
    const auto* noise = std::get_if<Noise>(&edit.operation);
    return edit.elements.band || std::holds_alternative<Normalize>(edit.operation) || std::holds_alternative<Prune>(edit.operation) ||
           (noise != nullptr && noise->relative);
}

Result<EditFacts> factsOf(const Edit& edit, const Region& region, const TensorSource& source, std::size_t tensor)
{
    if (!needsFacts(edit))
        return EditFacts();
    const std::string key = keyOf(source.fingerprint(tensor), edit, region);
    if (const auto known = memo().find(key))
        return *known;
    auto facts = find(edit, region, source, tensor);
    if (facts)
        memo().keep(key, *facts);
    return facts;
}

} // namespace wb
