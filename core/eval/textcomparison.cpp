#include "core/eval/textcomparison.h"

#include "core/base/parallel.h"
#include "core/eval/windowreader.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace wb {
namespace {

constexpr std::size_t rowsAtOnce = 64; // whose logits of both stand in memory

struct Side {
    const Model& model;
    const PerplexityOptions& options;
};

class Comparison {
public:
    Comparison(const Side& a, const Side& b, std::span<const std::uint32_t> tokens, Progress& progress)
        : m_a(a), m_b(b), m_tokens(tokens), m_readerA(a.model, tokens, a.options, progress), m_readerB(b.model, tokens, b.options, progress)
    {
    }

    Result<TextComparison> run(std::span<const TextWindow> windows)
    {
        for (const TextWindow& window : windows) {
            if (auto done = collect(m_readerA, window, m_hiddenA); !done)
                return failure(done);
            if (auto done = collect(m_readerB, window, m_hiddenB); !done)
                return failure(done);
            compare(window);
        }
        return finish();
    }

private:
    static Result<void> collect(WindowReader& reader, const TextWindow& window, std::vector<float>& hidden)
    {
        hidden.clear();
        return reader.read(window, [&](std::size_t, std::size_t, std::span<const float> some) { hidden.insert(hidden.end(), some.begin(), some.end()); });
    }

    void compare(const TextWindow& window)
    {
        for (std::size_t from = window.from; from < window.end; from += rowsAtOnce)
            compareRows(from, std::min(rowsAtOnce, window.end - from), from - window.from);
    }

    // Tokens from … from + rows − 1, whose hidden states begin at row `at`.
    void compareRows(std::size_t from, std::size_t rows, std::size_t at)
    {
        const std::size_t width = m_a.model.config().width, vocabulary = m_a.model.config().vocabulary;
        for (auto [side, hidden, logits] : {std::tuple(&m_a, &m_hiddenA, &m_logitsA), std::tuple(&m_b, &m_hiddenB, &m_logitsB)}) {
            logits->resize(rowsAtOnce * vocabulary);
            computeLogits(side->model, std::span(*hidden).subspan(at * width, rows * width), side->options.precision, Product::Blocks,
                          std::span(*logits).first(rows * vocabulary));
        }
        const std::size_t first = m_out.a.nll.size();
        for (PerplexityReport* report : {&m_out.a, &m_out.b})
            report->nll.resize(first + rows);
        m_out.divergence.resize(first + rows);
        m_out.sameTop.resize(first + rows);
        parallelFor(rows, [&](std::size_t row) {
            const std::span a(m_logitsA.data() + row * vocabulary, vocabulary), b(m_logitsB.data() + row * vocabulary, vocabulary);
            const double sumA = kernels::logSumExp(a.data(), vocabulary), sumB = kernels::logSumExp(b.data(), vocabulary);
            const std::uint32_t token = m_tokens[from + row];
            m_out.a.nll[first + row] = sumA - static_cast<double>(a[token]);
            m_out.b.nll[first + row] = sumB - static_cast<double>(b[token]);
            m_out.divergence[first + row] = std::max(0.0, kernels::divergence(a.data(), sumA, b.data(), sumB, vocabulary));
            m_out.sameTop[first + row] = std::ranges::max_element(a) - a.begin() == std::ranges::max_element(b) - b.begin();
        });
        for (std::size_t i = 0; i < rows; ++i)
            m_out.a.positions.push_back(from + i);
    }

    Result<TextComparison> finish()
    {
        m_out.b.positions = m_out.a.positions;
        if (auto done = summarise(m_out.a); !done)
            return failure(done);
        if (auto done = summarise(m_out.b); !done)
            return failure(done);
        std::vector<double> delta(m_out.a.tokens);
        for (std::size_t i = 0; i < delta.size(); ++i)
            delta[i] = m_out.delta(i);
        const Spread change = spreadOf(std::move(delta));
        m_out.deltaMean = change.mean;
        m_out.deltaError = change.standardError;
        m_out.deltaCi95 = normalInterval({change.mean, change.standardError});
        m_out.kl = spreadOf(m_out.divergence);
        m_out.sameTopShare = static_cast<double>(std::ranges::count(m_out.sameTop, 1)) / static_cast<double>(m_out.sameTop.size());
        return std::move(m_out);
    }

    static Spread spreadOf(std::vector<double> values)
    {
        const auto n = static_cast<double>(values.size());
        Spread out;
        for (const double value : values)
            out.mean += value / n;
        double squares = 0;
        for (const double value : values)
            squares += (value - out.mean) * (value - out.mean);
        out.standardError = n > 1 ? std::sqrt(squares / (n - 1) / n) : std::nan("");
        std::ranges::sort(values);
        out.median = quantileOf(values, 0.5);
        out.p99 = quantileOf(values, 0.99);
        out.max = values.back();
        return out;
    }

    Side m_a, m_b;
    std::span<const std::uint32_t> m_tokens;
    WindowReader m_readerA, m_readerB;
    std::vector<float> m_hiddenA, m_hiddenB, m_logitsA, m_logitsB;
    TextComparison m_out;
};

Result<TextComparison> compareSides(const Side& a, const Side& b, std::span<const std::uint32_t> tokens, Progress& progress)
{
    if (a.model.config().vocabulary != b.model.config().vocabulary)
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "text")), said(CORE_TEXT("reasons", "vocabularies of %1 and %2 tokens cannot be compared"), a.model.config().vocabulary, b.model.config().vocabulary));
    const auto windows = windowsOf(tokens.size(), a.options);
    if (!windows)
        return failure(windows);
    progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, 2 * tokensOf(*windows, a.options));
    const auto start = std::chrono::steady_clock::now();
    auto out = Comparison(a, b, tokens, progress).run(*windows);
    if (out)
        out->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return out;
}

} // namespace

Result<TextComparison> compareOnText(const Model& a, const Model& b, std::span<const std::uint32_t> tokens, const PerplexityOptions& options,
                                     Progress& progress)
{
    return compareSides({a, options}, {b, options}, tokens, progress);
}

Result<TextComparison> compareWithItself(const Model& model, std::span<const std::uint32_t> tokens, const PerplexityOptions& options,
                                         Progress& progress)
{
    PerplexityOptions apart = options;
    apart.step = noiseFloorStep;
    apart.boundary = nullptr;
    return compareSides({model, options}, {model, apart}, tokens, progress);
}

Result<std::vector<Candidate>> likeliestAt(const Model& model, std::span<const std::uint32_t> tokens, std::size_t place, const PerplexityOptions& options,
                                           std::size_t count, Progress& progress)
{
    const auto windows = windowsOf(tokens.size(), options);
    if (!windows)
        return failure(windows);
    const auto window = std::ranges::find_if(*windows, [&](const TextWindow& one) { return one.from <= place && place < one.end; });
    if (window == windows->end())
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "text")), said(CORE_TEXT("reasons", "nothing stands before token %1 in its window"), place));
    WindowReader reader(model, tokens, options, progress);
    std::vector<float> last;
    const std::size_t width = model.config().width;
    auto done = reader.read({window->begin, place + 1, place}, [&](std::size_t, std::size_t, std::span<const float> hidden) { last.assign(hidden.begin(), hidden.begin() + static_cast<std::ptrdiff_t>(width)); });
    if (!done)
        return failure(done);
    std::vector<float> logits(model.config().vocabulary);
    computeLogits(model, last, options.precision, Product::RowByRow, logits);
    SamplingScratch scratch;
    SamplingOptions greedy;
    greedy.temperature = 0;
    auto sampled = sampleToken(logits, {}, greedy, 0, place, count, scratch);
    if (!sampled)
        return failure(sampled);
    return std::move(sampled->candidates);
}

std::uint64_t textComparisonBytes(const ModelConfig& config, std::size_t window)
{
    return KvCache::bytesFor(config, window) + 2 * std::uint64_t{window} * config.width * sizeof(float) +
           2 * std::min<std::uint64_t>(window, rowsAtOnce) * config.vocabulary * sizeof(float) +
           2 * workspaceBytes(config, std::min<std::uint64_t>(window, stepTokens));
}

} // namespace wb
