// Attention of the rows of one forward pass over the cached keys and values: grouped queries, windows, soft caps.
#pragma once

#include "core/model/cache.h"
#include "core/model/linear.h"

#include <span>

namespace wb {

// Rows [row, row + count) of q and of the mix belong to a sequence whose keys and values stand in `cached`; its last `count`
// positions are these rows.
struct AttentionSpan {
    std::size_t row = 0, count = 0;
    KvCache::Rows cached;
};

// q: rows of (heads·headDim), qStride apart, rotated; mix: rows of (heads·headDim).
void attend(const AttentionConfig& config, std::span<const AttentionSpan> spans, const float* q, std::size_t qStride, float* mix,
            Product product);

} // namespace wb
