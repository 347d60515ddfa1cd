#include "core/analysis/lens.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace wb {
namespace {

constexpr std::size_t block = 64; // rows of logits in memory at once

// The states before every block and behind the last one, (tokens, width) each.
Result<std::vector<std::vector<float>>> statesOf(const Model& model, std::span<const std::uint32_t> tokens, const LensOptions& options, Progress& progress)
{
    const std::size_t layers = model.config().layers.size();
    std::vector<std::vector<float>> states(layers + 1);
    KvCache cache(model.config());
    Workspace space;
    ForwardOptions forwardOptions{options.precision, {}};
    forwardOptions.observer = [&](std::size_t layer, Site site, std::span<float> values, std::size_t) {
        if (site != Site::Embedding && site != Site::Block)
            return;
        std::vector<float>& to = states[site == Site::Embedding ? 0 : layer + 1];
        to.insert(to.end(), values.begin(), values.end());
    };
    for (std::size_t first = 0; first < tokens.size(); first += stepTokens) {
        if (progress.cancelled())
            return cancelledError();
        Sequence sequence{&cache, tokens.subspan(first, std::min(stepTokens, tokens.size() - first)), tokens.size()};
        if (auto done = forward(model, std::span(&sequence, 1), forwardOptions, space, &progress); !done)
            return failure(done);
    }
    return states;
}

// The final norm alone: a pass that starts behind the last layer.
Result<void> normalise(const Model& model, std::span<const std::uint32_t> tokens, std::vector<float>& states, Workspace& space)
{
    KvCache cache(model.config());
    ForwardOptions options;
    options.firstLayer = model.config().layers.size();
    const std::size_t width = model.config().width;
    for (std::size_t first = 0; first < tokens.size(); first += stepTokens) {
        const std::size_t rows = std::min(stepTokens, tokens.size() - first);
        options.states = std::span(states).subspan(first * width, rows * width);
        Sequence sequence{&cache, tokens.subspan(first, rows), tokens.size()};
        auto normed = forward(model, std::span(&sequence, 1), options, space);
        if (!normed)
            return failure(normed);
        std::ranges::copy(normed->first(rows * width), states.begin() + static_cast<std::ptrdiff_t>(first * width));
    }
    return {};
}

LensCell cellOf(std::span<const float> logits, std::optional<std::uint32_t> next, std::size_t candidates)
{
    LensCell cell;
    const double all = kernels::logSumExp(logits.data(), logits.size());
    thread_local std::vector<std::uint32_t> order;
    cell.likeliest = likeliest(logits, all, std::max<std::size_t>(candidates, 1), order);
    cell.nextLogprob = next ? static_cast<double>(logits[*next]) - all : std::numeric_limits<double>::quiet_NaN();
    if (next)
        cell.nextRank = static_cast<std::uint32_t>(std::ranges::count_if(logits, [&](float logit) { return logit > logits[*next]; }));
    return cell;
}

} // namespace

Result<LensReport> computeLens(const Model& model, std::span<const std::uint32_t> tokens, const LensOptions& options, Progress& progress)
{
    const auto start = std::chrono::steady_clock::now();
    const std::size_t width = model.config().width, vocabulary = model.config().vocabulary, layers = model.config().layers.size();
    progress.begin(ProgressStage::Computing, ProgressUnit::Items, layers + 1);
    auto states = statesOf(model, tokens, options, progress);
    if (!states)
        return failure(states);
    LensReport report;
    report.rows = layers + 1;
    report.tokens = tokens.size();
    report.cells.resize(report.rows * report.tokens);
    Workspace space;
    std::vector<float> logits(std::min(block, tokens.size()) * vocabulary);
    for (std::size_t row = 0; row < report.rows; ++row) {
        if (!options.raw || row == layers)
            if (auto done = normalise(model, tokens, (*states)[row], space); !done)
                return failure(done);
        for (std::size_t first = 0; first < tokens.size(); first += block) {
            if (progress.cancelled())
                return cancelledError();
            const std::size_t count = std::min(block, tokens.size() - first);
            computeLogits(model, std::span((*states)[row]).subspan(first * width, count * width), options.precision, Product::Blocks, std::span(logits).first(count * vocabulary));
            parallelFor(count, [&](std::size_t i) {
                const std::size_t token = first + i;
                const std::optional<std::uint32_t> next = token + 1 < tokens.size() ? std::optional(tokens[token + 1]) : std::nullopt;
                report.cells[row * report.tokens + token] = cellOf(std::span(logits).subspan(i * vocabulary, vocabulary), next, options.candidates);
            });
        }
        const auto cells = std::span(report.cells).subspan(row * report.tokens, report.tokens);
        if (!std::ranges::all_of(cells, [](const LensCell& cell) { return std::isfinite(cell.likeliest.front().logprob); }))
            return fail(ErrorCode::LogitsNotFinite, "", std::to_string(row));
        progress.advance(1);
    }
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

double meanNextLogprob(const LensReport& report, std::size_t row)
{
    double sum = 0;
    for (std::size_t token = 0; token + 1 < report.tokens; ++token)
        sum += report.at(row, token).nextLogprob;
    return report.tokens < 2 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(report.tokens - 1);
}

std::vector<PairedChange> lensChange(const LensReport& a, const LensReport& b)
{
    std::vector<PairedChange> out;
    if (a.rows != b.rows || a.tokens != b.tokens || a.tokens < 2)
        return out;
    const std::size_t count = a.tokens - 1;
    for (std::size_t row = 0; row < a.rows; ++row) {
        const auto influences = [&](const LensReport& report, double mean) {
            std::vector<double> influence(count);
            for (std::size_t token = 0; token < count; ++token)
                influence[token] = (report.at(row, token).nextLogprob - mean) / static_cast<double>(count);
            return influence;
        };
        const double before = meanNextLogprob(a, row), after = meanNextLogprob(b, row);
        out.push_back(pairedChange(after - before, influences(a, before), influences(b, after)));
    }
    return out;
}

std::uint64_t lensBytes(const ModelConfig& config, std::size_t tokens, const LensOptions& options)
{
    const std::uint64_t states = (config.layers.size() + 1) * std::uint64_t{tokens} * config.width, logits = std::min<std::uint64_t>(block, tokens) * config.vocabulary;
    const std::uint64_t cells = (config.layers.size() + 1) * std::uint64_t{tokens} * (sizeof(LensCell) + std::max<std::size_t>(options.candidates, 1) * sizeof(Candidate));
    return cells + (states + 2 * logits) * sizeof(float) + KvCache::bytesFor(config, tokens) + workspaceBytes(config, std::min<std::uint64_t>(tokens, stepTokens));
}

} // namespace wb
