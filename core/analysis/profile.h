// Statistics of the rows, columns, heads or experts of one tensor, in one pass over all elements.
#pragma once

#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/tensor/tensorsource.h"

#include <cstdint>
#include <vector>

namespace wb {

enum class ProfileKind : std::uint8_t { Row, Column, Head, Expert };
[[nodiscard]] const char* profileName(ProfileKind kind); // "row" "col" "head" "expert"

// Over the finite values of one group; NaN where it has none.
struct GroupStatistics {
    std::uint64_t count = 0, nan = 0, inf = 0, zero = 0;
    double min = 0, max = 0, mean = 0, std = 0, absMax = 0, l2 = 0;
};

struct Profile {
    ProfileKind kind = ProfileKind::Row;
    std::vector<GroupStatistics> groups; // by index
    [[nodiscard]] Json toJson() const;
};

// How a config cuts the projections of attention.
struct HeadShape {
    std::uint64_t heads = 0, keyValueHeads = 0, headWidth = 0; // 0: not stated
};
[[nodiscard]] HeadShape headShapeOf(const Json* config);

// Groups of `size` neighbouring rows, or columns, of the 2-D view.
struct Grouping {
    bool byColumn = false;
    std::uint64_t size = 1;
    std::uint64_t count = 0;
};
// BadArgument where a tensor has no such groups, with the reason.
[[nodiscard]] Result<Grouping> groupingOf(const TensorInfo& tensor, ProfileKind kind, const HeadShape& heads);

// Rows and columns are those of the 2-D view. Heads are groups of rows of q, k and v projections and of columns of o_proj;
// experts are the first dimension of a tensor with three. BadArgument where that does not apply, with the reason.
[[nodiscard]] Result<Profile> profileOf(const TensorSource& source, std::size_t tensor, ProfileKind kind,
                                        const HeadShape& heads, Progress& progress);

} // namespace wb
