#include "core/model/attention.h"

#include "core/base/parallel.h"
#include "core/tensor/halffloat.h"

#include <limits>

namespace wb {
namespace {

constexpr std::size_t queryBlock = 64; // queries of one task; its scores stay in the cache

float* scratch(std::size_t floats)
{
    thread_local std::vector<float> memory;
    if (memory.size() < floats)
        memory.resize(floats);
    return memory.data();
}

struct Range {
    std::size_t first, end; // rows of the cache
};

// What the query at `position` sees.
Range visible(const AttentionConfig& config, const KvCache::Rows& cached, std::size_t position)
{
    const std::size_t from = config.window != 0 && position + 1 > config.window ? position + 1 - config.window : 0;
    return {std::max(from, cached.first) - cached.first, position + 1 - cached.first};
}

// Biases of the scores of one head with the keys from `first` on.
void addAlibi(const Alibi& alibi, std::size_t head, std::size_t first, std::size_t count, float* scores)
{
    if (alibi.slopes.empty())
        return;
    const float slope = alibi.slopes[head];
    const auto bf16 = [](float value) { return static_cast<float>(fromBFloat16(toBFloat16(value))); };
    for (std::size_t i = 0; i < count; ++i) {
        const auto position = static_cast<float>(first + i);
        scores[i] += alibi.factor * (alibi.rounded ? bf16(bf16(slope) * bf16(position)) : slope * position);
    }
}

void attendOne(const AttentionConfig& config, const AttentionSpan& span, std::size_t query, std::size_t head, const float* q, float* mix)
{
    const std::size_t size = config.headDim, stride = std::size_t{config.kvHeads} * size;
    const std::size_t shared = head / (config.heads / config.kvHeads);
    const std::size_t position = span.cached.first + span.cached.count - span.count + query;
    const Range range = visible(config, span.cached, position);
    const std::size_t count = range.end - range.first;
    const float* keys = span.cached.keys + range.first * stride + shared * size;
    const float* values = span.cached.values + range.first * stride + shared * size;
    float* scores = scratch(count);
    kernels::dots(q, keys, stride, count, size, scores);
    kernels::scale(scores, config.scoreScale, count);
    addAlibi(config.alibi, head, span.cached.first + range.first, count, scores);
    if (config.scoreCap != 0)
        kernels::softCap(scores, config.scoreCap, count);
    kernels::softmax(scores, count);
    std::fill_n(mix, size, 0.0F);
    kernels::addScaledRows(mix, values, stride, scores, count, size);
}

// A block of queries of one head by two matrix products; hidden places get −∞ before the softmax.
void attendBlock(const AttentionConfig& config, const AttentionSpan& span, std::size_t first, std::size_t count, std::size_t head,
                 const float* q, std::size_t qStride, float* mix, std::size_t mixStride)
{
    const std::size_t size = config.headDim, stride = std::size_t{config.kvHeads} * size;
    const std::size_t shared = head / (config.heads / config.kvHeads);
    const std::size_t position = span.cached.first + span.cached.count - span.count + first;
    const Range whole{visible(config, span.cached, position).first, visible(config, span.cached, position + count - 1).end};
    const std::size_t wide = whole.end - whole.first;
    float* scores = scratch(count * wide);
    matrixProduct(true, count, wide, size, q, qStride, span.cached.keys + whole.first * stride + shared * size, stride, scores, wide);
    for (std::size_t i = 0; i < count; ++i) {
        float* row = scores + i * wide;
        const Range range = visible(config, span.cached, position + i);
        const std::size_t begin = range.first - whole.first, seen = range.end - range.first;
        std::fill_n(row, begin, 0.0F);
        std::fill(row + begin + seen, row + wide, 0.0F);
        kernels::scale(row + begin, config.scoreScale, seen);
        addAlibi(config.alibi, head, span.cached.first + range.first, seen, row + begin);
        if (config.scoreCap != 0)
            kernels::softCap(row + begin, config.scoreCap, seen);
        kernels::softmax(row + begin, seen);
    }
    matrixProduct(false, count, size, wide, scores, wide, span.cached.values + whole.first * stride + shared * size, stride, mix, mixStride);
}

struct Task {
    const AttentionSpan* span;
    std::size_t first, count, head, heads; // queries first … first + count − 1 of these heads
};

// Heads that share keys are done one after the other by the same thread, in whose cache these then are, where that leaves each thread some
// tasks.
std::size_t headsEach(const AttentionConfig& config, std::span<const AttentionSpan> spans, Product product)
{
    constexpr std::size_t fewest = 4;
    const std::size_t sharing = config.heads / config.kvHeads;
    return product == Product::RowByRow && spans.size() * config.kvHeads >= fewest * threadCount() ? sharing : 1;
}

} // namespace

void attend(const AttentionConfig& config, std::span<const AttentionSpan> spans, const float* q, std::size_t qStride, float* mix,
            Product product)
{
    std::vector<Task> tasks;
    const std::size_t step = product == Product::RowByRow ? 1 : queryBlock, heads = headsEach(config, spans, product);
    for (const AttentionSpan& span : spans)
        for (std::size_t head = 0; head < config.heads; head += heads)
            for (std::size_t first = 0; first < span.count; first += step)
                tasks.push_back({&span, first, std::min(step, span.count - first), head, heads});
    const std::size_t width = std::size_t{config.heads} * config.headDim;
    parallelFor(tasks.size(), [&](std::size_t i) {
        const Task& task = tasks[i];
        const std::size_t row = task.span->row + task.first;
        for (std::size_t head = task.head; head < task.head + task.heads; ++head) {
            const float* from = q + row * qStride + head * config.headDim;
            float* to = mix + row * width + head * config.headDim;
            if (product == Product::RowByRow)
                attendOne(config, *task.span, task.first, head, from, to);
            else
                attendBlock(config, *task.span, task.first, task.count, head, from, qStride, to, width);
        }
    });
}

} // namespace wb
