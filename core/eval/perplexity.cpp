#include "core/eval/perplexity.h"

#include "core/eval/windowreader.h"

#include <chrono>
#include <cmath>
#include <numeric>

namespace wb {

Result<std::vector<TextWindow>> windowsOf(std::size_t tokens, const PerplexityOptions& options)
{
    if (tokens < 2)
        return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "text")), said(CORE_TEXT("reasons", "it has %1 tokens and 2 are the least: the first has nothing before it"), tokens));
    if (options.window < 2 || options.stride == 0 || options.stride > options.window)
        return fail(ErrorCode::BadArgument, "--stride",
                    said(CORE_TEXT("reasons", "windows of %1 tokens every %2 leave tokens out; the stride is 1 to window, the window at least 2"), options.window, options.stride));
    const std::size_t text = options.window - (options.bos ? 1 : 0), step = std::min(options.stride, text);
    const std::size_t first = options.bos ? 0 : 1; // of a window: what has something before it
    std::vector<TextWindow> windows;
    for (std::size_t begin = 0, counted = 0;; begin += step) {
        const std::size_t end = std::min(tokens, begin + text);
        windows.push_back({begin, end, std::max(counted, begin + first)});
        counted = end;
        if (end == tokens)
            return windows;
    }
}

std::uint64_t tokensOf(std::span<const TextWindow> windows, const PerplexityOptions& options)
{
    std::uint64_t total = 0;
    for (const TextWindow& window : windows)
        total += window.end - window.begin + (options.bos ? 1 : 0);
    return total;
}

Result<void> summarise(PerplexityReport& report)
{
    report.tokens = report.nll.size();
    const auto n = static_cast<double>(report.tokens);
    double total = 0, squares = 0;
    for (std::size_t i = 0; i < report.nll.size(); ++i) {
        if (!std::isfinite(report.nll[i]))
            return fail(ErrorCode::LogitsNotFinite, "", std::to_string(report.positions[i]));
        total += report.nll[i];
    }
    report.nllMean = total / n;
    for (const double value : report.nll)
        squares += (value - report.nllMean) * (value - report.nllMean);
    report.perplexity = std::exp(report.nllMean);
    report.standardError = n > 1 ? std::sqrt(squares / (n - 1) / n) : std::nan("");
    return {};
}

Result<PerplexityReport> computePerplexity(const Model& model, std::span<const std::uint32_t> tokens, const PerplexityOptions& options,
                                           Progress& progress)
{
    const auto windows = windowsOf(tokens.size(), options);
    if (!windows)
        return failure(windows);
    if (!options.continued)
        progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, tokensOf(*windows, options));
    const auto start = std::chrono::steady_clock::now();
    PerplexityReport report;
    std::vector<float> scratch;
    WindowReader reader(model, tokens, options, progress);
    for (const TextWindow& window : *windows) {
        auto done = reader.read(window, [&](std::size_t from, std::size_t count, std::span<const float> hidden) {
            const std::size_t at = report.nll.size();
            report.nll.resize(at + count);
            report.positions.resize(at + count);
            std::iota(report.positions.begin() + static_cast<std::ptrdiff_t>(at), report.positions.end(), from);
            negativeLogLikelihoods(model, hidden, tokens.subspan(from, count), options.precision, scratch, std::span(report.nll).subspan(at));
        });
        if (!done)
            return failure(done);
    }
    if (auto done = summarise(report); !done)
        return failure(done);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

std::uint64_t perplexityBytes(const ModelConfig& config, std::size_t window)
{
    return KvCache::bytesFor(config, window) + std::min<std::uint64_t>(window, likelihoodRows) * config.vocabulary * sizeof(float) +
           workspaceBytes(config, std::min<std::uint64_t>(window, stepTokens));
}

} // namespace wb
