#include "core/eval/serve/promptscores.h"

#include "core/base/parallel.h"
#include "core/model/kernels.h"

#include <atomic>
#include <cmath>

namespace wb {

Result<std::vector<ScoredToken>> scoreNext(const Model& model, std::span<const float> hidden, std::span<const std::uint32_t> next, Precision precision,
                                           std::size_t candidates, std::size_t first, std::vector<float>& logits)
{
    const std::size_t width = model.config().width, vocabulary = model.config().vocabulary;
    logits.resize(std::max(logits.size(), std::min(scoredRows, next.size()) * vocabulary));
    std::vector<ScoredToken> out(next.size());
    for (std::size_t begin = 0; begin < next.size(); begin += scoredRows) {
        const std::size_t rows = std::min(scoredRows, next.size() - begin);
        computeLogits(model, hidden.subspan(begin * width, rows * width), precision, Product::Blocks, std::span(logits).first(rows * vocabulary));
        std::atomic<bool> finite{true};
        parallelFor(rows, [&](std::size_t row) {
            const std::span<const float> mine = std::span(logits).subspan(row * vocabulary, vocabulary);
            const double normaliser = kernels::logSumExp(mine.data(), vocabulary);
            if (!std::isfinite(normaliser)) {
                finite = false;
                return;
            }
            std::vector<std::uint32_t> order;
            out[begin + row] = {static_cast<double>(mine[next[begin + row]]) - normaliser, likeliest(mine, normaliser, candidates, order)};
        });
        if (!finite)
            return fail(ErrorCode::LogitsNotFinite, "", std::to_string(first + begin));
    }
    return out;
}

} // namespace wb
