#include "core/analysis/linearmap.h"

#include "core/analysis/digitsums.h"
#include "core/analysis/sumsofproducts.h"
#include "core/base/parallel.h"
#include "core/tensor/dense.h"

#include <cmath>
#include <limits>

namespace wb {
namespace {

constexpr double eigenCutoff = 4 * std::numeric_limits<double>::epsilon(); // Gram matrices square the singular values

// Over tokens, with R = N + M − L.
struct Sums {
    std::vector<double> gram, cross; // lower triangle of MᵀM; MᵀR
    double wanted = 0;               // Σ‖R‖²
    double removed = 0, after = 0;   // Σ‖L − N‖², Σ‖N‖²
    std::size_t tokens = 0;
};

void add(Sums& all, std::span<const double> m, std::span<const double> l, std::span<const double> n, std::size_t rows, std::size_t width)
{
    if (all.gram.empty()) {
        all.gram.assign(width * width, 0);
        all.cross.assign(width * width, 0);
    }
    std::vector<double> r(rows * width);
    for (std::size_t i = 0; i < r.size(); ++i) {
        r[i] = n[i] + m[i] - l[i];
        all.wanted += r[i] * r[i];
        all.removed += (l[i] - n[i]) * (l[i] - n[i]);
        all.after += n[i] * n[i];
    }
    parallelFor(2, [&](std::size_t which) { which == 0 ? sums::addGram(m, rows, width, all.gram) : sums::addCross(m, r, rows, width, width, all.cross); });
    all.tokens += rows;
}

// One factor a channel: Σ m r / (Σ m² + α).
Result<std::vector<double>> solveDiagonal(const Sums& sums, std::size_t n, double ridge, LinearMap& out)
{
    std::vector<double> map(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        const double size = sums.gram[i * n + i] + ridge;
        out.rankUsed += size > 0 ? 1U : 0U;
        map[i * n + i] = size > 0 ? sums.cross[i * n + i] / size : 1;
    }
    return map;
}

// By the eigenvectors of MᵀM, so that directions nobody uses are left out instead of blown up.
Result<std::vector<double>> solve(const Sums& sums, std::size_t n, double ridge, LinearMap& out)
{
    std::vector<double> vectors = sums.gram, projected(n * n), map(n * n);
    const auto eigen = dense::symmetricEigen(vectors, n, true);
    if (!eigen)
        return failure(eigen);
    const std::vector<double>& values = *eigen;
    dense::multiply(vectors, sums.cross, n, n, n, projected);
    const double limit = std::max(0.0, values.back()) * eigenCutoff * static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
        const bool used = values[i] > limit;
        out.rankUsed += used ? 1U : 0U;
        for (std::size_t j = 0; j < n; ++j)
            projected[i * n + j] = used ? projected[i * n + j] / (values[i] + ridge) : 0;
    }
    dense::addCross(vectors, projected, n, n, n, map);
    return map;
}

Result<LinearMap> finish(Sums& sums, std::size_t n, const LinearMapOptions& options)
{
    LinearMap out;
    out.width = n;
    out.tokens = sums.tokens;
    double trace = 0;
    for (std::size_t i = 0; i < n; ++i)
        trace += sums.gram[i * n + i];
    const double ridge = options.ridge * trace / static_cast<double>(n);
    const auto solved = options.diagonal ? solveDiagonal(sums, n, ridge, out) : solve(sums, n, ridge, out);
    if (!solved)
        return failure(solved);
    const std::vector<double>& map = *solved;
    // ‖R − M·T‖² = ‖R‖² − 2⟨T, MᵀR⟩ + ⟨T, MᵀM·T⟩
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j)
            sums.gram[i * n + j] = sums.gram[j * n + i];
    std::vector<double> product(n * n);
    dense::multiply(sums.gram, map, n, n, n, product);
    double left = sums.wanted;
    for (std::size_t i = 0; i < n * n; ++i)
        left += map[i] * (product[i] - 2 * sums.cross[i]);
    out.removed = std::sqrt(sums.removed / sums.after);
    out.replaced = std::sqrt(std::max(0.0, left) / sums.after);
    out.values.assign(map.begin(), map.end());
    return out;
}

Result<void> check(const ModelConfig& config, const Model& model, std::size_t tokens, std::size_t first, std::size_t last, const LinearMapOptions& options)
{
    const auto refuse = [](const Sentence& reason) { return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "layers")), reason); };
    if (first == 0 || first > last || last >= config.layers.size())
        return refuse(said(CORE_TEXT("reasons", "layers %1 to %2 of %3: the stretch must begin behind layer 0 and end within the model"), first, last, config.layers.size()));
    if (!model.weights().layers[first - 1].feedForwardPostNorm.gain.empty())
        return refuse(said(CORE_TEXT("reasons", "a norm stands behind the feed-forward of layer %1, so that no map can be folded into it"), first - 1));
    if (tokens == 0 || (tokens < config.width && options.ridge == 0 && !options.diagonal))
        return refuse(said(CORE_TEXT("reasons", "%1 tokens for a width of %2: give more, a ridge, or a diagonal map"), tokens, config.width));
    return options.window == 0 ? refuse(said(CORE_TEXT("reasons", "a window of 0 tokens"))) : Result<void>();
}

} // namespace

Result<LinearMap> computeLinearMap(const Model& model, std::span<const std::uint32_t> tokens, std::size_t first, std::size_t last, const LinearMapOptions& options,
                                   Progress& progress)
{
    const ModelConfig& config = model.config();
    const ProgressScope scope(progress);
    if (auto possible = check(config, model, tokens.size(), first, last, options); !possible)
        return failure(possible);
    progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, tokens.size());
    Sums sums;
    Workspace space;
    for (std::size_t at = 0; at < tokens.size(); at += options.window) {
        const auto window = tokens.subspan(at, std::min(options.window, tokens.size() - at));
        std::vector<double> m, l, n;
        KvCache cache(config);
        ForwardOptions forwardOptions;
        forwardOptions.observer = [&](std::size_t layer, Site site, std::span<float> values, std::size_t) {
            std::vector<double>* to = site == Site::FeedForwardOut && layer + 1 == first ? &m : site == Site::Block && layer + 1 == first ? &l : site == Site::Block && layer == last ? &n : nullptr;
            if (to != nullptr)
                to->insert(to->end(), values.begin(), values.end());
        };
        if (auto done = forwardInSteps(model, cache, window, forwardOptions, space, progress, [](std::size_t, std::span<float>) {}); !done)
            return failure(done);
        const std::size_t skip = options.excludeFirst ? 1 : 0, rows = window.size() - skip, begin = skip * config.width;
        if (rows != 0)
            add(sums, std::span(m).subspan(begin), std::span(l).subspan(begin), std::span(n).subspan(begin), rows, config.width);
    }
    if (sums.tokens == 0 || !std::isfinite(sums.wanted))
        return fail(ErrorCode::LogitsNotFinite, "", std::to_string(sums.tokens));
    return finish(sums, config.width, options);
}

std::uint64_t linearMapBytes(const ModelConfig& config, const LinearMapOptions& options)
{
    const std::uint64_t width = config.width;
    return (6 * width * width + 4 * options.window * width) * sizeof(double) + 3 * DigitVectors::bytes(options.window, width) + KvCache::bytesFor(config, options.window) +
           workspaceBytes(config, std::min<std::uint64_t>(options.window, stepTokens));
}

Result<LinearMap> linearMapOf(std::span<const double> added, std::span<const double> before, std::span<const double> after, std::size_t rows, std::size_t width,
                      const LinearMapOptions& options)
{
    Sums sums;
    add(sums, added, before, after, rows, width);
    return finish(sums, width, options);
}

} // namespace wb
