#include "core/analysis/outliers.h"

#include "core/base/bytes.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <cmath>

namespace wb {

void LargestElements::add(std::uint64_t index, double value)
{
    const double magnitude = std::abs(value);
    if (m_wanted == 0 || magnitude <= m_threshold)
        return;
    const auto place = std::ranges::find_if(m_elements, [&](const Outlier& o) { return std::abs(o.value) < magnitude; });
    m_elements.insert(place, {index, value});
    if (m_elements.size() > m_wanted)
        m_elements.pop_back();
    if (m_elements.size() == m_wanted)
        m_threshold = std::abs(m_elements.back().value);
}

void LargestElements::merge(const LargestElements& later)
{
    for (const Outlier& outlier : later.m_elements)
        add(outlier.index, outlier.value);
}

namespace {

constexpr std::size_t block = 512; // elements that are looked at one by one only where their largest magnitude asks for it

// The magnitude of the `wanted`-th largest finite value; anything when there are fewer.
double wantedMagnitude(const ValueTable& table, std::uint64_t wanted)
{
    const SortedValues sorted = sortedValues(table);
    std::size_t low = 0, high = sorted.values.size();
    double magnitude = 0;
    for (std::uint64_t seen = 0; seen < wanted && low < high;) {
        const bool fromTop = std::abs(sorted.values[high - 1]) >= std::abs(sorted.values[low]);
        const std::size_t i = fromTop ? --high : low++;
        magnitude = std::abs(sorted.values[i]);
        seen += sorted.counts[i];
    }
    return magnitude;
}

// The codes of what is read whose values may be among the largest.
class LargeCodes {
public:
    // `map`, when there is one, says what a code becomes by edits.
    LargeCodes(const ValueTable& table, const CodeMap* map, double least)
        : m_values(codeValues(table.dtype)), m_map(map), m_large(m_values.size())
    {
        for (std::size_t code = 0; code < m_values.size(); ++code) {
            const double magnitude = std::abs(valueOf(code));
            m_large[code] = std::isfinite(magnitude) && magnitude >= least && table.counts[code] != 0 ? 1 : 0;
            const auto withoutSign = static_cast<std::uint16_t>(code & 0x7FFF);
            if (m_large[code] == 0 || withoutSign > m_smallest)
                continue;
            m_ofSmallest = withoutSign < m_smallest ? magnitude : std::max(m_ofSmallest, magnitude);
            m_smallest = withoutSign;
        }
    }

    [[nodiscard]] bool isLarge(std::size_t code) const { return m_large[code] != 0; }
    [[nodiscard]] double valueOf(std::size_t code) const { return m_values[m_map != nullptr ? (*m_map)[code] : code]; }
    [[nodiscard]] std::uint16_t smallest() const { return m_smallest; }  // without its sign
    [[nodiscard]] double ofSmallest() const { return m_ofSmallest; }     // the largest magnitude that it has become

private:
    const std::vector<double>& m_values;
    const CodeMap* m_map;
    std::vector<std::uint8_t> m_large; // bytes, so that they stay in the cache
    std::uint16_t m_smallest = 0x7FFF;
    double m_ofSmallest = 0;
};

// Adds what is large of a piece that begins at element `first`; how many of it are exactly of the magnitude `least`.
std::uint64_t addFrom(std::span<const std::byte> bytes, std::uint64_t first, std::size_t unit, bool byMagnitude, const LargeCodes& codes, double least, LargestElements& largest)
{
    std::uint64_t ties = 0;
    for (std::size_t from = 0; from < bytes.size(); from += block * unit) {
        const auto some = bytes.subspan(from, std::min(block * unit, bytes.size() - from));
        if (byMagnitude && largestMagnitude(some) < codes.smallest())
            continue;
        for (std::size_t at = 0; at < some.size(); at += unit) {
            const std::size_t code = unit == 2 ? load<std::uint16_t>(some.data() + at) : std::to_integer<std::size_t>(some[at]);
            if (!codes.isLarge(code))
                continue;
            const double value = codes.valueOf(code);
            largest.add(first + (from + at) / unit, value);
            ties += std::abs(value) == least ? 1 : 0;
        }
    }
    return ties;
}

} // namespace

Result<std::vector<Outlier>> findOutliers(const TensorSource& source, std::size_t tensor, std::size_t wanted,
                                          StatisticsCache& cache, Progress& progress)
{
    LargestElements largest(wanted);
    const TensorInfo& info = source.tensors()[tensor];
    if (wanted == 0 || info.elements == 0)
        return largest.elements();
    auto table = valueTable(source, tensor, cache, progress);
    if (!table)
        return failure(table);
    const double least = wantedMagnitude(**table, wanted);

    // A derived tensor is read as it was in its base.
    const auto derived = source.derived(tensor);
    const bool mapped = derived && derived->codes;
    const TensorSource& read = mapped ? *derived->source : source;
    const std::size_t readTensor = mapped ? derived->tensor : tensor;
    auto base = valueTable(read, readTensor, cache, progress);
    if (!base)
        return failure(base);
    const LargeCodes codes(**base, mapped ? derived->codes.get() : nullptr, least);
    const auto& maxima = (*base)->pieceMaxima;
    const std::size_t unit = unitBytes(info.dtype);
    std::vector<std::byte> bytes;
    std::uint64_t ties = 0; // elements of exactly the least magnitude that were seen
    for (std::uint64_t first = 0, piece = 0; first < info.units(); first += countPiece, ++piece) {
        if (!maxima.empty() && (maxima[piece] < codes.smallest() || (maxima[piece] == codes.smallest() && codes.ofSmallest() == least && ties >= wanted)))
            continue;
        const UnitRange range{first, std::min(countPiece, info.units() - first)};
        bytes.resize(range.count * unit);
        if (auto done = read.read(readTensor, range, bytes); !done)
            return failure(done);
        ties += addFrom(bytes, first, unit, !maxima.empty(), codes, least, largest);
        if (progress.cancelled())
            return cancelledError();
    }
    return largest.elements();
}

} // namespace wb
