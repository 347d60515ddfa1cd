#include "core/model/likelihood.h"

#include "core/base/parallel.h"

namespace wb {

void negativeLogLikelihoods(const Model& model, std::span<const float> hidden, std::span<const std::uint32_t> next, Precision precision,
                            std::vector<float>& scratch, std::span<double> out)
{
    const std::size_t width = model.config().width, vocabulary = model.config().vocabulary;
    scratch.resize(std::max(scratch.size(), std::min(likelihoodRows, next.size()) * vocabulary));
    for (std::size_t first = 0; first < next.size(); first += likelihoodRows) {
        const std::size_t rows = std::min(likelihoodRows, next.size() - first);
        computeLogits(model, hidden.subspan(first * width, rows * width), precision, Product::Blocks, std::span(scratch).first(rows * vocabulary));
        parallelFor(rows, [&](std::size_t row) {
            const float* logits = scratch.data() + row * vocabulary;
            out[first + row] = kernels::logSumExp(logits, vocabulary) - static_cast<double>(logits[next[first + row]]);
        });
    }
}

} // namespace wb
