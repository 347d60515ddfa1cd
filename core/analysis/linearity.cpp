#include "core/analysis/linearity.h"

#include "core/analysis/bestmap.h"
#include "core/analysis/intrinsicdimension.h"
#include "core/analysis/splitinterval.h"
#include "core/analysis/statesums.h"
#include "core/analysis/sumsofproducts.h"
#include "core/base/parallel.h"
#include "core/tensor/dense.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>

namespace wb {
namespace {

// Full symmetric matrix of sums about the mean.
std::vector<double> centredGram(const StateSums& sums, std::size_t n, double count)
{
    std::vector<double> out(n * n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j)
            out[i * n + j] = out[j * n + i] = sums.gram[i * n + j] - sums.sum[i] * sums.sum[j] / count;
    return out;
}

double adjustedFor(double score, double count, double width) { return 1 - (1 - score) * (count - 1) / (count - width - 1); }

LayerLinearity figuresOf(const CentredSums& sums, const BestMap& best, std::size_t n, double count)
{
    LayerLinearity out;
    const double x = trace(sums.gramX, n), y = trace(sums.gramY, n), c = trace(sums.cross, n);
    out.score = best.whole / y;
    out.withoutResidual = best.contribution / (y - 2 * c + x);
    out.adjusted = adjustedFor(out.score, count, static_cast<double>(n));
    out.withoutResidualAdjusted = adjustedFor(out.withoutResidual, count, static_cast<double>(n));
    out.anisotropy = best.anisotropy;
    out.rankUsed = best.rank;
    out.condition = best.condition;
    return out;
}

// The states of every layer of one window, as transformers counts them.
class Reader {
public:
    Reader(const Model& model, const LinearityOptions& options, Progress& progress) : m_model(model), m_options(options), m_progress(progress) {}

    Result<void> read(std::span<const std::uint32_t> tokens)
    {
        const std::size_t layers = m_model.config().layers.size();
        states.resize(layers + 1);
        for (std::vector<float>& state : states)
            state.clear();
        KvCache cache(m_model.config());
        ForwardOptions options{m_options.precision, {}};
        options.observer = [&](std::size_t layer, Site site, std::span<float> values, std::size_t) {
            const bool first = site == Site::Embedding, last = site == Site::FinalNorm, inner = site == Site::Block && layer + 1 < layers;
            if (!first && !last && !inner)
                return;
            std::vector<float>& to = states[first ? 0 : last ? layers : layer + 1];
            to.insert(to.end(), values.begin(), values.end());
        };
        return forwardInSteps(m_model, cache, tokens, options, m_space, m_progress, [](std::size_t, std::span<float>) {});
    }

    std::vector<std::vector<float>> states; // (tokens, width) each

private:
    const Model& m_model;
    const LinearityOptions& m_options;
    Progress& m_progress;
    Workspace m_space;
};

class Linearity {
public:
    Linearity(const Model& model, const LinearityOptions& options, std::size_t tokens, Progress& progress)
        : m_options(options), m_reader(model, options, progress), m_width(model.config().width), m_layers(model.config().layers.size()),
          m_every(std::max<std::size_t>(1, (tokens + options.sample - 1) / std::max<std::size_t>(1, options.sample))), m_sums(m_layers + 1, m_width),
          m_kept(m_layers + 1), m_mapped(options.mapTokens == 0 ? 0 : m_layers + 1)
    {
    }

    Result<void> add(std::span<const std::uint32_t> window)
    {
        if (auto done = m_reader.read(window); !done)
            return done;
        const std::size_t skip = m_options.excludeFirst ? 1 : 0, rows = window.size() - skip;
        parallelFor(m_layers + 1, [&](std::size_t s) {
            const auto state = std::span<const float>(m_reader.states[s]).subspan(skip * m_width);
            keep(s, state, rows);
        });
        m_sums.add(m_reader.states, skip);
        if (!m_sums.finite())
            return fail(ErrorCode::LogitsNotFinite, "", std::to_string(m_count));
        m_count += rows;
        return {};
    }

    [[nodiscard]] std::size_t count() const { return m_count; }

    Result<LinearityReport> report() const
    {
        LinearityReport out;
        out.tokens = m_count;
        out.width = m_width;
        out.chanceFloor = static_cast<double>(m_width) / static_cast<double>(m_count - 1);
        out.sampled = m_kept[0].size() / m_width;
        out.layers.resize(m_layers);
        out.mapTokens = m_mapped.empty() ? 0 : m_mapped[0].size() / m_width;
        out.tokenErrors.resize(m_layers * out.mapTokens);
        std::atomic<bool> stopped = false;
        parallelFor(m_layers, [&](std::size_t p) {
            auto layer = layerOf(p, std::span(out.tokenErrors).subspan(p * out.mapTokens, out.mapTokens));
            if (!layer) {
                stopped = true;
                return;
            }
            out.layers[p] = std::move(*layer);
            const IntrinsicDimension dimension = twoNearestNeighbours(std::vector<double>(m_kept[p].begin(), m_kept[p].end()), out.sampled, m_width);
            const bool twins = 2 * dimension.dropped > out.sampled;
            out.layers[p].intrinsicDimension = twins ? std::numeric_limits<double>::quiet_NaN() : dimension.dimension;
        });
        if (stopped)
            return cancelledError();
        return out;
    }

private:
    // Every m_every-th token of the text.
    void keep(std::size_t state, std::span<const float> values, std::size_t rows)
    {
        for (std::size_t r = 0; r < rows; ++r)
            if ((m_count + r) % m_every == 0) {
                const auto row = values.subspan(r * m_width, m_width);
                m_kept[state].insert(m_kept[state].end(), row.begin(), row.end());
            }
        if (!m_mapped.empty() && m_mapped[state].size() < m_options.mapTokens * m_width) {
            const auto some = values.first(std::min(m_options.mapTokens * m_width - m_mapped[state].size(), rows * m_width));
            m_mapped[state].insert(m_mapped[state].end(), some.begin(), some.end());
        }
    }

    Result<LayerLinearity> layerOf(std::size_t p, std::span<float> tokenErrors) const
    {
        const auto count = static_cast<double>(m_count);
        CentredSums sums{centredGram(m_sums.state(p), m_width, count), centredGram(m_sums.state(p + 1), m_width, count), m_sums.pair(p).cross};
        for (std::size_t i = 0; i < m_width; ++i)
            for (std::size_t j = 0; j < m_width; ++j)
                sums.cross[i * m_width + j] -= m_sums.state(p).sum[i] * m_sums.state(p + 1).sum[j] / count;
        const auto found = bestMap(sums, m_width, !m_options.referenceCompatible, true);
        if (!found)
            return failure(found);
        const BestMap& best = *found;
        LayerLinearity out = figuresOf(sums, best, m_width, count);
        out.from = p;
        out.to = p + 1;
        out.afterFinalNorm = p + 1 == m_layers;
        out.normRatio = m_sums.pair(p).added / m_sums.pair(p).after;
        out.influence = influenceOf(p, best.values, 1 - out.score);
        const double half = halfWidth95(out.influence, m_count);
        out.ciLow = std::max(0.0, out.score - half);
        out.ciHigh = std::min(1.0, out.score + half);
        if (!tokenErrors.empty()) {
            const std::vector<TokenError> errors = errorsOf(p, best.values, m_mapped);
            const double size = std::sqrt(trace(sums.gramY, m_width));
            for (std::size_t i = 0; i < errors.size(); ++i)
                tokenErrors[i] = static_cast<float>(std::sqrt(errors[i].left) / size);
        }
        return out;
    }

    struct TokenError {
        double left = 0, length = 0; // ‖xA − y‖², ‖y‖², both centred
    };
    // In double precision: a map that leans on directions of little spread has entries that single precision would drown in.
    std::vector<TokenError> errorsOf(std::size_t p, const std::vector<double>& map, const std::vector<std::vector<float>>& states) const
    {
        const std::size_t rows = states[p].size() / m_width;
        const std::vector<double> x = aboutMean(p, states[p]), y = aboutMean(p + 1, states[p + 1]);
        std::vector<double> mapped(rows * m_width);
        sums::multiply(x, map, rows, m_width, m_width, mapped);
        std::vector<TokenError> out(rows);
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < m_width; ++c) {
                const double to = y[r * m_width + c], rest = to - mapped[r * m_width + c];
                out[r].left += rest * rest;
                out[r].length += to * to;
            }
        return out;
    }
    std::vector<double> aboutMean(std::size_t state, const std::vector<float>& values) const
    {
        const StateSums& sums = m_sums.state(state);
        std::vector<double> out(values.begin(), values.end());
        for (std::size_t at = 0; at < out.size(); at += m_width)
            for (std::size_t c = 0; c < m_width; ++c)
                out[at + c] -= sums.shift[c] + sums.sum[c] / static_cast<double>(m_count);
        return out;
    }

    // Σe²/Σy² is a ratio of sums: in its linear approximation the mean of these moves it.
    std::vector<double> influenceOf(std::size_t p, const std::vector<double>& map, double unexplained) const
    {
        const std::vector<TokenError> errors = errorsOf(p, map, m_kept);
        double total = 0;
        for (const TokenError& one : errors)
            total += one.length;
        const double mean = total / static_cast<double>(errors.size());
        std::vector<double> out;
        for (const TokenError& one : errors)
            out.push_back((unexplained * one.length - one.left) / mean);
        return out;
    }

    const LinearityOptions& m_options;
    Reader m_reader;
    std::size_t m_width, m_layers, m_every, m_count = 0;
    TextSums m_sums;
    std::vector<std::vector<float>> m_kept;   // states of every m_every-th token
    std::vector<std::vector<float>> m_mapped; // states of the first mapTokens tokens
};

} // namespace

Result<LinearityReport> computeLinearity(const Model& model, std::span<const std::uint32_t> tokens, const LinearityOptions& options, Progress& progress,
                                         const std::function<void(LinearityReport)>& sofar)
{
    const std::size_t width = model.config().width, windows = options.window < 2 ? 0 : (tokens.size() + options.window - 1) / options.window;
    if (windows == 0)
        return fail(ErrorCode::BadArgument, "--window", said(CORE_TEXT("reasons", "a window of %1 tokens over %2; at least 2 of at least 1 are needed"), options.window, tokens.size()));
    const std::size_t counted = tokens.size() - (options.excludeFirst ? windows : 0);
    if (counted <= width + 1)
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "text")), said(CORE_TEXT("reasons", "%1 tokens for a width of %2: every score would be 1; give more than %3"), counted, width, width + 1));
    const ProgressScope scope(progress);
    progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, tokens.size());
    const auto start = std::chrono::steady_clock::now();
    Linearity linearity(model, options, counted, progress);
    std::size_t told = std::max(width + 2, 2 * options.window);
    for (std::size_t first = 0; first < tokens.size(); first += options.window) {
        const auto window = tokens.subspan(first, std::min(options.window, tokens.size() - first));
        if (options.excludeFirst && window.size() < 2)
            break;
        if (auto done = linearity.add(window); !done)
            return failure(done);
        if (sofar && linearity.count() >= told && first + options.window < tokens.size()) {
            auto report = linearity.report();
            if (!report)
                return failure(report);
            sofar(std::move(*report));
            told = 2 * linearity.count();
        }
    }
    auto report = linearity.report();
    if (report)
        report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

std::vector<LinearityChange> linearityChange(const LinearityReport& a, const LinearityReport& b)
{
    if (a.tokens != b.tokens || a.sampled != b.sampled || a.layers.size() != b.layers.size())
        return {};
    std::vector<LinearityChange> out;
    for (std::size_t p = 0; p < a.layers.size(); ++p) {
        std::vector<double> apart = b.layers[p].influence;
        for (std::size_t i = 0; i < apart.size(); ++i)
            apart[i] -= a.layers[p].influence[i];
        const double delta = b.layers[p].score - a.layers[p].score, half = halfWidth95(apart, a.tokens);
        out.push_back({delta, delta - half, delta + half});
    }
    return out;
}

std::uint64_t linearityBytes(const ModelConfig& config, const LinearityOptions& options)
{
    const std::uint64_t states = config.layers.size() + 1, width = config.width;
    const std::uint64_t kept = states * (options.sample + 1) * width, window = states * options.window * width;
    // A step that is told takes six matrices beside its map's digits, and its kept states centred, mapped and in digits.
    const std::uint64_t tokens = std::max<std::uint64_t>(options.sample, options.mapTokens) + 1;
    const std::uint64_t told = (6 * width + 3 * tokens) * width * sizeof(double) + DigitVectors::bytes(width, width) + DigitVectors::bytes(width, tokens);
    return TextSums::bytes(states, width, options.window) + std::min<std::uint64_t>(threadCount(), states) * told + (kept + window + states * options.mapTokens * width) * sizeof(float) + KvCache::bytesFor(config, options.window) +
           workspaceBytes(config, std::min<std::uint64_t>(options.window, stepTokens));
}

Result<LayerLinearity> linearityOf(std::span<const double> x, std::span<const double> y, std::size_t rows, std::size_t cols, bool referenceCompatible)
{
    const auto centre = [&](std::span<const double> values) {
        std::vector<double> out(values.begin(), values.end());
        for (std::size_t c = 0; c < cols; ++c) {
            double mean = 0;
            for (std::size_t r = 0; r < rows; ++r)
                mean += values[r * cols + c] / static_cast<double>(rows);
            for (std::size_t r = 0; r < rows; ++r)
                out[r * cols + c] -= mean;
        }
        return out;
    };
    const std::vector<double> a = centre(x), b = centre(y);
    CentredSums sums{std::vector<double>(cols * cols), std::vector<double>(cols * cols), std::vector<double>(cols * cols)};
    dense::addCross(a, a, rows, cols, cols, sums.gramX);
    dense::addCross(b, b, rows, cols, cols, sums.gramY);
    dense::addCross(a, b, rows, cols, cols, sums.cross);
    const auto best = bestMap(sums, cols, !referenceCompatible, false);
    if (!best)
        return failure(best);
    return figuresOf(sums, *best, cols, static_cast<double>(rows));
}

} // namespace wb
