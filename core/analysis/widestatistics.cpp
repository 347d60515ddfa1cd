#include "core/analysis/widestatistics.h"

#include "core/analysis/outliers.h"
#include "core/base/bytes.h"
#include "core/base/parallel.h"
#include "core/tensor/floatview.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <type_traits>

namespace wb {
namespace {

constexpr std::uint64_t chunkUnits = std::uint64_t{1} << 17;
constexpr std::size_t bucketCount = 65536;

// Codes that ascend with values: floats have the sign flipped and negative ones all bits, signed integers the sign.
template <typename T>
using CodeOf = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

template <typename T>
CodeOf<T> orderedCode(T value)
{
    constexpr auto sign = static_cast<CodeOf<T>>(CodeOf<T>{1} << (8 * sizeof(T) - 1));
    const auto bits = std::bit_cast<CodeOf<T>>(value);
    if constexpr (std::is_floating_point_v<T>)
        return (bits & sign) != 0 ? ~bits : bits | sign;
    else if constexpr (std::is_signed_v<T>)
        return bits ^ sign;
    else
        return bits;
}

template <typename T>
T valueOfCode(CodeOf<T> code)
{
    constexpr auto sign = static_cast<CodeOf<T>>(CodeOf<T>{1} << (8 * sizeof(T) - 1));
    if constexpr (std::is_floating_point_v<T>)
        return std::bit_cast<T>((code & sign) != 0 ? code & ~sign : static_cast<CodeOf<T>>(~code));
    else if constexpr (std::is_signed_v<T>)
        return std::bit_cast<T>(code ^ sign);
    else
        return code;
}

template <typename T>
bool isFinite(T value)
{
    if constexpr (std::is_floating_point_v<T>)
        return std::isfinite(value);
    else
        return true;
}

// What one chunk adds to the first pass.
struct FirstPart {
    std::uint64_t nan = 0, inf = 0, zero = 0, denormal = 0, finite = 0;
    double sum = 0, absSum = 0, squares = 0;
    double min = std::numeric_limits<double>::infinity(), max = -std::numeric_limits<double>::infinity();
    LargestElements largest{0};
};

struct SecondPart {
    double second = 0, third = 0, fourth = 0;
};

// Counts of the next 16 bits of the codes that begin with one of several prefixes.
template <typename T>
class Refinement {
public:
    // `bits` of the code are known in every prefix.
    Refinement(std::vector<CodeOf<T>> prefixes, int bits) : m_bits(bits), m_prefixes(std::move(prefixes))
    {
        m_slotOfBucket.assign(bucketCount, none);
        for (std::size_t i = 0; i < m_prefixes.size(); ++i)
            m_slotOfBucket[m_prefixes[i] >> (m_bits - 16)] = 0;
        m_counts.resize(m_prefixes.size() * bucketCount);
    }

    void add(CodeOf<T> code)
    {
        constexpr int width = 8 * sizeof(T);
        if (m_slotOfBucket[code >> (width - 16)] == none)
            return;
        const CodeOf<T> prefix = code >> (width - m_bits);
        const auto found = std::ranges::lower_bound(m_prefixes, prefix);
        if (found != m_prefixes.end() && *found == prefix)
            ++m_counts[static_cast<std::size_t>(found - m_prefixes.begin()) * bucketCount +
                       ((code >> (width - m_bits - 16)) & 0xFFFF)];
    }

    void merge(const Refinement& other)
    {
        std::ranges::transform(m_counts, other.m_counts, m_counts.begin(), std::plus{});
    }

    // Where the element of this rank within the prefix lies: the longer prefix, and its rank within that.
    std::pair<CodeOf<T>, std::uint64_t> locate(CodeOf<T> prefix, std::uint64_t rank) const
    {
        const auto slot = static_cast<std::size_t>(std::ranges::lower_bound(m_prefixes, prefix) - m_prefixes.begin());
        const std::uint64_t* counts = m_counts.data() + slot * bucketCount;
        std::size_t next = 0;
        for (; rank >= counts[next]; ++next)
            rank -= counts[next];
        return {static_cast<CodeOf<T>>(prefix << 16 | next), rank};
    }

private:
    static constexpr std::uint8_t none = 255;
    int m_bits;
    std::vector<CodeOf<T>> m_prefixes; // ascending
    std::vector<std::uint8_t> m_slotOfBucket;
    std::vector<std::uint64_t> m_counts;
};

template <typename T>
class WidePasses {
public:
    WidePasses(const TensorSource& source, std::size_t tensor, const StatisticsOptions& options, Progress& progress)
        : m_source(source), m_tensor(tensor), m_info(source.tensors()[tensor]), m_options(options), m_progress(progress),
          m_chunks((m_info.units() + chunkUnits - 1) / chunkUnits)
    {
    }

    Result<void> first()
    {
        std::vector<FirstPart> parts(m_chunks);
        m_buckets.assign(bucketCount, 0);
        auto done = pass(
            [] { return std::vector<std::uint64_t>(bucketCount); },
            [&](std::vector<std::uint64_t>& buckets, std::size_t chunk, std::span<const std::byte> bytes) {
                parts[chunk] = firstPart(bytes, chunk * chunkUnits, buckets);
            },
            [&](std::vector<std::uint64_t>& buckets) {
                std::ranges::transform(m_buckets, buckets, m_buckets.begin(), std::plus{});
            });
        if (!done)
            return done;
        combine(parts);
        return {};
    }

    Result<Statistics> run()
    {
        if (auto done = first(); !done)
            return failure(done);
        Statistics& s = m_statistics;
        if (m_moments.count != 0 || m_options.range) {
            const auto range = m_options.range.value_or(std::pair(s.min, s.max));
            s.histogram = Histogram::over(range.first, range.second, m_options.bins);
        }
        findBuckets();
        int bits = 16;
        for (; bits < static_cast<int>(8 * sizeof(T)); bits += 16)
            if (auto done = refine(bits); !done)
                return failure(done);
        fillMoments(m_moments, s);
        fillQuantiles();
        return std::move(s);
    }

    BucketTable buckets() const
    {
        BucketTable table;
        table.nan = m_statistics.nan;
        table.inf = m_statistics.inf;
        constexpr int below = 8 * sizeof(T) - 16;
        for (std::size_t bucket = 0; bucket < bucketCount; ++bucket) {
            if (m_buckets[bucket] == 0)
                continue;
            const auto middle = static_cast<CodeOf<T>>(CodeOf<T>(bucket) << below | CodeOf<T>{1} << (below - 1));
            const auto zero = orderedCode(T{0}) >> below;
            // The bucket of +0 holds zeros far more often than the tiny values beside it.
            table.values.push_back(bucket == zero ? 0.0 : static_cast<double>(valueOfCode<T>(middle)));
            table.counts.push_back(m_buckets[bucket]);
        }
        return table;
    }

private:
    template <typename MakeLane, typename Work, typename Finish>
    Result<void> pass(MakeLane makeLane, Work work, Finish finish)
    {
        struct Lane {
            decltype(makeLane()) own;
            std::vector<std::byte> bytes;
        };
        return forChunks(
            m_chunks, [&] { return Lane{makeLane(), {}}; },
            [&](Lane& lane, std::size_t chunk) -> Result<void> {
                const UnitRange range{chunk * chunkUnits, std::min(chunkUnits, m_info.units() - chunk * chunkUnits)};
                lane.bytes.resize(range.count * sizeof(T));
                if (auto done = m_source.read(m_tensor, range, lane.bytes); !done)
                    return done;
                work(lane.own, chunk, std::span<const std::byte>(lane.bytes));
                if (!m_progress.advance(lane.bytes.size()))
                    return cancelledError();
                return {};
            },
            [&](Lane& lane) { finish(lane.own); });
    }

    FirstPart firstPart(std::span<const std::byte> bytes, std::uint64_t index, std::vector<std::uint64_t>& buckets) const
    {
        FirstPart part;
        part.largest = LargestElements(m_options.outliers);
        for (std::size_t at = 0; at < bytes.size(); at += sizeof(T), ++index) {
            const T stored = load<T>(bytes.data() + at);
            if (!isFinite(stored)) {
                ++(stored != stored ? part.nan : part.inf);
                continue;
            }
            const auto value = static_cast<double>(stored);
            const double magnitude = std::abs(value);
            ++buckets[orderedCode(stored) >> (8 * sizeof(T) - 16)];
            ++part.finite;
            part.zero += magnitude == 0 ? 1 : 0;
            if constexpr (std::is_floating_point_v<T>)
                part.denormal += magnitude != 0 && magnitude < std::numeric_limits<T>::min() ? 1 : 0;
            part.sum += value;
            part.absSum += magnitude;
            part.squares += value * value;
            part.min = std::min(part.min, value);
            part.max = std::max(part.max, value);
            if (magnitude > part.largest.threshold())
                part.largest.add(index, value);
        }
        return part;
    }

    void combine(const std::vector<FirstPart>& parts)
    {
        Statistics& s = m_statistics;
        long double sum = 0;
        LargestElements largest(m_options.outliers);
        FirstPart all;
        for (const FirstPart& part : parts) {
            s.nan += part.nan;
            s.inf += part.inf;
            s.zero += part.zero;
            s.denormal += part.denormal;
            m_moments.count += part.finite;
            sum += part.sum;
            m_moments.absSum += part.absSum;
            m_moments.squares += part.squares;
            all.min = std::min(all.min, part.min);
            all.max = std::max(all.max, part.max);
            largest.merge(part.largest);
        }
        const bool any = m_moments.count != 0;
        constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
        s.count = m_info.elements;
        s.min = any ? all.min + 0.0 : nothing; // -0 becomes 0
        s.max = any ? all.max + 0.0 : nothing;
        s.absMax = any ? std::max(std::abs(s.min), std::abs(s.max)) : nothing;
        m_moments.mean = any ? sum / static_cast<long double>(m_moments.count) : 0;
        s.outliers = largest.elements();
    }

    // The bucket of each rank that a quantile needs.
    void findBuckets()
    {
        if (m_moments.count == 0)
            return;
        for (const double q : m_options.quantiles) {
            const QuantileRank rank = quantileRank(m_moments.count, q);
            for (const std::uint64_t wanted : {rank.below, rank.above})
                m_places.emplace(wanted, std::pair<CodeOf<T>, std::uint64_t>());
        }
        std::uint64_t before = 0;
        auto place = m_places.begin();
        for (std::size_t bucket = 0; bucket < bucketCount && place != m_places.end(); ++bucket) {
            for (; place != m_places.end() && place->first < before + m_buckets[bucket]; ++place)
                place->second = {static_cast<CodeOf<T>>(bucket), place->first - before};
            before += m_buckets[bucket];
        }
    }

    // One more pass: 16 more bits of each wanted code; with the first of them the moments and the histogram.
    Result<void> refine(int bits)
    {
        std::vector<CodeOf<T>> prefixes;
        for (const auto& [rank, place] : m_places)
            prefixes.push_back(place.first);
        prefixes.erase(std::ranges::unique(prefixes).begin(), prefixes.end());
        if (bits > 16 && prefixes.empty())
            return {};
        struct Lane {
            Refinement<T> refinement;
            Histogram histogram;
        };
        const bool withMoments = bits == 16;
        std::vector<SecondPart> parts(withMoments ? m_chunks : 0);
        Refinement<T> all(prefixes, bits);
        const Lane empty{all, m_statistics.histogram}; // a lane may begin after another one has ended
        auto done = pass(
            [&] { return empty; },
            [&](Lane& lane, std::size_t chunk, std::span<const std::byte> bytes) {
                if (withMoments)
                    parts[chunk] = secondPart(bytes, lane.histogram);
                for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
                    const T stored = load<T>(bytes.data() + at);
                    if (isFinite(stored))
                        lane.refinement.add(orderedCode(stored));
                }
            },
            [&](Lane& lane) {
                all.merge(lane.refinement);
                if (withMoments)
                    m_statistics.histogram.merge(lane.histogram);
            });
        if (!done)
            return done;
        for (const SecondPart& part : parts) {
            m_moments.second += part.second;
            m_moments.third += part.third;
            m_moments.fourth += part.fourth;
        }
        for (auto& [rank, place] : m_places)
            place = all.locate(place.first, place.second);
        return {};
    }

    SecondPart secondPart(std::span<const std::byte> bytes, Histogram& histogram) const
    {
        SecondPart part;
        const auto mean = static_cast<double>(m_moments.mean);
        for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
            const T stored = load<T>(bytes.data() + at);
            if (!isFinite(stored))
                continue;
            const auto value = static_cast<double>(stored);
            const double distance = value - mean, square = distance * distance;
            part.second += square;
            part.third += square * distance;
            part.fourth += square * square;
            histogram.add(value, 1);
        }
        return part;
    }

    void fillQuantiles()
    {
        for (const double q : m_options.quantiles) {
            if (m_moments.count == 0) {
                m_statistics.quantiles.emplace_back(q, std::numeric_limits<double>::quiet_NaN());
                continue;
            }
            const QuantileRank rank = quantileRank(m_moments.count, q);
            const auto value = [&](std::uint64_t wanted) {
                return static_cast<double>(valueOfCode<T>(m_places.at(wanted).first)) + 0.0;
            };
            m_statistics.quantiles.emplace_back(q, interpolated(value(rank.below), value(rank.above), rank.t));
        }
    }

    const TensorSource& m_source;
    std::size_t m_tensor;
    const TensorInfo& m_info;
    const StatisticsOptions& m_options;
    Progress& m_progress;
    std::size_t m_chunks;
    Statistics m_statistics;
    Moments m_moments;
    std::vector<std::uint64_t> m_buckets;
    std::map<std::uint64_t, std::pair<CodeOf<T>, std::uint64_t>> m_places; // rank → prefix of its code, rank in that prefix
};

template <typename Use>
auto withType(DType dtype, Use use)
{
    switch (dtype) {
    case DType::F64: return use(double{});
    case DType::I64: return use(std::int64_t{});
    case DType::U64: return use(std::uint64_t{});
    case DType::I32: return use(std::int32_t{});
    case DType::U32: return use(std::uint32_t{});
    default: return use(float{});
    }
}

} // namespace

Result<Statistics> wideStatistics(const TensorSource& source, std::size_t tensor, const StatisticsOptions& options,
                                  Progress& progress)
{
    return withType(source.tensors()[tensor].dtype, [&](auto type) {
        return WidePasses<decltype(type)>(source, tensor, options, progress).run();
    });
}

Result<std::shared_ptr<const BucketTable>> bucketTable(const TensorSource& source, std::size_t tensor,
                                                       StatisticsCache& cache, Progress& progress)
{
    if (hasFactors(source.tensors()[tensor].dtype))
        return bucketTable(FloatView(source, tensor), 0, cache, progress);
    const std::string key = source.fingerprint(tensor) + " buckets";
    if (auto kept = cache.find<BucketTable>(key))
        return kept;
    return withType(source.tensors()[tensor].dtype, [&](auto type) -> Result<std::shared_ptr<const BucketTable>> {
        const StatisticsOptions options{.quantiles = {}, .outliers = 0};
        WidePasses<decltype(type)> passes(source, tensor, options, progress);
        if (auto done = passes.first(); !done)
            return failure(done);
        auto table = std::make_shared<const BucketTable>(passes.buckets());
        cache.keep(key, table, table->values.size() * 16);
        return table;
    });
}

} // namespace wb
