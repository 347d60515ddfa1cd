#include "core/analysis/scan.h"

#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/base/parallel.h"
#include "core/checkpoint/ggmltypes.h"
#include "core/tensor/decode.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace wb {
namespace {

constexpr std::size_t chunkBytes = 1U << 20; // about: whole rows
constexpr std::size_t shownRows = 10;

struct Part {
    std::uint64_t nan = 0, inf = 0, denormal = 0, badScales = 0, zeroRows = 0;
    std::vector<std::uint64_t> firstZeroRows;
    Hash128 hash;
};

// Exponent and mantissa of a float type tell everything that is asked here. Without branches and in counters as wide as the
// codes, so that it becomes vector instructions; a run is short enough for them.
template <typename Code>
void countCodes(std::span<const std::byte> bytes, Code exponent, Code mantissa, Part& part)
{
    constexpr std::size_t run = 4096;
    const std::size_t codes = bytes.size() / sizeof(Code);
    for (std::size_t first = 0; first < codes; first += run) {
        Code full = 0, inf = 0, denormal = 0;
        const std::byte* at = bytes.data() + first * sizeof(Code);
        for (std::size_t i = 0; i < std::min(run, codes - first); ++i) {
            const auto code = load<Code>(at + i * sizeof(Code));
            const auto magnitude = static_cast<Code>(code & (exponent | mantissa));
            full = static_cast<Code>(full + Code{magnitude >= exponent});
            inf = static_cast<Code>(inf + Code{magnitude == exponent});
            denormal = static_cast<Code>(denormal + Code(Code{magnitude <= mantissa} & Code{magnitude != 0}));
        }
        part.nan += static_cast<Code>(full - inf);
        part.inf += inf;
        part.denormal += denormal;
    }
}

void countSpecial(DType dtype, std::span<const std::byte> bytes, Part& part)
{
    switch (dtype) {
    case DType::F16: return countCodes<std::uint16_t>(bytes, 0x7C00, 0x03FF, part);
    case DType::BF16: return countCodes<std::uint16_t>(bytes, 0x7F80, 0x007F, part);
    case DType::F32: return countCodes<std::uint32_t>(bytes, 0x7F800000, 0x007FFFFF, part);
    case DType::F64: return countCodes<std::uint64_t>(bytes, 0x7FF0000000000000, 0x000FFFFFFFFFFFFF, part);
    default: break;
    }
    if (codeCount(dtype) != 256)
        return;
    std::array<std::uint64_t, 256> counts{};
    for (const std::byte code : bytes)
        ++counts[std::to_integer<std::size_t>(code)];
    for (std::size_t code = 0; code < counts.size(); ++code) {
        const double value = codeValues(dtype)[code];
        part.nan += std::isnan(value) ? counts[code] : 0;
        part.inf += std::isinf(value) ? counts[code] : 0;
    } // small numbers are denormal in 8 bits as a matter of course
}

std::uint64_t countBadScales(const GgmlType& type, std::span<const std::byte> bytes)
{
    constexpr std::uint16_t exponent = 0x7C00;
    std::uint64_t bad = 0;
    for (std::size_t at = 0; at + type.blockBytes <= bytes.size(); at += type.blockBytes) {
        const bool any = std::ranges::any_of(halfFactors(type), [&](std::uint32_t offset) {
            return (load<std::uint16_t>(bytes.data() + at + offset) & exponent) == exponent;
        });
        bad += any ? 1 : 0;
    }
    return bad;
}

// 0 in every numeric type, -0 included where there is one. Eight bytes at a time; a row that is not zero ends it at once.
bool isZeroRow(const TensorInfo& info, std::span<const std::byte> row)
{
    const std::size_t unit = unitBytes(info.dtype);
    const bool negative = isFloat(info.dtype) || info.dtype == DType::F8_E4M3 || info.dtype == DType::F8_E5M2;
    std::array<std::byte, 8> mask{};
    for (std::size_t i = 0; i < mask.size(); ++i)
        mask[i] = (i + 1) % unit == 0 && negative ? std::byte{0x7F} : std::byte{0xFF};
    const auto wanted = load<std::uint64_t>(mask.data());
    std::size_t at = 0;
    for (; at + mask.size() <= row.size(); at += mask.size())
        if ((load<std::uint64_t>(row.data() + at) & wanted) != 0)
            return false;
    for (; at < row.size(); ++at)
        if ((row[at] & mask[at % mask.size()]) != std::byte{0})
            return false;
    return true;
}

class TensorScan {
public:
    TensorScan(const TensorSource& source, std::size_t tensor, Progress& progress)
        : m_source(source), m_tensor(tensor), m_info(source.tensors()[tensor]), m_progress(progress), m_ggml(ggmlType(m_info.storedType))
    {
        const std::uint64_t cols = m_info.shape.size() > 1 ? m_info.shape.back() : 0;
        m_rowUnits = m_info.dtype == DType::Opaque || m_info.dtype == DType::F8_E8M0 || isQuantised(m_info.dtype) || cols == 0 ? 0 : cols;
        const std::uint64_t unit = m_info.dtype == DType::Opaque && m_ggml ? m_ggml->blockBytes : unitBytes(m_info.dtype);
        const std::uint64_t step = std::max<std::uint64_t>(m_rowUnits, unit / unitBytes(m_info.dtype)); // units that stay together
        m_chunkUnits = std::max<std::uint64_t>(1, chunkBytes / (step * unitBytes(m_info.dtype))) * step;
    }

    Result<ScanFinding> run(std::string& content)
    {
        const std::size_t chunks = (m_info.units() + m_chunkUnits - 1) / m_chunkUnits;
        std::vector<Part> parts(chunks);
        auto done = forChunks(
            chunks, [] { return std::vector<std::byte>(); },
            [&](std::vector<std::byte>& bytes, std::size_t chunk) -> Result<void> {
                const UnitRange range{chunk * m_chunkUnits, std::min(m_chunkUnits, m_info.units() - chunk * m_chunkUnits)};
                bytes.resize(range.count * unitBytes(m_info.dtype));
                if (auto read = m_source.read(m_tensor, range, bytes); !read)
                    return read;
                scan(range, bytes, parts[chunk]);
                return m_progress.advance(bytes.size()) ? Result<void>() : cancelledError();
            },
            [](std::vector<std::byte>&) {});
        if (!done)
            return failure(done);
        ScanFinding finding;
        finding.name = m_info.name;
        content = fmt::format("{} {}", m_info.storedType, shapeText(m_info.shape));
        for (const Part& part : parts) {
            finding.nan += part.nan;
            finding.inf += part.inf;
            finding.denormal += part.denormal;
            finding.badScales += part.badScales;
            finding.zeroRows += part.zeroRows;
            for (const std::uint64_t row : part.firstZeroRows)
                if (finding.firstZeroRows.size() < shownRows)
                    finding.firstZeroRows.push_back(row);
            content += fmt::format(" {:x}{:016x}", part.hash.high, part.hash.low);
        }
        return finding;
    }

private:
    void scan(UnitRange range, std::span<const std::byte> bytes, Part& part) const
    {
        part.hash = xxh3Of(bytes);
        countSpecial(m_info.dtype, bytes, part);
        if (m_ggml)
            part.badScales = countBadScales(*m_ggml, bytes);
        const std::uint64_t rowBytes = m_rowUnits * unitBytes(m_info.dtype);
        for (std::uint64_t at = 0; rowBytes != 0 && at < bytes.size(); at += rowBytes)
            if (isZeroRow(m_info, bytes.subspan(at, rowBytes))) {
                ++part.zeroRows;
                if (part.firstZeroRows.size() < shownRows)
                    part.firstZeroRows.push_back(range.first / m_rowUnits + at / rowBytes);
            }
    }

    const TensorSource& m_source;
    std::size_t m_tensor;
    const TensorInfo& m_info;
    Progress& m_progress;
    std::optional<GgmlType> m_ggml;
    std::uint64_t m_rowUnits, m_chunkUnits;
};

} // namespace

bool ScanReport::isBroken() const { return std::ranges::any_of(tensors, &ScanFinding::isBroken); }

Json ScanReport::toJson() const
{
    Json rows = Json::array();
    for (const ScanFinding& finding : tensors)
        rows.push_back({{"name", finding.name},
                        {"nan", finding.nan},
                        {"inf", finding.inf},
                        {"denormal", finding.denormal},
                        {"bad_scales", finding.badScales},
                        {"zero_rows", finding.zeroRows},
                        {"first_zero_rows", finding.firstZeroRows}});
    return {{"tensors", rows}, {"duplicates", duplicates}, {"scanned", scanned}};
}

Result<ScanReport> scanSource(const TensorSource& source, Progress& progress)
{
    ScanReport report;
    std::uint64_t bytes = 0;
    for (const TensorInfo& info : source.tensors())
        bytes += info.bytes;
    progress.begin(ProgressStage::Reading, ProgressUnit::Bytes, bytes);
    std::map<std::string, std::vector<std::string>> byContent;
    for (std::size_t tensor = 0; tensor < source.tensors().size(); ++tensor) {
        std::string content;
        auto finding = TensorScan(source, tensor, progress).run(content);
        if (!finding)
            return failure(finding);
        const TensorInfo& info = source.tensors()[tensor];
        if (info.shape.size() > 1 && info.elements > 1)
            byContent[xxh3(content)].push_back(info.name);
        if (finding->any())
            report.tensors.push_back(std::move(*finding));
        ++report.scanned;
    }
    for (auto& [content, names] : byContent)
        if (names.size() > 1)
            report.duplicates.push_back(std::move(names));
    std::ranges::sort(report.duplicates);
    return report;
}

} // namespace wb
