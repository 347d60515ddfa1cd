#include "core/recipe/elementset.h"

#include "core/recipe/percent.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace wb {
namespace {

std::string rangeText(const std::optional<IndexRange>& range)
{
    if (!range)
        return ":";
    return range->end == range->first + 1 ? std::to_string(range->first) : fmt::format("{}:{}", range->first, range->end);
}

// Ascending, without repetitions, neighbours joined.
std::vector<IndexRange> groupsAsRanges(std::vector<std::uint32_t> groups, std::uint64_t size)
{
    std::ranges::sort(groups);
    std::vector<IndexRange> ranges;
    for (const std::uint32_t group : groups) {
        const IndexRange range{group * size, (group + 1) * size};
        if (!ranges.empty() && range.first <= ranges.back().end)
            ranges.back().end = std::max(ranges.back().end, range.end);
        else
            ranges.push_back(range);
    }
    return ranges;
}

std::vector<IndexRange> intersection(const std::vector<IndexRange>& a, const std::vector<IndexRange>& b)
{
    std::vector<IndexRange> common;
    for (const IndexRange& x : a)
        for (const IndexRange& y : b)
            if (const IndexRange both{std::max(x.first, y.first), std::min(x.end, y.end)}; both.first < both.end)
                common.push_back(both);
    std::ranges::sort(common, {}, &IndexRange::first);
    return common;
}

Result<void> limitTo(std::vector<IndexRange>& places, const std::optional<IndexRange>& range, std::uint64_t count,
                     const TensorInfo& tensor, const char* none)
{
    if (!range)
        return {};
    if (range->first >= range->end || range->end > count)
        return fail(ErrorCode::BadArgument, tensor.name,
                    said(none, range->first, range->end, count));
    places = intersection(places, {*range});
    return {};
}

const char* noGroup(ProfileKind kind)
{
    return kind == ProfileKind::Head ? CORE_TEXT("reasons", "there is no head %1: this tensor has %2") : CORE_TEXT("reasons", "there is no expert %1: this tensor has %2");
}

Result<void> limitToGroups(Region& region, const std::vector<std::uint32_t>& groups, ProfileKind kind, const TensorInfo& tensor,
                           const HeadShape& heads)
{
    if (groups.empty())
        return {};
    auto grouping = groupingOf(tensor, kind, heads);
    if (!grouping)
        return failure(grouping);
    if (const std::uint32_t last = std::ranges::max(groups); last >= grouping->count)
        return fail(ErrorCode::BadArgument, tensor.name,
                    said(noGroup(kind), last, grouping->count));
    std::vector<IndexRange>& places = grouping->byColumn ? region.cols : region.rows;
    places = intersection(places, groupsAsRanges(groups, grouping->size));
    return {};
}

Result<void> limitToPart(Region& region, const std::string& role, std::span<const FusedPart> fused, const TensorInfo& tensor)
{
    if (role.empty())
        return {};
    const FusedPart* part = partWithRole(fused, role);
    if (part == nullptr)
        return fail(ErrorCode::BadArgument, tensor.name, noPartSentence(fused, role));
    std::vector<IndexRange> ranges;
    for (const FusedPart::Range& range : part->ranges)
        ranges.push_back({range.first, range.end});
    std::vector<IndexRange>& places = part->columns ? region.cols : region.rows;
    places = intersection(places, ranges);
    return {};
}

} // namespace

std::string describe(const Elements& elements)
{
    std::string text;
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : " ") + part; };
    if (elements.rows || elements.cols)
        add("[" + rangeText(elements.rows) + ", " + rangeText(elements.cols) + "]");
    if (!elements.heads.empty())
        add(fmt::format("heads {}", fmt::join(elements.heads, ",")));
    if (!elements.experts.empty())
        add(fmt::format("experts {}", fmt::join(elements.experts, ",")));
    if (!elements.part.empty())
        add("part " + elements.part);
    if (const auto& band = elements.band) {
        const char* of = band->of == Measure::Magnitude ? " |x|" : "";
        if (band->kind == ValueBand::Kind::Quantile)
            add(fmt::format("q {} … {}{}", band->low, band->high, of));
        else
            add(fmt::format("{} {} %{}", band->kind == ValueBand::Kind::Top ? "top" : "bottom", percentOf(band->low), of));
    }
    return text;
}

std::string canonical(const Elements& elements)
{
    std::string text;
    for (const auto& range : {elements.rows, elements.cols})
        text += range ? fmt::format("{}:{} ", range->first, range->end) : "- ";
    text += fmt::format("h{} e{}", fmt::join(elements.heads, ","), fmt::join(elements.experts, ","));
    if (!elements.part.empty())
        text += " p" + elements.part;
    if (const auto& band = elements.band)
        text += fmt::format(" b{} {:a} {:a} {}", static_cast<int>(band->kind), band->low, band->high, static_cast<int>(band->of));
    return text;
}

bool Region::whole() const
{
    return rows.size() == 1 && cols.size() == 1 && rows[0] == IndexRange{0, matrix.rows} && cols[0] == IndexRange{0, matrix.cols};
}

std::uint64_t Region::elements() const
{
    std::uint64_t height = 0, width = 0;
    for (const IndexRange& range : rows)
        height += range.end - range.first;
    for (const IndexRange& range : cols)
        width += range.end - range.first;
    return height * width;
}

Result<Region> regionOf(const Elements& elements, const TensorInfo& tensor, const HeadShape& heads, std::span<const FusedPart> fused)
{
    const Matrix matrix = matrixOf(tensor);
    Region region{matrix, {{0, matrix.rows}}, {{0, matrix.cols}}};
    if (auto limited = limitTo(region.rows, elements.rows, matrix.rows, tensor, CORE_TEXT("reasons", "there are no rows %1 to %2 in a tensor with %3")); !limited)
        return failure(limited);
    if (auto limited = limitTo(region.cols, elements.cols, matrix.cols, tensor, CORE_TEXT("reasons", "there are no columns %1 to %2 in a tensor with %3")); !limited)
        return failure(limited);
    if (auto limited = limitToGroups(region, elements.heads, ProfileKind::Head, tensor, heads); !limited)
        return failure(limited);
    if (auto limited = limitToGroups(region, elements.experts, ProfileKind::Expert, tensor, heads); !limited)
        return failure(limited);
    if (auto limited = limitToPart(region, elements.part, fused, tensor); !limited)
        return failure(limited);
    if (region.rows.empty() || region.cols.empty())
        return fail(ErrorCode::BadArgument, tensor.name, said(CORE_TEXT("reasons", "these rows, columns, heads, experts and parts have no element in common")));
    return region;
}

} // namespace wb
