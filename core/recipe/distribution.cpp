#include "core/recipe/distribution.h"

#include "core/base/bytes.h"
#include "core/base/parallel.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>

namespace wb {
namespace {

constexpr std::uint64_t pieceElements = std::uint64_t{1} << 16;

// Calls use(chunk, values) for the values of the region's elements, in pieces; chunks run in parallel.
template <typename Use>
Result<void> forValues(const TensorSource& source, std::size_t tensor, const Region& region, Use use)
{
    const TensorInfo& info = source.tensors()[tensor];
    const std::size_t chunks = (info.elements + pieceElements - 1) / pieceElements;
    return forChunks(
        chunks, [] { return std::vector<double>(); },
        [&](std::vector<double>& values, std::size_t chunk) -> Result<void> {
            const IndexRange range{chunk * pieceElements, std::min(info.elements, (chunk + 1) * pieceElements)};
            Result<void> done;
            bool read = false;
            forRuns(region, range, [&](std::uint64_t first, std::uint64_t count) {
                if (!read) {
                    values.resize(range.end - range.first);
                    done = readValues(source, tensor, range.first, values);
                    read = true;
                }
                if (done)
                    use(chunk, std::span<const double>(values).subspan(first - range.first, count));
            });
            return done;
        },
        [](std::vector<double>&) {});
}

MeanAndStd finished(std::uint64_t count, long double sum, long double squares)
{
    MeanAndStd moments{count, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    if (count > 0)
        moments.mean = static_cast<double>(sum / static_cast<long double>(count));
    if (count > 1)
        moments.std = static_cast<double>(std::sqrt(squares / static_cast<long double>(count - 1)));
    return moments;
}

class CountedDistribution final : public Distribution {
public:
    explicit CountedDistribution(const ValueTable& table)
    {
        const std::vector<double>& values = codeValues(table.dtype);
        for (std::size_t code = 0; code < values.size(); ++code)
            if (table.counts[code] != 0 && !std::isnan(values[code]))
                m_values.emplace_back(values[code], table.counts[code]);
        std::ranges::sort(m_values);
    }

    Result<std::uint64_t> count(const MeasureRange& range) const override
    {
        std::uint64_t count = 0;
        for (const auto& [value, times] : m_values)
            count += range.holds(value) ? times : 0;
        return count;
    }

    Result<OrderStatistic> atRank(const MeasureRange& range, Measure by, std::uint64_t rank) const override
    {
        std::vector<std::pair<double, std::uint64_t>> measures;
        for (const auto& [value, times] : m_values)
            if (range.holds(value))
                measures.emplace_back(by == Measure::Magnitude ? std::abs(value) : value + 0.0, times);
        std::ranges::sort(measures);
        OrderStatistic found;
        for (std::size_t i = 0; i < measures.size(); ++i) {
            found.upTo += measures[i].second;
            found.value = measures[i].first;
            if (found.upTo > rank && (i + 1 == measures.size() || measures[i + 1].first != found.value))
                break;
        }
        return found;
    }

    Result<MeanAndStd> moments(const MeasureRange& range) const override
    {
        std::uint64_t count = 0;
        long double sum = 0, squares = 0;
        const auto forFinite = [&](auto use) {
            for (const auto& [value, times] : m_values)
                if (range.holds(value) && std::isfinite(value))
                    use(static_cast<long double>(value), times);
        };
        forFinite([&](long double value, std::uint64_t times) {
            count += times;
            sum += value * static_cast<long double>(times);
        });
        const long double mean = count > 0 ? sum / static_cast<long double>(count) : 0;
        forFinite([&](long double value, std::uint64_t times) {
            squares += (value - mean) * (value - mean) * static_cast<long double>(times);
        });
        return finished(count, sum, squares);
    }

private:
    std::vector<std::pair<double, std::uint64_t>> m_values; // ascending
};

class StreamedDistribution final : public Distribution {
public:
    StreamedDistribution(const TensorSource& source, std::size_t tensor, const Region& region)
        : m_source(source), m_tensor(tensor), m_region(region)
    {
    }

    Result<std::uint64_t> count(const MeasureRange& range) const override
    {
        std::atomic<std::uint64_t> total{0};
        auto done = forValues(m_source, m_tensor, m_region, [&](std::size_t, std::span<const double> values) {
            std::uint64_t count = 0;
            for (const double value : values)
                count += range.holds(value) ? 1 : 0;
            total += count;
        });
        return done ? Result<std::uint64_t>(total.load()) : failure(done);
    }

    // 16 bits of the order-preserving code in each pass, from the top.
    Result<OrderStatistic> atRank(const MeasureRange& range, Measure by, std::uint64_t rank) const override
    {
        const bool narrow = m_source.tensors()[m_tensor].dtype == DType::F32;
        std::uint64_t prefix = 0, below = 0;
        OrderStatistic found;
        for (int shift = narrow ? 16 : 48; shift >= 0; shift -= 16) {
            auto counts = bucketCounts(range, by, narrow, prefix, shift);
            if (!counts)
                return failure(counts);
            std::size_t bucket = 0;
            while (bucket + 1 < counts->size() && below + (*counts)[bucket] <= rank)
                below += (*counts)[bucket++];
            prefix |= std::uint64_t{bucket} << shift;
            found.upTo = below + (*counts)[bucket];
        }
        found.value = narrow ? valueOf(static_cast<std::uint32_t>(prefix)) : valueOf(prefix);
        return found;
    }

    Result<MeanAndStd> moments(const MeasureRange& range) const override
    {
        const std::uint64_t elements = m_source.tensors()[m_tensor].elements;
        struct Part {
            std::uint64_t count = 0;
            long double sum = 0;
        };
        std::vector<Part> parts((elements + pieceElements - 1) / pieceElements);
        const auto forFinite = [&](auto use) {
            return forValues(m_source, m_tensor, m_region, [&](std::size_t chunk, std::span<const double> values) {
                for (const double value : values)
                    if (range.holds(value) && std::isfinite(value))
                        use(parts[chunk], value);
            });
        };
        Part all;
        const auto addUp = [&] {
            all = {};
            for (Part& part : parts) {
                all.count += part.count;
                all.sum += part.sum;
                part = {};
            }
        };
        auto done = forFinite([](Part& part, double value) {
            ++part.count;
            part.sum += value;
        });
        addUp();
        const long double sum = all.sum, mean = all.count > 0 ? sum / static_cast<long double>(all.count) : 0;
        if (done)
            done = forFinite([mean](Part& part, double value) {
                ++part.count;
                part.sum += (value - mean) * (value - mean);
            });
        addUp();
        return done ? Result<MeanAndStd>(finished(all.count, sum, all.sum)) : failure(done);
    }

private:
    // Unsigned codes that ascend with the values; +0 for both zeros.
    template <typename Code, typename Float>
    static Code codeOf(Float value)
    {
        const auto bits = std::bit_cast<Code>(value + Float{0});
        constexpr Code sign = Code{1} << (8 * sizeof(Code) - 1);
        return (bits & sign) != 0 ? ~bits : bits | sign;
    }
    template <typename Code>
    static double valueOf(Code code)
    {
        constexpr Code sign = Code{1} << (8 * sizeof(Code) - 1);
        const Code bits = (code & sign) != 0 ? code ^ sign : ~code;
        if constexpr (sizeof(Code) == 4)
            return std::bit_cast<float>(bits);
        else
            return std::bit_cast<double>(bits);
    }

    Result<std::vector<std::uint64_t>> bucketCounts(const MeasureRange& range, Measure by, bool narrow, std::uint64_t prefix,
                                                    int shift) const
    {
        std::vector<std::atomic<std::uint64_t>> counts(65536);
        const std::uint64_t above = shift == 48 ? 0 : ~std::uint64_t{0} << (shift + 16);
        auto done = forValues(m_source, m_tensor, m_region, [&](std::size_t, std::span<const double> values) {
            for (const double value : values) {
                if (!range.holds(value))
                    continue;
                const double measure = by == Measure::Magnitude ? std::abs(value) : value;
                const std::uint64_t code = narrow ? codeOf<std::uint32_t>(static_cast<float>(measure)) : codeOf<std::uint64_t>(measure);
                if ((code & above) == prefix)
                    counts[(code >> shift) & 0xFFFF].fetch_add(1, std::memory_order_relaxed);
            }
        });
        if (!done)
            return failure(done);
        return std::vector<std::uint64_t>(counts.begin(), counts.end());
    }

    const TensorSource& m_source;
    std::size_t m_tensor;
    const Region& m_region;
};

Result<ValueTable> countRegion(const TensorSource& source, std::size_t tensor, const Region& region)
{
    const TensorInfo& info = source.tensors()[tensor];
    ValueTable table{info.dtype, std::vector<std::uint64_t>(codeCount(info.dtype)), {}};
    const std::uint32_t unit = unitBytes(info.dtype);
    std::vector<std::byte> bytes;
    for (std::uint64_t at = 0; at < info.elements; at += pieceElements) {
        const IndexRange range{at, std::min(info.elements, at + pieceElements)};
        Result<void> done;
        bytes.clear();
        forRuns(region, range, [&](std::uint64_t first, std::uint64_t count) {
            if (bytes.empty()) {
                bytes.resize((range.end - range.first) * unit);
                done = source.read(tensor, {range.first, range.end - range.first}, bytes);
            }
            for (std::uint64_t i = first - range.first; done && i < first - range.first + count; ++i)
                ++table.counts[unit == 2 ? load<std::uint16_t>(bytes.data() + 2 * i) : std::to_integer<std::uint16_t>(bytes[i])];
        });
        if (!done)
            return failure(done);
    }
    return table;
}

} // namespace

Result<std::unique_ptr<const Distribution>> distributionOf(const TensorSource& source, std::size_t tensor, const Region& region,
                                                           StatisticsCache& cache)
{
    if (!hasValueTable(source.tensors()[tensor].dtype))
        return std::make_unique<const StreamedDistribution>(source, tensor, region);
    if (region.whole()) {
        Progress progress;
        auto table = valueTable(source, tensor, cache, progress);
        if (!table)
            return failure(table);
        return std::make_unique<const CountedDistribution>(**table);
    }
    auto table = countRegion(source, tensor, region);
    if (!table)
        return failure(table);
    return std::make_unique<const CountedDistribution>(*table);
}

} // namespace wb
