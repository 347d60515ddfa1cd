#include "core/analysis/valuetable.h"

#include "core/base/bytes.h"
#include "core/base/parallel.h"
#include "core/tensor/decode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>

namespace wb {
namespace {

// Four tables, used in turn: neighbouring elements are often equal, and an increment that must wait for the former one
// on the same counter costs several times as much as four that do not.
class Counter {
public:
    explicit Counter(DType dtype) : m_codes(codeCount(dtype)), m_counts(4 * m_codes), m_total(m_codes) {}

    void add(std::span<const std::byte> bytes)
    {
        if (m_sinceFlush + bytes.size() > std::numeric_limits<std::uint32_t>::max())
            flush();
        m_sinceFlush += bytes.size();
        m_codes == 65536 ? addWide(bytes) : addNarrow(bytes);
    }

    const std::vector<std::uint64_t>& total()
    {
        flush();
        return m_total;
    }

private:
    void addWide(std::span<const std::byte> bytes)
    {
        std::uint32_t* counts = m_counts.data();
        std::size_t at = 0;
        for (; at + 8 <= bytes.size(); at += 8) {
            const auto four = load<std::uint64_t>(bytes.data() + at);
            ++counts[four & 0xFFFF];
            ++counts[65536 + ((four >> 16) & 0xFFFF)];
            ++counts[131072 + ((four >> 32) & 0xFFFF)];
            ++counts[196608 + (four >> 48)];
        }
        for (; at < bytes.size(); at += 2)
            ++counts[load<std::uint16_t>(bytes.data() + at)];
    }

    void addNarrow(std::span<const std::byte> bytes)
    {
        for (std::size_t i = 0; i < bytes.size(); ++i)
            ++m_counts[256 * (i % 4) + static_cast<std::uint8_t>(bytes[i])];
    }

    void flush()
    {
        for (std::size_t i = 0; i < m_counts.size(); ++i)
            m_total[i % m_codes] += m_counts[i];
        std::ranges::fill(m_counts, 0U);
        m_sinceFlush = 0;
    }

    std::size_t m_codes;
    std::vector<std::uint32_t> m_counts;
    std::vector<std::uint64_t> m_total;
    std::uint64_t m_sinceFlush = 0;
};

std::uint16_t largestMagnitude(std::span<const std::byte> bytes)
{
    std::uint16_t largest = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 2)
        largest = std::max<std::uint16_t>(largest, load<std::uint16_t>(bytes.data() + at) & 0x7FFF);
    return largest;
}

// Finite codes of a type in ascending order of value.
const std::vector<std::uint16_t>& sortedCodes(DType dtype)
{
    static std::array<std::once_flag, 32> once;
    static std::array<std::vector<std::uint16_t>, 32> codes;
    const auto row = static_cast<std::size_t>(dtype);
    std::call_once(once[row], [&] {
        const std::vector<double>& values = codeValues(dtype);
        for (std::size_t code = 0; code < values.size(); ++code)
            if (std::isfinite(values[code]))
                codes[row].push_back(static_cast<std::uint16_t>(code));
        std::ranges::stable_sort(codes[row], {}, [&](std::uint16_t code) { return values[code]; });
    });
    return codes[row];
}

} // namespace

Result<ValueTable> countValues(const TensorSource& source, std::size_t tensor, Progress& progress)
{
    const TensorInfo& info = source.tensors()[tensor];
    const std::uint64_t units = info.units();
    const std::size_t chunks = (units + countChunk - 1) / countChunk;
    ValueTable table{info.dtype, std::vector<std::uint64_t>(codeCount(info.dtype)), {}};
    const bool wantMaxima = info.dtype == DType::BF16 || info.dtype == DType::F16;
    table.chunkMaxima.resize(wantMaxima ? chunks : 0);
    // Read in pieces that stay in the second-level cache while they are counted.
    constexpr std::uint64_t piece = std::uint64_t{1} << 16;
    struct Lane {
        Counter counter;
        std::vector<std::byte> buffer;
    };
    auto done = forChunks(
        chunks, [&] { return Lane{Counter(info.dtype), std::vector<std::byte>(piece * unitBytes(info.dtype))}; },
        [&](Lane& lane, std::size_t chunk) -> Result<void> {
            const std::uint64_t end = std::min(units, (chunk + 1) * countChunk);
            for (std::uint64_t at = chunk * countChunk; at < end; at += piece) {
                const UnitRange range{at, std::min(piece, end - at)};
                const auto bytes = std::span(lane.buffer).first(range.count * unitBytes(info.dtype));
                if (auto read = source.read(tensor, range, bytes); !read)
                    return read;
                lane.counter.add(bytes);
                if (wantMaxima)
                    table.chunkMaxima[chunk] = std::max(table.chunkMaxima[chunk], largestMagnitude(bytes));
            }
            if (!progress.advance((end - chunk * countChunk) * unitBytes(info.dtype)))
                return cancelledError();
            return {};
        },
        [&](Lane& lane) { std::ranges::transform(table.counts, lane.counter.total(), table.counts.begin(), std::plus{}); });
    if (!done)
        return failure(done);
    return table;
}

ValueTable mapped(const ValueTable& table, const CodeMap& map)
{
    ValueTable out{table.dtype, std::vector<std::uint64_t>(table.counts.size()), {}};
    for (std::size_t code = 0; code < table.counts.size(); ++code)
        out.counts[map[code]] += table.counts[code];
    return out;
}

std::uint64_t changedElements(const ValueTable& table, const CodeMap& map)
{
    std::uint64_t changed = 0;
    for (std::size_t code = 0; code < table.counts.size(); ++code)
        changed += map[code] != code ? table.counts[code] : 0;
    return changed;
}

SortedValues sortedValues(const ValueTable& table)
{
    const std::vector<double>& values = codeValues(table.dtype);
    SortedValues sorted;
    for (const std::uint16_t code : sortedCodes(table.dtype)) {
        const std::uint64_t count = table.counts[code];
        if (count == 0)
            continue;
        if (!sorted.values.empty() && sorted.values.back() == values[code]) {
            sorted.counts.back() += count;
        } else {
            sorted.values.push_back(values[code] + 0.0); // -0 becomes 0
            sorted.counts.push_back(count);
        }
        sorted.total += count;
    }
    return sorted;
}

} // namespace wb
