#include "core/eval/perplexity.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <numeric>

namespace wb {
namespace {

Result<void> check(std::size_t tokens, const PerplexityOptions& options)
{
    if (tokens < 2)
        return fail(ErrorCode::BadArgument, "text", fmt::format("it has {} tokens and 2 are the least: the first has nothing before it", tokens));
    if (options.window < 2 || options.stride == 0 || options.stride > options.window)
        return fail(ErrorCode::BadArgument, "--stride",
                    fmt::format("windows of {} tokens every {} leave tokens out; the stride is 1 to window, the window at least 2", options.window, options.stride));
    return {};
}

// Tokens of the text in a window, and from one window to the next.
std::size_t textOf(const PerplexityOptions& options) { return options.window - (options.bos ? 1 : 0); }
std::size_t stepOf(const PerplexityOptions& options) { return std::min(options.stride, textOf(options)); }

class Run {
public:
    Run(const Model& model, std::span<const std::uint32_t> tokens, const PerplexityOptions& options, Progress& progress)
        : m_model(model), m_tokens(tokens), m_options(options), m_progress(progress)
    {
    }

    Result<PerplexityReport> run()
    {
        const std::size_t first = m_options.bos ? 0 : 1; // of a window: what has something before it
        std::size_t counted = 0;                         // tokens before this one have their number
        for (std::size_t begin = 0;; begin += stepOf(m_options)) {
            const std::size_t end = std::min(m_tokens.size(), begin + textOf(m_options));
            if (auto done = window(begin, end, std::max(counted, begin + first)); !done)
                return failure(done);
            counted = end;
            if (end == m_tokens.size())
                break;
        }
        return finish();
    }

private:
    // Adds the numbers of tokens from … end − 1.
    Result<void> window(std::size_t begin, std::size_t end, std::size_t from)
    {
        KvCache cache(m_model.config());
        const ForwardOptions options{m_options.precision, {}};
        const std::size_t width = m_model.config().width, lead = m_options.bos ? 1 : 0;
        m_window.assign(lead, m_options.bos.value_or(0));
        m_window.insert(m_window.end(), m_tokens.begin() + static_cast<std::ptrdiff_t>(begin), m_tokens.begin() + static_cast<std::ptrdiff_t>(end));
        return forwardInSteps(m_model, cache, m_window, options, m_space, m_progress, [&](std::size_t first, std::span<float> hidden) {
            // Row r of this step foretells token begin + first + r + 1 − lead of the text.
            const std::size_t rows = hidden.size() / width, next = begin + first + 1 - lead;
            const std::size_t low = std::max(from, next), high = std::min(end, next + rows);
            if (low < high)
                count(low, hidden.subspan((low - next) * width, (high - low) * width), high - low);
        });
    }

    void count(std::size_t from, std::span<const float> hidden, std::size_t many)
    {
        const std::size_t at = m_report.nll.size();
        m_report.nll.resize(at + many);
        m_report.positions.resize(at + many);
        std::iota(m_report.positions.begin() + static_cast<std::ptrdiff_t>(at), m_report.positions.end(), from);
        negativeLogLikelihoods(m_model, hidden, m_tokens.subspan(from, many), m_options.precision, m_scratch, std::span(m_report.nll).subspan(at));
    }

    Result<PerplexityReport> finish()
    {
        const auto n = static_cast<double>(m_report.nll.size());
        double total = 0, squares = 0;
        for (std::size_t i = 0; i < m_report.nll.size(); ++i) {
            if (!std::isfinite(m_report.nll[i]))
                return fail(ErrorCode::LogitsNotFinite, "", std::to_string(m_report.positions[i]));
            total += m_report.nll[i];
        }
        m_report.tokens = m_report.nll.size();
        m_report.nllMean = total / n;
        for (const double value : m_report.nll)
            squares += (value - m_report.nllMean) * (value - m_report.nllMean);
        m_report.perplexity = std::exp(m_report.nllMean);
        m_report.standardError = n > 1 ? std::sqrt(squares / (n - 1) / n) : std::nan("");
        return std::move(m_report);
    }

    const Model& m_model;
    std::span<const std::uint32_t> m_tokens;
    const PerplexityOptions& m_options;
    Progress& m_progress;
    Workspace m_space;
    std::vector<float> m_scratch;
    std::vector<std::uint32_t> m_window;
    PerplexityReport m_report;
};

} // namespace

Result<PerplexityReport> computePerplexity(const Model& model, std::span<const std::uint32_t> tokens, const PerplexityOptions& options,
                                           Progress& progress)
{
    if (auto done = check(tokens.size(), options); !done)
        return failure(done);
    const std::size_t text = textOf(options), step = stepOf(options);
    const std::size_t windows = tokens.size() <= text ? 1 : (tokens.size() - text + step - 1) / step + 1;
    progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, tokens.size() + (windows - 1) * (text - step) + (options.bos ? windows : 0));
    const auto start = std::chrono::steady_clock::now();
    auto report = Run(model, tokens, options, progress).run();
    if (report)
        report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

std::uint64_t perplexityBytes(const ModelConfig& config, std::size_t window)
{
    return KvCache::bytesFor(config, window) + std::min<std::uint64_t>(window, likelihoodRows) * config.vocabulary * sizeof(float) +
           workspaceBytes(config, std::min<std::uint64_t>(window, stepTokens));
}

} // namespace wb
