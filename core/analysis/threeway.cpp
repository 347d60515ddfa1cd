#include "core/analysis/threeway.h"

#include "core/analysis/pairing.h"
#include "core/base/parallel.h"
#include "core/tensor/decode.h"
#include "core/tensor/floatview.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace wb {
namespace {

constexpr std::uint64_t chunkElements = 65536;

bool differ(double x, double y) { return x != y && !(std::isnan(x) && std::isnan(y)); }

struct Sums {
    std::uint64_t inA = 0, inB = 0, inBoth = 0, conflicts = 0;
    double baseSquares = 0, aSquares = 0, bSquares = 0, product = 0;

    void add(double base, double a, double b)
    {
        const bool movedA = differ(base, a), movedB = differ(base, b);
        inA += movedA ? 1 : 0;
        inB += movedB ? 1 : 0;
        inBoth += movedA && movedB ? 1 : 0;
        conflicts += movedA && movedB && differ(a, b) ? 1 : 0;
        if (!std::isfinite(base) || !std::isfinite(a) || !std::isfinite(b))
            return;
        baseSquares += base * base;
        aSquares += (a - base) * (a - base);
        bSquares += (b - base) * (b - base);
        product += (a - base) * (b - base);
    }
    void merge(const Sums& other)
    {
        inA += other.inA;
        inB += other.inB;
        inBoth += other.inBoth;
        conflicts += other.conflicts;
        baseSquares += other.baseSquares;
        aSquares += other.aSquares;
        bSquares += other.bSquares;
        product += other.product;
    }
};

// The same weights on three sides, each read as Hugging Face stores them.
struct Triple {
    FloatView base, a, b; // F32: a pair of F64 that rounds to the same F32 is equal here
};

Result<Sums> compareTriple(const Triple& triple, std::uint64_t elements, Progress& progress)
{
    std::vector<Sums> sums((elements + chunkElements - 1) / chunkElements);
    struct Lane {
        std::vector<float> base, a, b;
    };
    auto done = forChunks(
        sums.size(), [] { return Lane(); },
        [&](Lane& lane, std::size_t chunk) -> Result<void> {
            const UnitRange range{chunk * chunkElements, std::min(chunkElements, elements - chunk * chunkElements)};
            for (const auto& [view, values] : {std::pair(&triple.base, &lane.base), std::pair(&triple.a, &lane.a),
                                               std::pair(&triple.b, &lane.b)}) {
                values->resize(range.count);
                if (auto read = view->read(0, range, std::as_writable_bytes(std::span(*values))); !read)
                    return read;
            }
            for (std::uint64_t i = 0; i < range.count; ++i)
                sums[chunk].add(lane.base[i], lane.a[i], lane.b[i]);
            return progress.advance(range.count) ? Result<void>() : cancelledError();
        },
        [](Lane&) {});
    if (!done)
        return failure(done);
    Sums total;
    for (const Sums& part : sums)
        total.merge(part);
    return total;
}

ThreeWayTensor report(const TensorInfo& info, const Sums& sums)
{
    const auto relative = [&](double squares) { return squares == 0 ? 0 : std::sqrt(squares / sums.baseSquares); };
    const bool bothMoved = sums.aSquares > 0 && sums.bSquares > 0;
    return {info.name,
            info.elements,
            sums.inA,
            sums.inB,
            sums.inBoth,
            sums.conflicts,
            relative(sums.aSquares),
            relative(sums.bSquares),
            bothMoved ? std::clamp(sums.product / std::sqrt(sums.aSquares) / std::sqrt(sums.bSquares), -1.0, 1.0)
                      : std::numeric_limits<double>::quiet_NaN()};
}

} // namespace

Result<ThreeWayReport> compareWithBase(const TensorSource& base, const TensorSource& a, const TensorSource& b, Progress& progress)
{
    ThreeWayReport report;
    const Pairing withA(base, a), withB(base, b);
    std::uint64_t elements = 0;
    for (const TensorInfo& info : base.tensors())
        elements += info.elements;
    progress.begin(ProgressStage::Comparing, ProgressUnit::Items, elements);
    for (std::size_t i = 0; i < base.tensors().size(); ++i) {
        const TensorInfo& info = base.tensors()[i];
        const auto inA = withA.other(i), inB = withB.other(i);
        const auto comparable = [&](const TensorSource& side, std::optional<std::size_t> tensor) {
            return tensor && side.tensors()[*tensor].shape == info.shape && side.tensors()[*tensor].dtype != DType::Opaque;
        };
        if (info.dtype == DType::Opaque || !comparable(a, inA) || !comparable(b, inB)) {
            report.notInBoth.push_back(info.name);
            continue;
        }
        const std::string own = base.fingerprint(i);
        if (own == a.fingerprint(*inA) && own == b.fingerprint(*inB))
            continue;
        // A side paired by name stores its rows as the base does.
        const StoredConversion ofBase = withA.byRole() ? withA.readingOfA(i) : withB.readingOfA(i);
        const Triple triple{FloatView(base, i, ofBase), FloatView(a, *inA, withA.byRole() ? withA.readingOfB(*inA) : ofBase),
                            FloatView(b, *inB, withB.byRole() ? withB.readingOfB(*inB) : ofBase)};
        const auto sums = compareTriple(triple, info.elements, progress);
        if (!sums)
            return failure(sums);
        if (sums->inA != 0 || sums->inB != 0)
            report.changed.push_back(wb::report(info, *sums));
    }
    std::ranges::stable_sort(report.changed, std::greater{}, [](const ThreeWayTensor& t) { return std::max(t.relativeA, t.relativeB); });
    return report;
}

Json ThreeWayReport::toJson() const
{
    Json rows = Json::array();
    for (const ThreeWayTensor& t : changed)
        rows.push_back({{"name", t.name},
                        {"changed_in", t.changedInB == 0 ? "a" : t.changedInA == 0 ? "b" : "both"},
                        {"elements", t.elements},
                        {"elements_a", t.changedInA},
                        {"elements_b", t.changedInB},
                        {"elements_both", t.changedInBoth},
                        {"conflicts", t.conflicts},
                        {"relative_a", jsonNumber(t.relativeA)},
                        {"relative_b", jsonNumber(t.relativeB)},
                        {"cosine", jsonNumber(t.cosine)}});
    return {{"changed", rows}, {"not_in_both", notInBoth}};
}

} // namespace wb
