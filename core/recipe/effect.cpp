#include "core/recipe/check.h"

#include "core/analysis/widestatistics.h"
#include "core/base/parallel.h"
#include "core/tensor/decode.h"
#include "core/tensor/floatview.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

namespace wb {
namespace {

// A tensor as a map of another one: of itself by nothing, or of the base that it derives from.
struct Mapped {
    const TensorSource* root;
    std::size_t tensor;
    std::optional<Derived> derived; // keeps the root alive
};

Mapped rootOf(const TensorSource& source, std::size_t tensor)
{
    auto derived = source.derived(tensor);
    if (!derived)
        return {&source, tensor, std::nullopt};
    const TensorSource* root = derived->source.get();
    const std::size_t at = derived->tensor;
    return {root, at, std::move(derived)};
}

bool sameRoot(const Mapped& a, const Mapped& b) { return a.root->fingerprint(a.tensor) == b.root->fingerprint(b.tensor); }

struct Sums {
    std::uint64_t changed = 0, newNonFinite = 0;
    double squares = 0, deltaSquares = 0;

    void add(double before, double after, std::uint64_t count)
    {
        if (!std::isfinite(before))
            return;
        if (!std::isfinite(after)) {
            newNonFinite += count;
            return;
        }
        const auto weight = static_cast<double>(count);
        squares += before * before * weight;
        deltaSquares += (after - before) * (after - before) * weight;
    }
    void add(const Sums& other)
    {
        changed += other.changed;
        newNonFinite += other.newNonFinite;
        squares += other.squares;
        deltaSquares += other.deltaSquares;
    }
    [[nodiscard]] double relative() const
    {
        return deltaSquares == 0 ? 0 : std::sqrt(deltaSquares / squares); // infinite for a tensor of zeros
    }
    [[nodiscard]] EditEffect effect(std::uint64_t elements) const
    {
        EditEffect effect;
        effect.elements = elements;
        effect.changed = changed;
        effect.newNonFinite = newNonFinite;
        effect.relative = relative();
        return effect;
    }
};

Result<EditEffect> byTable(const Mapped& before, const Mapped& after, StatisticsCache& cache, Progress& progress)
{
    auto table = valueTable(*before.root, before.tensor, cache, progress);
    if (!table)
        return failure(table);
    const auto codeIn = [](const Mapped& mapped, std::size_t code) {
        return mapped.derived ? (*mapped.derived->codes)[code] : static_cast<std::uint16_t>(code);
    };
    const std::vector<double>& values = codeValues((*table)->dtype);
    std::uint64_t elements = 0;
    Sums sums;
    std::set<std::uint16_t> distinctBefore, distinctAfter;
    for (std::size_t code = 0; code < values.size(); ++code) {
        const std::uint64_t count = (*table)->counts[code];
        if (count == 0)
            continue;
        const std::uint16_t from = codeIn(before, code), to = codeIn(after, code);
        elements += count;
        sums.changed += from != to ? count : 0;
        sums.add(values[from], values[to], count);
        distinctBefore.insert(from);
        distinctAfter.insert(to);
    }
    EditEffect effect = sums.effect(elements);
    // `before` may hold edits that `after` replaced, which can leave more values than there were.
    effect.merged = distinctBefore.size() - std::min(distinctBefore.size(), distinctAfter.size());
    return effect;
}

Result<EditEffect> byBuckets(const Mapped& before, const Mapped& after, StatisticsCache& cache, Progress& progress)
{
    auto table = bucketTable(*before.root, before.tensor, cache, progress);
    if (!table)
        return failure(table);
    const auto valueIn = [](const Mapped& mapped, double value) {
        return mapped.derived ? mapped.derived->values(value) : value;
    };
    Sums sums;
    for (std::size_t i = 0; i < (*table)->values.size(); ++i) {
        const double from = valueIn(before, (*table)->values[i]), to = valueIn(after, (*table)->values[i]);
        sums.changed += from != to ? (*table)->counts[i] : 0;
        sums.add(from, to, (*table)->counts[i]);
    }
    EditEffect effect = sums.effect(before.root->tensors()[before.tensor].elements);
    effect.exact = false;
    return effect;
}

Result<EditEffect> byStreaming(const TensorSource& before, const TensorSource& after, std::size_t tensor,
                               Progress& progress)
{
    const TensorInfo& info = before.tensors()[tensor];
    constexpr std::uint64_t chunkUnits = std::uint64_t{1} << 16;
    const std::uint32_t unit = unitBytes(info.dtype);
    const std::size_t chunks = (info.units() + chunkUnits - 1) / chunkUnits;
    std::vector<Sums> parts(chunks);
    struct Lane {
        std::vector<std::byte> a, b;
        std::vector<double> x, y;
    };
    auto done = forChunks(
        chunks, [] { return Lane{}; },
        [&](Lane& lane, std::size_t chunk) -> Result<void> {
            const UnitRange range{chunk * chunkUnits, std::min(chunkUnits, info.units() - chunk * chunkUnits)};
            lane.a.resize(range.count * unit);
            lane.b.resize(range.count * unit);
            lane.x.resize(range.count);
            lane.y.resize(range.count);
            if (auto read = before.read(tensor, range, lane.a); !read)
                return read;
            if (auto read = after.read(tensor, range, lane.b); !read)
                return read;
            decode(info.dtype, lane.a, lane.x);
            decode(info.dtype, lane.b, lane.y);
            for (std::size_t i = 0; i < range.count; ++i) {
                parts[chunk].changed += std::memcmp(lane.a.data() + i * unit, lane.b.data() + i * unit, unit) != 0 ? 1 : 0;
                parts[chunk].add(lane.x[i], lane.y[i], 1);
            }
            return progress.advance(2 * lane.a.size()) ? Result<void>() : cancelledError();
        },
        [](Lane&) {});
    if (!done)
        return failure(done);
    Sums all;
    for (const Sums& part : parts)
        all.add(part);
    return all.effect(info.elements);
}

} // namespace

Result<EditEffect> effectOf(const TensorSource& before, const TensorSource& after, std::size_t tensor, bool quick,
                            StatisticsCache& cache, Progress& progress)
{
    const TensorInfo& info = before.tensors()[tensor];
    if (info.dtype == DType::Opaque)
        return fail(ErrorCode::OpaqueDtype, info.name, info.name, info.storedType);
    if (hasFactors(info.dtype))
        return byStreaming(FloatView(before, tensor), FloatView(after, tensor), 0, progress);
    const Mapped from = rootOf(before, tensor), to = rootOf(after, tensor);
    if (hasValueTable(info.dtype) && sameRoot(from, to))
        return byTable(from, to, cache, progress);
    if (quick && sameRoot(from, to))
        return byBuckets(from, to, cache, progress);
    return byStreaming(before, after, tensor, progress);
}

} // namespace wb
