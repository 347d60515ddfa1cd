#include "core/analysis/diff.h"

#include "core/analysis/bfloat16sums.h"
#include "core/analysis/pairing.h"
#include "core/analysis/statistics.h"
#include "core/base/bytes.h"
#include "core/base/parallel.h"
#include "core/tensor/decode.h"
#include "core/tensor/floatview.h"
#include "core/tensor/halffloat.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace wb {
namespace {

constexpr std::uint64_t chunkBytes = std::uint64_t{1} << 19; // of each side: fewer, larger reads of the system are faster (133 ms against 152 with a quarter)

// Sums over pairs that are finite on both sides, and what is asked of every pair.
struct Sums {
    std::uint64_t pairs = 0, changed = 0;
    double aa = 0, bb = 0, ab = 0, delta = 0, deltaSquares = 0, maxAbs = 0, maxB = 0;
    std::uint64_t codeSteps = 0; // largest distance of two stored codes, for types with a value table
    std::vector<ElementDifference> top;

    void merge(const Sums& other, std::size_t wanted)
    {
        pairs += other.pairs;
        changed += other.changed;
        aa += other.aa;
        bb += other.bb;
        ab += other.ab;
        delta += other.delta;
        deltaSquares += other.deltaSquares;
        maxAbs = std::max(maxAbs, other.maxAbs);
        maxB = std::max(maxB, other.maxB);
        codeSteps = std::max(codeSteps, other.codeSteps);
        for (const ElementDifference& element : other.top)
            addTop(element, wanted);
    }

    void addTop(const ElementDifference& element, std::size_t wanted)
    {
        const double size = sizeOf(element);
        if (top.size() == wanted && (wanted == 0 || size <= sizeOf(top.back())))
            return;
        const auto place = std::ranges::find_if(top, [&](const ElementDifference& e) { return sizeOf(e) < size; });
        top.insert(place, element);
        if (top.size() > wanted)
            top.pop_back();
    }

    // NaN and infinities on one side come before every number.
    static double sizeOf(const ElementDifference& element)
    {
        const double difference = std::abs(element.b - element.a);
        return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
    }
};

// Codes of 16-bit floats in ascending order of value, to count steps between neighbours.
int ordered(std::uint16_t code) { return (code & 0x8000) != 0 ? -(code & 0x7FFF) : code; }

// Half a unit in the last place relative to a value: what rounding to the type can change.
double roundingOf(DType dtype)
{
    switch (dtype) {
    case DType::BF16: return 0x1p-9;
    case DType::F16: return 0x1p-12;
    case DType::F32: return 0x1p-25;
    case DType::F64: return 0x1p-54;
    case DType::F8_E4M3:
    case DType::F8_E4M3FNUZ: return 0x1p-4;
    case DType::F8_E5M2:
    case DType::F8_E5M2FNUZ: return 0x1p-3;
    default: return 0;
    }
}

// What the difference looks like, in one word. The factor or shift has to explain it up to rounding, and more than
// rounding alone would.
std::string characterOf(const Sums& sums, const TensorDifference& difference, DType dtype)
{
    const auto n = static_cast<double>(std::max<std::uint64_t>(sums.pairs, 1));
    const double rounding = 2 * roundingOf(dtype);
    const double residual = std::max(0.0, sums.bb - difference.scale * sums.ab);
    const bool factor = std::abs(difference.scale - 1) > rounding / std::sqrt(n) * 4;
    const bool explains = residual < 0.5 * sums.deltaSquares; // rounding leans to one side too, and of many elements a little is enough to tell
    if (sums.aa > 0 && factor && explains && residual <= rounding * rounding * std::max(sums.bb, 1e-300) && sums.changed > 1)
        return "scaled";
    if (sums.codeSteps == 1 && (dtype == DType::BF16 || dtype == DType::F16)) // 0: not compared by codes
        return "rounding_only";
    if ((isFloat(dtype) || isFloat8(dtype)) && sums.deltaSquares <= rounding * rounding * sums.bb * 0.25 && sums.maxAbs <= rounding * sums.maxB)
        return "rounding_only";
    const double spread = std::sqrt(std::max(0.0, sums.deltaSquares / n - difference.shift * difference.shift));
    if (sums.changed == difference.elements && sums.changed > 1 && spread <= std::max(rounding * sums.maxB, 1e-3 * std::abs(difference.shift)))
        return "shifted";
    return static_cast<double>(sums.changed) <= 0.01 * static_cast<double>(difference.elements) ? "surgical" : "heavy";
}

class TensorComparison {
public:
    TensorComparison(const TensorSource& a, std::size_t tensorA, const TensorSource& b, std::size_t tensorB,
                     const DiffOptions& options, Progress& progress, DType coarsest)
        : m_a(a), m_b(b), m_tensorA(tensorA), m_tensorB(tensorB), m_info(a.tensors()[tensorA]), m_options(options),
          m_progress(progress), m_coarsest(coarsest), m_unit(unitBytes(m_info.dtype)),
          m_chunks((m_info.bytes + chunkBytes - 1) / chunkBytes)
    {
    }

    // Nothing when the stored bytes are equal.
    Result<std::optional<TensorDifference>> run()
    {
        std::vector<Sums> parts(m_chunks);
        std::vector<std::uint8_t> differs(m_chunks);
        struct Lane {
            std::vector<std::byte> a, b;
            std::vector<double> x, y;
        };
        const auto makeLane = [] { return Lane{}; };
        const auto nothing = [](Lane&) {};
        auto done = forChunks(
            m_chunks, makeLane,
            [&](Lane& lane, std::size_t chunk) -> Result<void> {
                if (auto read = readBoth(chunk, lane.a, lane.b); !read)
                    return read;
                differs[chunk] = std::memcmp(lane.a.data(), lane.b.data(), lane.a.size()) != 0 ? 1 : 0;
                if (differs[chunk] != 0)
                    parts[chunk] = compare(chunk, lane.a, lane.b, lane.x, lane.y);
                return m_progress.advance(2 * lane.a.size()) ? Result<void>() : cancelledError();
            },
            nothing);
        if (!done)
            return failure(done);
        if (std::ranges::count(differs, 1) == 0)
            return std::optional<TensorDifference>();
        // The norms need the equal chunks too; they are read again only here, where something differs.
        done = forChunks(
            m_info.dtype == DType::Opaque ? 0 : m_chunks, makeLane,
            [&](Lane& lane, std::size_t chunk) -> Result<void> {
                if (differs[chunk] != 0)
                    return {};
                const UnitRange range = rangeOf(chunk);
                lane.a.resize(range.count * m_unit);
                if (auto read = m_a.read(m_tensorA, range, lane.a); !read)
                    return read;
                parts[chunk] = equalChunk(lane.a, lane.x);
                return m_progress.cancelled() ? cancelledError() : Result<void>();
            },
            nothing);
        if (!done)
            return failure(done);
        Sums sums;
        for (const Sums& part : parts)
            sums.merge(part, m_options.top);
        TensorDifference difference = report(sums);
        if (difference.character == "heavy") {
            auto found = lowRankDifference(m_a, m_tensorA, m_b, m_tensorB, m_coarsest, m_progress);
            if (!found)
                return failure(found);
            difference.lowRank = *found;
            difference.character = *found ? "low_rank" : "heavy";
        }
        return std::optional(std::move(difference));
    }

private:
    UnitRange rangeOf(std::size_t chunk) const
    {
        const std::uint64_t units = chunkBytes / m_unit;
        return {chunk * units, std::min(units, m_info.units() - chunk * units)};
    }

    Result<void> readBoth(std::size_t chunk, std::vector<std::byte>& a, std::vector<std::byte>& b) const
    {
        const UnitRange range = rangeOf(chunk);
        a.resize(range.count * m_unit);
        b.resize(a.size());
        if (auto done = m_a.read(m_tensorA, range, a); !done)
            return done;
        return m_b.read(m_tensorB, range, b);
    }

    Sums compare(std::size_t chunk, std::span<const std::byte> a, std::span<const std::byte> b, std::vector<double>& x,
                 std::vector<double>& y) const
    {
        Sums sums;
        const UnitRange range = rangeOf(chunk);
        const bool opaque = m_info.dtype == DType::Opaque;
        if (!opaque) {
            x.resize(range.count);
            y.resize(range.count);
            decode(m_info.dtype, a, x);
            decode(m_info.dtype, b, y);
        }
        for (std::uint64_t i = 0; i < range.count; ++i) {
            const bool changed = std::memcmp(a.data() + i * m_unit, b.data() + i * m_unit, m_unit) != 0;
            sums.changed += changed ? 1 : 0;
            if (opaque)
                continue;
            if (changed) {
                sums.addTop({range.first + i, x[i], y[i]}, m_options.top);
                if (m_unit == 2 && isFloat(m_info.dtype))
                    sums.codeSteps = std::max<std::uint64_t>(
                        sums.codeSteps, static_cast<std::uint64_t>(std::abs(ordered(load<std::uint16_t>(a.data() + 2 * i)) -
                                                                            ordered(load<std::uint16_t>(b.data() + 2 * i)))));
            }
            addPair(sums, x[i], y[i]);
        }
        return sums;
    }

    Sums equalChunk(std::span<const std::byte> a, std::vector<double>& x) const
    {
        Sums sums;
        if (m_info.dtype == DType::BF16) { // most of what is compared is this
            const BFloat16Sums own = bfloat16Sums(a);
            sums.pairs = own.finite;
            sums.aa = sums.bb = sums.ab = own.squares;
            sums.maxB = fromBFloat16(own.largest);
            return sums;
        }
        x.resize(a.size() / m_unit);
        decode(m_info.dtype, a, x);
        for (const double value : x)
            addPair(sums, value, value);
        return sums;
    }

    static void addPair(Sums& sums, double a, double b)
    {
        if (!std::isfinite(a) || !std::isfinite(b))
            return;
        const double delta = b - a;
        ++sums.pairs;
        sums.aa += a * a;
        sums.bb += b * b;
        sums.ab += a * b;
        sums.delta += delta;
        sums.deltaSquares += delta * delta;
        sums.maxAbs = std::max(sums.maxAbs, std::abs(delta));
        sums.maxB = std::max(sums.maxB, std::abs(b));
    }

    TensorDifference report(Sums& sums) const
    {
        TensorDifference difference;
        difference.name = m_info.name;
        difference.shape = m_info.shape;
        difference.elements = m_info.units();
        difference.elementsChanged = sums.changed;
        if (m_info.dtype == DType::Opaque) {
            difference.character = "opaque";
            return difference;
        }
        const auto n = static_cast<double>(std::max<std::uint64_t>(sums.pairs, 1));
        difference.maxAbs = sums.maxAbs;
        difference.rms = std::sqrt(sums.deltaSquares / n);
        difference.relative = sums.deltaSquares == 0 ? 0 : std::sqrt(sums.deltaSquares / sums.aa);
        difference.cosine = sums.aa > 0 && sums.bb > 0 ? std::clamp(sums.ab / std::sqrt(sums.aa) / std::sqrt(sums.bb), -1.0, 1.0)
                                                       : std::numeric_limits<double>::quiet_NaN();
        difference.scale = sums.aa > 0 ? sums.ab / sums.aa : std::numeric_limits<double>::quiet_NaN();
        difference.shift = sums.delta / n;
        difference.top = std::move(sums.top);
        difference.character = characterOf(sums, difference, m_coarsest);
        return difference;
    }

    const TensorSource& m_a;
    const TensorSource& m_b;
    std::size_t m_tensorA, m_tensorB;
    const TensorInfo& m_info;
    const DiffOptions& m_options;
    Progress& m_progress;
    DType m_coarsest; // of the two stored types: what rounding to it explains is rounding
    std::uint64_t m_unit;
    std::size_t m_chunks;
};

// Types that differ, and quantised ones, by the values that they stand for.
Result<std::optional<TensorDifference>> compareTensors(const TensorSource& a, std::size_t i, const TensorSource& b, std::size_t j,
                                                       const Pairing& pairing, const DiffOptions& options, Progress& progress)
{
    const TensorInfo& left = a.tensors()[i];
    const TensorInfo& right = b.tensors()[j];
    const bool alike = left.storedType == right.storedType && left.bytes == right.bytes;
    const StoredConversion readLeft = pairing.readingOfA(i), readRight = pairing.readingOfB(j);
    const bool plain = readLeft == StoredConversion() && readRight == StoredConversion();
    if (alike && plain && !hasFactors(left.dtype))
        return TensorComparison(a, i, b, j, options, progress, left.dtype).run();
    if (left.dtype == DType::Opaque || right.dtype == DType::Opaque)
        return std::optional<TensorDifference>(); // listed as another type; its values cannot be read
    const FloatView viewLeft(a, i, readLeft), viewRight(b, j, readRight);
    const DType coarsest = roundingOf(left.dtype) > roundingOf(right.dtype) ? left.dtype : right.dtype;
    return TensorComparison(viewLeft, 0, viewRight, 0, options, progress, coarsest).run();
}

} // namespace

Result<DiffReport> diffSources(const TensorSource& a, const TensorSource& b, const DiffOptions& options,
                               Progress& progress)
{
    DiffReport report;
    const Pairing pairing(a, b);
    std::vector<std::pair<std::size_t, std::size_t>> both;
    std::vector<bool> matched(b.tensors().size());
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < a.tensors().size(); ++i) {
        const TensorInfo& info = a.tensors()[i];
        const auto other = pairing.other(i);
        if (!other) {
            report.onlyA.push_back(info.name);
            continue;
        }
        matched[*other] = true;
        const TensorInfo& right = b.tensors()[*other];
        if (info.shape != right.shape) {
            report.shapeDiffers.push_back(info.name);
            continue;
        }
        if (info.storedType != right.storedType || info.bytes != right.bytes)
            report.dtypeDiffers.push_back(info.name);
        else if (a.fingerprint(i) == b.fingerprint(*other)) {
            ++report.identical;
            continue;
        }
        both.emplace_back(i, *other);
        bytes += info.bytes + right.bytes;
    }
    for (std::size_t j = 0; j < b.tensors().size(); ++j)
        if (!matched[j])
            report.onlyB.push_back(b.tensors()[j].name);
    progress.begin(ProgressStage::Comparing, ProgressUnit::Bytes, bytes);
    for (const auto& [i, j] : both) {
        auto difference = compareTensors(a, i, b, j, pairing, options, progress);
        if (!difference)
            return failure(difference);
        if (*difference)
            report.changed.push_back(std::move(**difference));
        else if (a.tensors()[i].storedType == b.tensors()[j].storedType)
            ++report.identical;
    }
    std::ranges::stable_sort(report.changed, std::greater{}, &TensorDifference::relative);
    return report;
}

Json DiffReport::toJson() const
{
    Json rows = Json::array();
    for (const TensorDifference& d : changed) {
        Json elements = Json::array();
        for (const ElementDifference& element : d.top)
            elements.push_back({{"index", coordinates(element.index, d.shape)}, {"a", jsonNumber(element.a)}, {"b", jsonNumber(element.b)}});
        const double share = static_cast<double>(d.elementsChanged) / static_cast<double>(std::max<std::uint64_t>(d.elements, 1));
        rows.push_back({{"name", d.name},
                        {"elements_changed", d.elementsChanged},
                        {"share_changed", share},
                        {"max_abs", jsonNumber(d.maxAbs)},
                        {"rms", jsonNumber(d.rms)},
                        {"relative", jsonNumber(d.relative)},
                        {"cosine", jsonNumber(d.cosine)},
                        {"scale", jsonNumber(d.scale)},
                        {"shift", jsonNumber(d.shift)},
                        {"effective_rank", d.lowRank ? Json(d.lowRank->effectiveRank) : Json()},
                        {"rank", d.lowRank ? Json(d.lowRank->rank) : Json()},
                        {"character", d.character},
                        {"top", elements}});
    }
    return {{"only_a", onlyA},       {"only_b", onlyB},         {"shape_differs", shapeDiffers},
            {"dtype_differs", dtypeDiffers}, {"identical", identical}, {"changed", rows}};
}

} // namespace wb
