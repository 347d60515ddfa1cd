#include "core/model/feedforward.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <numeric>

namespace wb {
namespace {

// out = down · f(gate x) ⊙ up x, or down · f(up x); x and out are dense.
void dense(const Linear& up, const Linear& down, const FeedForwardConfig& config, const float* x, std::size_t rows, float* out,
           std::vector<float>& inner, Precision precision, Product product, const std::function<void(std::span<float>)>& watch)
{
    const std::size_t width = config.width, upWidth = up.rows;
    inner.resize(std::max(inner.size(), rows * upWidth));
    multiply(up, x, rows, up.cols, inner.data(), upWidth, precision, product);
    const bool plain = config.kind == FeedForwardKind::Plain;
    parallelFor(rows, [&](std::size_t row) {
        float* values = inner.data() + row * upWidth;
        if (plain)
            kernels::activate(config.activation, values, width);
        else
            kernels::gate(config.activation, values, values + width, width);
    });
    if (watch && !plain) // the observer sees rows side by side
        for (std::size_t row = 1; row < rows; ++row)
            std::copy_n(inner.data() + row * upWidth, width, inner.data() + row * width);
    if (watch)
        watch({inner.data(), rows * width});
    multiply(down, inner.data(), rows, watch ? width : upWidth, out, down.rows, precision, product);
}

struct Choice {
    std::size_t row;
    float weight;
};

// The best experts of each token and their weights: softmax over all, the chosen ones made to sum to 1 where the config says so (Mixtral). Equal
// scores go to the lower number.
std::vector<std::vector<Choice>> choose(const std::vector<float>& scores, std::size_t rows, const FeedForwardConfig& config)
{
    std::vector<std::vector<Choice>> chosen(config.experts);
    std::vector<std::size_t> order(config.experts);
    for (std::size_t row = 0; row < rows; ++row) {
        const float* mine = scores.data() + row * config.experts;
        std::iota(order.begin(), order.end(), 0);
        std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return mine[a] > mine[b]; });
        float total = config.shareOfChosen ? 0 : 1;
        for (std::size_t i = 0; i < config.chosen && config.shareOfChosen; ++i)
            total += mine[order[i]];
        for (std::size_t i = 0; i < config.chosen; ++i)
            chosen[order[i]].push_back({row, mine[order[i]] / total});
    }
    return chosen;
}

void experts(const LayerWeights& weights, const FeedForwardConfig& config, std::size_t layer, std::span<const float> x, std::size_t rows,
             std::span<float> out, std::vector<float>& inner, const ForwardOptions& options, Product product)
{
    const Precision precision = options.precision;
    const std::size_t width = weights.router.cols;
    std::vector<float> scores(rows * config.experts);
    multiply(weights.router, x.data(), rows, width, scores.data(), config.experts, precision, product);
    for (std::size_t row = 0; row < rows; ++row)
        kernels::softmax(scores.data() + row * config.experts, config.experts);
    if (options.observer)
        options.observer(layer, Site::Router, scores, config.experts);
    std::ranges::fill(out, 0.0F);
    const auto chosen = choose(scores, rows, config);
    std::vector<float> gathered, answers;
    for (std::size_t expert = 0; expert < chosen.size(); ++expert) { // in this order the sums of a row have one order too
        const std::vector<Choice>& mine = chosen[expert];
        if (mine.empty())
            continue;
        gathered.resize(mine.size() * width);
        answers.resize(mine.size() * width);
        for (std::size_t i = 0; i < mine.size(); ++i)
            std::copy_n(x.data() + mine[i].row * width, width, gathered.data() + i * width);
        dense(weights.experts[expert].up, weights.experts[expert].down, config, gathered.data(), mine.size(), answers.data(), inner, precision,
              product, {});
        for (std::size_t i = 0; i < mine.size(); ++i)
            kernels::addScaled(out.data() + mine[i].row * width, answers.data() + i * width, mine[i].weight, width);
    }
}

} // namespace

void feedForward(const LayerWeights& weights, const FeedForwardConfig& config, std::size_t layer, std::span<const float> x, std::size_t rows,
                 std::span<float> out, std::vector<float>& inner, const ForwardOptions& options, Product product)
{
    if (config.kind == FeedForwardKind::Experts)
        return experts(weights, config, layer, x, rows, out, inner, options, product);
    std::function<void(std::span<float>)> watch;
    if (options.observer)
        watch = [&](std::span<float> values) { options.observer(layer, Site::FeedForwardMix, values, config.width); };
    dense(weights.up, weights.down, config, x.data(), rows, out.data(), inner, options.precision, product, watch);
}

} // namespace wb
