#include "core/analysis/linearity.h"

#include "core/analysis/intrinsicdimension.h"
#include "core/base/parallel.h"
#include "core/tensor/dense.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <limits>

namespace wb {
namespace {

constexpr double z975 = 1.959963984540054;
// Gram matrices square the singular values: below this share of the largest, an eigenvalue is rounding.
constexpr double eigenCutoff = 4 * std::numeric_limits<double>::epsilon();

// Sums over tokens of one state, shifted by the mean of the first window so that centring loses no digits.
struct StateSums {
    std::vector<double> shift, sum, gram; // (width), (width), lower triangle of (width, width)
};

// Sums over pairs of neighbouring states: Σ xᵀy of the shifted ones, and lengths.
struct PairSums {
    std::vector<double> cross; // (width, width)
    double added = 0, after = 0; // Σ ‖y − x‖, Σ ‖y‖
};

struct Centred {
    std::vector<double> gramX, gramY, cross; // full matrices
};

double trace(const std::vector<double>& matrix, std::size_t n)
{
    double total = 0;
    for (std::size_t i = 0; i < n; ++i)
        total += matrix[i * n + i];
    return total;
}

// Full symmetric matrix of sums about the mean.
std::vector<double> centredGram(const StateSums& sums, std::size_t n, double count)
{
    std::vector<double> out(n * n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j)
            out[i * n + j] = out[j * n + i] = sums.gram[i * n + j] - sums.sum[i] * sums.sum[j] / count;
    return out;
}

double lengthOf(const std::vector<double>& values)
{
    double total = 0;
    for (const double value : values)
        total += value * value;
    return std::sqrt(total);
}

double adjustedFor(double score, double count, double width) { return 1 - (1 - score) * (count - 1) / (count - width - 1); }

// What the best map explains: Σ ‖qᵢᵀC‖²/λᵢ over the directions of X, for Y and for Y − X at once. `map`: A itself, for residuals.
struct Explained {
    double whole = 0, contribution = 0;
    std::size_t rank = 0;
    double condition = 0, anisotropy = 0;
    std::vector<double> map; // (width, width), x·map ≈ y
};

Explained explain(const Centred& centred, std::size_t n, bool cut, bool wantMap)
{
    std::vector<double> vectors = centred.gramX;
    const std::vector<double> values = dense::symmetricEigen(vectors, n, true); // ascending
    std::vector<double> projected(n * n);
    dense::multiply(vectors, centred.cross, n, n, n, projected); // row i: qᵢᵀC
    Explained out;
    const double most = values.back(), limit = cut ? most * eigenCutoff * static_cast<double>(n) : 0;
    out.condition = values.front() > 0 ? std::sqrt(most / values.front()) : std::numeric_limits<double>::infinity();
    const double total = trace(centred.gramX, n);
    out.anisotropy = total > 0 ? most / total : std::numeric_limits<double>::quiet_NaN();
    for (std::size_t i = 0; i < n; ++i) {
        double* row = projected.data() + i * n;
        const bool used = values[i] > limit;
        out.rank += used ? 1U : 0U;
        double whole = 0, contribution = 0;
        for (std::size_t j = 0; j < n; ++j) {
            const double block = row[j] - values[i] * vectors[i * n + j]; // qᵢᵀ(C − G)
            whole += row[j] * row[j];
            contribution += block * block;
            row[j] = used ? row[j] / values[i] : 0;
        }
        if (used) {
            out.whole += whole / values[i];
            out.contribution += contribution / values[i];
        }
    }
    if (wantMap) {
        out.map.assign(n * n, 0);
        dense::addCross(vectors, projected, n, n, n, out.map);
    }
    return out;
}

LayerLinearity figuresOf(const Centred& centred, const Explained& explained, std::size_t n, double count)
{
    LayerLinearity out;
    const double x = trace(centred.gramX, n), y = trace(centred.gramY, n), c = trace(centred.cross, n);
    out.score = explained.whole / y;
    out.withoutResidual = explained.contribution / (y - 2 * c + x);
    out.adjusted = adjustedFor(out.score, count, static_cast<double>(n));
    out.withoutResidualAdjusted = adjustedFor(out.withoutResidual, count, static_cast<double>(n));
    out.anisotropy = explained.anisotropy;
    out.rankUsed = explained.rank;
    out.condition = explained.condition;
    return out;
}

// The states of every layer of one window, as transformers counts them.
class Reader {
public:
    Reader(const Model& model, const LinearityOptions& options, Progress& progress) : m_model(model), m_options(options), m_progress(progress) {}

    Result<void> read(std::span<const std::uint32_t> tokens)
    {
        const std::size_t layers = m_model.config().layers.size();
        states.assign(layers + 1, {});
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
          m_every(std::max<std::size_t>(1, (tokens + options.sample - 1) / std::max<std::size_t>(1, options.sample))), m_states(m_layers + 1), m_pairs(m_layers),
          m_kept(m_layers + 1), m_mapped(options.mapTokens == 0 ? 0 : m_layers + 1)
    {
    }

    Result<void> add(std::span<const std::uint32_t> window)
    {
        if (auto done = m_reader.read(window); !done)
            return done;
        const std::size_t skip = m_options.excludeFirst ? 1 : 0, rows = window.size() - skip;
        std::vector<std::vector<double>> wide(m_layers + 1);
        parallelFor(m_layers + 1, [&](std::size_t s) {
            const auto& state = m_reader.states[s];
            wide[s].assign(state.begin() + static_cast<std::ptrdiff_t>(skip * m_width), state.end());
            keep(s, wide[s], rows);
            addState(m_states[s], wide[s], rows);
        });
        if (!std::ranges::all_of(m_states, [](const StateSums& sums) { return std::ranges::all_of(sums.sum, [](double value) { return std::isfinite(value); }); }))
            return fail(ErrorCode::LogitsNotFinite, "", std::to_string(m_count));
        parallelFor(m_layers, [&](std::size_t p) { addPair(m_pairs[p], m_states[p], m_states[p + 1], wide[p], wide[p + 1], rows); });
        m_count += rows;
        return {};
    }

    [[nodiscard]] std::size_t count() const { return m_count; }

    LinearityReport report() const
    {
        LinearityReport out;
        out.tokens = m_count;
        out.width = m_width;
        out.chanceFloor = static_cast<double>(m_width) / static_cast<double>(m_count - 1);
        out.sampled = m_kept[0].size() / m_width;
        out.layers.resize(m_layers);
        out.mapTokens = m_mapped.empty() ? 0 : m_mapped[0].size() / m_width;
        out.tokenErrors.resize(m_layers * out.mapTokens);
        parallelFor(m_layers, [&](std::size_t p) {
            out.layers[p] = layerOf(p, std::span(out.tokenErrors).subspan(p * out.mapTokens, out.mapTokens));
            const IntrinsicDimension dimension = twoNearestNeighbours(m_kept[p], out.sampled, m_width);
            const bool twins = 2 * dimension.dropped > out.sampled;
            out.layers[p].intrinsicDimension = twins ? std::numeric_limits<double>::quiet_NaN() : dimension.dimension;
        });
        return out;
    }

private:
    // Every m_every-th token of the text.
    void keep(std::size_t state, const std::vector<double>& values, std::size_t rows)
    {
        for (std::size_t r = 0; r < rows; ++r)
            if ((m_count + r) % m_every == 0)
                m_kept[state].insert(m_kept[state].end(), values.begin() + static_cast<std::ptrdiff_t>(r * m_width), values.begin() + static_cast<std::ptrdiff_t>((r + 1) * m_width));
        if (!m_mapped.empty() && m_mapped[state].size() < m_options.mapTokens * m_width) {
            const std::size_t room = m_options.mapTokens * m_width - m_mapped[state].size();
            m_mapped[state].insert(m_mapped[state].end(), values.begin(), values.begin() + static_cast<std::ptrdiff_t>(std::min(room, rows * m_width)));
        }
    }

    // Leaves the values shifted.
    void addState(StateSums& sums, std::vector<double>& values, std::size_t rows) const
    {
        if (sums.shift.empty()) {
            sums.shift.assign(m_width, 0);
            sums.sum.assign(m_width, 0);
            sums.gram.assign(m_width * m_width, 0);
            for (std::size_t r = 0; r < rows; ++r)
                for (std::size_t c = 0; c < m_width; ++c)
                    sums.shift[c] += values[r * m_width + c] / static_cast<double>(rows);
        }
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < m_width; ++c) {
                double& value = values[r * m_width + c];
                value -= sums.shift[c];
                sums.sum[c] += value;
            }
        dense::addGram(values, rows, m_width, sums.gram);
    }

    void addPair(PairSums& sums, const StateSums& before, const StateSums& after, const std::vector<double>& x, const std::vector<double>& y, std::size_t rows) const
    {
        if (sums.cross.empty())
            sums.cross.assign(m_width * m_width, 0);
        dense::addCross(x, y, rows, m_width, m_width, sums.cross);
        for (std::size_t r = 0; r < rows; ++r) {
            double added = 0, length = 0;
            for (std::size_t c = 0; c < m_width; ++c) {
                const double to = y[r * m_width + c] + after.shift[c], from = x[r * m_width + c] + before.shift[c];
                added += (to - from) * (to - from);
                length += to * to;
            }
            sums.added += std::sqrt(added);
            sums.after += std::sqrt(length);
        }
    }

    LayerLinearity layerOf(std::size_t p, std::span<float> tokenErrors) const
    {
        const auto count = static_cast<double>(m_count);
        Centred centred{centredGram(m_states[p], m_width, count), centredGram(m_states[p + 1], m_width, count), m_pairs[p].cross};
        for (std::size_t i = 0; i < m_width; ++i)
            for (std::size_t j = 0; j < m_width; ++j)
                centred.cross[i * m_width + j] -= m_states[p].sum[i] * m_states[p + 1].sum[j] / count;
        const Explained explained = explain(centred, m_width, !m_options.referenceCompatible, true);
        LayerLinearity out = figuresOf(centred, explained, m_width, count);
        out.from = p;
        out.to = p + 1;
        out.afterFinalNorm = p + 1 == m_layers;
        out.normRatio = m_pairs[p].added / m_pairs[p].after;
        out.influence = influenceOf(p, explained.map, 1 - out.score);
        const double error = out.influence.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : lengthOf(out.influence);
        out.ciLow = std::max(0.0, out.score - z975 * error);
        out.ciHigh = std::min(1.0, out.score + z975 * error);
        if (!tokenErrors.empty()) {
            const std::vector<TokenError> errors = errorsOf(p, explained.map, m_mapped);
            const double size = std::sqrt(trace(centred.gramY, m_width));
            for (std::size_t i = 0; i < errors.size(); ++i)
                tokenErrors[i] = static_cast<float>(std::sqrt(errors[i].left) / size);
        }
        return out;
    }

    struct TokenError {
        double left = 0, length = 0; // ‖xA − y‖², ‖y‖², both centred
    };
    template <typename T>
    std::vector<TokenError> errorsOf(std::size_t p, const std::vector<double>& map, const std::vector<std::vector<T>>& states) const
    {
        const std::size_t rows = states[p].size() / m_width;
        const auto about = [&](std::size_t s) {
            std::vector<double> out(states[s].begin(), states[s].end());
            for (std::size_t r = 0; r < rows; ++r)
                for (std::size_t c = 0; c < m_width; ++c)
                    out[r * m_width + c] -= m_states[s].shift[c] + m_states[s].sum[c] / static_cast<double>(m_count);
            return out;
        };
        const std::vector<double> x = about(p), y = about(p + 1);
        std::vector<double> mapped(rows * m_width);
        dense::multiply(x, map, rows, m_width, m_width, mapped);
        std::vector<TokenError> out(rows);
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < m_width; ++c) {
                const std::size_t at = r * m_width + c;
                out[r].left += (y[at] - mapped[at]) * (y[at] - mapped[at]);
                out[r].length += y[at] * y[at];
            }
        return out;
    }

    // Σe²/Σy² is a ratio of sums (delta method): what each kept token moves it, for as many tokens as were read.
    std::vector<double> influenceOf(std::size_t p, const std::vector<double>& map, double unexplained) const
    {
        const std::vector<TokenError> errors = errorsOf(p, map, m_kept);
        double total = 0;
        for (const TokenError& one : errors)
            total += one.length;
        const double share = std::sqrt(static_cast<double>(errors.size()) / static_cast<double>(m_count));
        std::vector<double> out;
        for (const TokenError& one : errors)
            out.push_back((unexplained * one.length - one.left) / total * share);
        return out;
    }

    const LinearityOptions& m_options;
    Reader m_reader;
    std::size_t m_width, m_layers, m_every, m_count = 0;
    std::vector<StateSums> m_states;
    std::vector<PairSums> m_pairs;
    std::vector<std::vector<double>> m_kept;  // states of every m_every-th token
    std::vector<std::vector<float>> m_mapped; // states of the first mapTokens tokens
};

} // namespace

Result<LinearityReport> computeLinearity(const Model& model, std::span<const std::uint32_t> tokens, const LinearityOptions& options, Progress& progress,
                                         const std::function<void(LinearityReport)>& sofar)
{
    const std::size_t width = model.config().width, windows = options.window < 2 ? 0 : (tokens.size() + options.window - 1) / options.window;
    if (windows == 0)
        return fail(ErrorCode::BadArgument, "--window", fmt::format("a window of {} tokens over {}; at least 2 of at least 1 are needed", options.window, tokens.size()));
    const std::size_t counted = tokens.size() - (options.excludeFirst ? windows : 0);
    if (counted <= width + 1)
        return fail(ErrorCode::BadArgument, "text", fmt::format("{} tokens for a width of {}: every score would be 1; give more than {}", counted, width, width + 1));
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
            sofar(linearity.report());
            told = 2 * linearity.count();
        }
    }
    LinearityReport report = linearity.report();
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
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
        const double delta = b.layers[p].score - a.layers[p].score, error = z975 * lengthOf(apart);
        out.push_back({delta, delta - error, delta + error});
    }
    return out;
}

std::uint64_t linearityBytes(const ModelConfig& config, const LinearityOptions& options)
{
    const std::uint64_t states = config.layers.size() + 1, width = config.width;
    const std::uint64_t sums = states * 2 * width * width, kept = states * (options.sample + 1) * width, window = states * options.window * width;
    return (sums + kept + window) * sizeof(double) + (window + states * options.mapTokens * width) * sizeof(float) + KvCache::bytesFor(config, options.window) +
           workspaceBytes(config, std::min<std::uint64_t>(options.window, stepTokens));
}

LayerLinearity linearityOf(std::span<const double> x, std::span<const double> y, std::size_t rows, std::size_t cols, bool referenceCompatible)
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
    Centred centred{std::vector<double>(cols * cols), std::vector<double>(cols * cols), std::vector<double>(cols * cols)};
    dense::addCross(a, a, rows, cols, cols, centred.gramX);
    dense::addCross(b, b, rows, cols, cols, centred.gramY);
    dense::addCross(a, b, rows, cols, cols, centred.cross);
    return figuresOf(centred, explain(centred, cols, !referenceCompatible, false), cols, static_cast<double>(rows));
}

} // namespace wb
