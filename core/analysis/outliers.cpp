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

    // Codes that count, as they are in this tensor and, when it is derived, as they were in its base.
    const std::vector<double>& values = codeValues(info.dtype);
    const auto derived = source.derived(tensor);
    const TensorSource& read = derived && derived->codes ? *derived->source : source;
    const std::size_t readTensor = derived && derived->codes ? derived->tensor : tensor;
    auto base = valueTable(read, readTensor, cache, progress);
    if (!base)
        return failure(base);
    const auto valueOf = [&](std::size_t code) { return values[derived && derived->codes ? (*derived->codes)[code] : code]; };
    std::vector<std::uint8_t> counts(values.size()); // small, so that it stays in the cache
    std::uint16_t smallestCode = 0x7FFF;             // without its sign
    double ofSmallest = 0;                           // the largest magnitude that it has become
    for (std::size_t code = 0; code < values.size(); ++code) {
        const double magnitude = std::abs(valueOf(code));
        counts[code] = std::isfinite(magnitude) && magnitude >= least && (*base)->counts[code] != 0 ? 1 : 0;
        const auto withoutSign = static_cast<std::uint16_t>(code & 0x7FFF);
        if (counts[code] == 0 || withoutSign > smallestCode)
            continue;
        ofSmallest = withoutSign < smallestCode ? magnitude : std::max(ofSmallest, magnitude);
        smallestCode = withoutSign;
    }

    std::vector<std::byte> bytes;
    std::uint64_t ties = 0; // elements of exactly the least magnitude that were seen
    for (std::uint64_t first = 0, piece = 0; first < info.units(); first += countPiece, ++piece) {
        const auto& maxima = (*base)->pieceMaxima;
        if (!maxima.empty() && (maxima[piece] < smallestCode || (maxima[piece] == smallestCode && ofSmallest == least && ties >= wanted)))
            continue;
        const UnitRange range{first, std::min(countPiece, info.units() - first)};
        bytes.resize(range.count * unitBytes(info.dtype));
        if (auto done = read.read(readTensor, range, bytes); !done)
            return failure(done);
        const std::size_t unit = unitBytes(info.dtype);
        for (std::size_t from = 0; from < range.count; from += block) {
            const std::size_t end = std::min<std::size_t>(range.count, from + block);
            if (!maxima.empty() && largestMagnitude(std::span(bytes).subspan(from * unit, (end - from) * unit)) < smallestCode)
                continue;
            for (std::size_t i = from; i < end; ++i) {
                const std::size_t code = unit == 2 ? load<std::uint16_t>(bytes.data() + 2 * i) : std::to_integer<std::size_t>(bytes[i]);
                if (counts[code] == 0)
                    continue;
                const double value = valueOf(code);
                largest.add(first + i, value);
                ties += std::abs(value) == least ? 1 : 0;
            }
        }
        if (progress.cancelled())
            return cancelledError();
    }
    return largest.elements();
}

} // namespace wb
