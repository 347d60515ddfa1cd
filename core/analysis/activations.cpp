#include "core/analysis/activations.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <numeric>

namespace wb {
namespace {

constexpr std::size_t channelBlock = 64; // summed by one thread, so that sums have one order
constexpr float massiveValue = 100;
constexpr double massiveOverMedian = 1000;

struct ChannelSums {
    double first = 0, second = 0, third = 0, fourth = 0;
    float largest = 0; // with its sign
    std::size_t token = 0;
};

struct SiteSums {
    std::size_t layer;
    Site site;
    std::vector<ChannelSums> channels;
    std::vector<double> runFirst, runSecond;
};

// Mean and mean square of one token's channels; in eight sums, whose order does not depend on the processor.
std::pair<double, double> momentsOf(const float* row, std::size_t width)
{
    constexpr std::size_t lanes = 8;
    double first[lanes] = {}, second[lanes] = {};
    const auto add = [&](std::size_t lane, float value) {
        const auto x = static_cast<double>(value);
        first[lane] += x;
        second[lane] += x * x;
    };
    std::size_t c = 0;
    for (; c + lanes <= width; c += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            add(lane, row[c + lane]);
    for (; c < width; ++c)
        add(0, row[c]);
    const auto count = static_cast<double>(width);
    return {std::accumulate(std::begin(first), std::end(first), 0.0) / count, std::accumulate(std::begin(second), std::end(second), 0.0) / count};
}

void addRuns(SiteSums& sums, std::span<const float> values, std::size_t firstToken, std::size_t runLength)
{
    const std::size_t width = sums.channels.size(), rows = values.size() / width;
    std::vector<std::pair<double, double>> moments(rows);
    parallelFor(rows, [&](std::size_t r) { moments[r] = momentsOf(values.data() + r * width, width); });
    for (std::size_t r = 0; r < rows; ++r) {
        const std::size_t run = (firstToken + r) / runLength;
        sums.runFirst.resize(std::max(sums.runFirst.size(), run + 1));
        sums.runSecond.resize(sums.runFirst.size());
        sums.runFirst[run] += moments[r].first;
        sums.runSecond[run] += moments[r].second;
    }
}

void addValues(SiteSums& sums, std::span<const float> values, std::size_t firstToken)
{
    const std::size_t width = sums.channels.size(), rows = values.size() / width;
    parallelFor((width + channelBlock - 1) / channelBlock, [&](std::size_t b) {
        const std::size_t end = std::min(width, (b + 1) * channelBlock);
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = b * channelBlock; c < end; ++c) {
                ChannelSums& channel = sums.channels[c];
                const float value = values[r * width + c];
                const double x = static_cast<double>(value), square = x * x;
                channel.first += x;
                channel.second += square;
                channel.third += square * x;
                channel.fourth += square * square;
                if (std::abs(value) > std::abs(channel.largest)) {
                    channel.largest = value;
                    channel.token = firstToken + r;
                }
            }
    });
}

SiteActivity activityOf(const SiteSums& sums, std::size_t tokens)
{
    SiteActivity out;
    out.layer = sums.layer;
    out.site = sums.site;
    out.width = sums.channels.size();
    out.runFirst = sums.runFirst;
    out.runSecond = sums.runSecond;
    ChannelSums all;
    const auto rows = static_cast<double>(tokens), count = rows * static_cast<double>(out.width);
    for (std::size_t c = 0; c < out.width; ++c) {
        const ChannelSums& channel = sums.channels[c];
        all.first += channel.first;
        all.second += channel.second;
        all.third += channel.third;
        all.fourth += channel.fourth;
        out.channelMean.push_back(static_cast<float>(channel.first / rows));
        out.channelEnergy.push_back(static_cast<float>(channel.second / rows));
        out.channelLargest.push_back(std::abs(channel.largest));
        if (std::abs(channel.largest) > std::abs(out.largest)) {
            out.largest = channel.largest;
            out.largestToken = channel.token;
            out.largestChannel = c;
        }
    }
    const double m = all.first / count, m2 = all.second / count, m3 = all.third / count, m4 = all.fourth / count;
    const double variance = std::max(0.0, m2 - m * m);
    out.mean = m;
    out.std = std::sqrt(variance);
    out.energy = m2;
    out.kurtosis = variance > 0 ? (m4 - 4 * m * m3 + 6 * m * m * m2 - 3 * m * m * m * m) / (variance * variance) : 0;
    return out;
}

class Activations {
public:
    Activations(const Model& model, const ActivationOptions& options, std::size_t tokens)
        : m_model(model), m_options(options), m_runLength((tokens + activationRuns - 1) / activationRuns), m_massiveCount(model.config().layers.size() + 1)
    {
    }

    Result<void> read(std::span<const std::uint32_t> window, Progress& progress)
    {
        KvCache cache(m_model.config());
        ForwardOptions options{m_options.precision, {}};
        options.observer = [this](std::size_t layer, Site site, std::span<float> values, std::size_t width) { see(layer, site, values, width); };
        m_first = m_tokens;
        auto done = forwardInSteps(m_model, cache, window, options, m_space, progress, [&](std::size_t first, std::span<float> hidden) {
            m_first = m_tokens + first + hidden.size() / m_model.config().width; // the next step's
        });
        m_tokens += window.size();
        return done;
    }

    Result<ActivationReport> report() const
    {
        ActivationReport out;
        out.tokens = m_tokens;
        out.runLength = m_runLength;
        for (const SiteSums& sums : m_sites) {
            out.sites.push_back(activityOf(sums, m_tokens));
            if (!std::isfinite(out.sites.back().energy))
                return fail(ErrorCode::LogitsNotFinite, "", said(CORE_TEXT("reasons", "%1 (%2 of layer %3)"), m_tokens, siteName(sums.site), sums.layer));
        }
        out.massive = m_massive;
        out.massiveCount = m_massiveCount;
        for (const auto& [layer, peak] : m_peaks)
            out.peaks.push_back(finished(peak, out.sites));
        for (const auto& [layer, counts] : m_routing)
            out.routing.push_back(routingOf(layer, counts));
        return out;
    }

private:
    struct Counts {
        std::size_t experts = 0, chosen = 0;
        std::vector<std::uint64_t> together; // (experts, experts); the diagonal counts each
    };

    void see(std::size_t layer, Site site, std::span<float> values, std::size_t width)
    {
        if (site == Site::Router)
            return countChoices(layer, values, width);
        siteSums(layer, site, width);
        SiteSums& sums = m_sites[m_index[{layer, site}]];
        addValues(sums, values, m_first);
        addRuns(sums, values, m_first, m_runLength);
        if (site == Site::Embedding || site == Site::Block)
            findMassive(site == Site::Embedding ? 0 : layer + 1, values, width);
        if (site == Site::FeedForwardMix)
            m_inside.assign(values.begin(), values.end());
        if (site == Site::FeedForwardOut)
            findPeak(layer, values, width);
    }

    void siteSums(std::size_t layer, Site site, std::size_t width)
    {
        if (m_index.emplace(std::pair(layer, site), m_sites.size()).second)
            m_sites.push_back({layer, site, std::vector<ChannelSums>(width), {}, {}});
    }

    void findMassive(std::size_t layer, std::span<const float> values, std::size_t width)
    {
        if (std::ranges::none_of(values, [](float value) { return std::abs(value) > massiveValue; }))
            return;
        std::vector<float> sizes(values.size());
        std::ranges::transform(values, sizes.begin(), [](float value) { return std::abs(value); });
        const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>((sizes.size() - 1) / 2);
        std::ranges::nth_element(sizes, middle);
        const double median = static_cast<double>(*middle);
        for (std::size_t i = 0; i < values.size(); ++i)
            if (std::abs(values[i]) > massiveValue && static_cast<double>(std::abs(values[i])) >= massiveOverMedian * median)
                keepMassive({layer, m_first + i / width, i % width, values[i], static_cast<double>(std::abs(values[i])) / median});
    }

    void keepMassive(const MassiveActivation& one)
    {
        ++m_massiveCount[one.layer];
        const auto smaller = [](const MassiveActivation& a, const MassiveActivation& b) { return std::pair(a.layer, -std::abs(a.value)) < std::pair(b.layer, -std::abs(b.value)); };
        m_massive.insert(std::ranges::upper_bound(m_massive, one, smaller), one);
        const auto [begin, end] = std::ranges::equal_range(m_massive, one.layer, {}, &MassiveActivation::layer);
        if (static_cast<std::size_t>(end - begin) > massiveKept)
            m_massive.erase(std::prev(end));
    }

    void findPeak(std::size_t layer, std::span<const float> values, std::size_t width)
    {
        if (m_inside.empty())
            return; // of experts, whose inside nobody shows
        const auto largest = std::ranges::max_element(values, {}, [](float value) { return std::abs(value); });
        const auto at = static_cast<std::size_t>(largest - values.begin());
        FeedForwardPeak& peak = m_peaks[layer];
        if (std::abs(*largest) > std::abs(peak.value)) {
            const std::size_t inner = m_inside.size() * width / values.size();
            const std::span<const float> input(m_inside.data() + at / width * inner, inner);
            std::vector<float> row(inner);
            const LayerWeights& weights = m_model.weights().layers[layer];
            weights.down.row(at % width, row.data());
            const auto part = [&](std::size_t c) { return static_cast<double>(row[c]) * static_cast<double>(input[c]); };
            double total = weights.down.bias.empty() ? 0 : static_cast<double>(weights.down.bias[at % width]);
            std::size_t most = 0;
            for (std::size_t c = 0; c < inner; ++c) {
                total += part(c);
                if (std::abs(part(c)) > std::abs(part(most)))
                    most = c;
            }
            const double made = weights.feedForwardPostNorm.gain.empty() ? static_cast<double>(*largest) : total;
            peak = {layer, m_first + at / width, at % width, most, *largest, input[most], row[most], part(most) / made, 0};
        }
        m_inside.clear();
    }

    static FeedForwardPeak finished(FeedForwardPeak peak, const std::vector<SiteActivity>& sites)
    {
        for (const SiteActivity& site : sites)
            if (site.layer == peak.layer && site.site == Site::FeedForwardOut && site.energy > 0)
                peak.overTypical = static_cast<double>(std::abs(peak.value)) / std::sqrt(site.energy);
        return peak;
    }

    // The experts with the highest scores; equal ones by number, as the pass itself chooses.
    void countChoices(std::size_t layer, std::span<const float> scores, std::size_t experts)
    {
        Counts& counts = m_routing[layer];
        counts.experts = experts;
        counts.chosen = m_model.config().layers[layer].feedForward.chosen;
        counts.together.resize(experts * experts);
        std::vector<std::size_t> order(experts);
        for (std::size_t first = 0; first < scores.size(); first += experts) {
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::ranges::stable_sort(order, std::greater(), [&](std::size_t expert) { return scores[first + expert]; });
            for (std::size_t i = 0; i < counts.chosen; ++i)
                for (std::size_t j = 0; j < counts.chosen; ++j)
                    ++counts.together[order[i] * experts + order[j]];
        }
    }

    Routing routingOf(std::size_t layer, const Counts& counts) const
    {
        Routing out{layer, counts.experts, counts.chosen, {}, {}, 0};
        const auto tokens = static_cast<double>(m_tokens);
        for (const std::uint64_t count : counts.together)
            out.together.push_back(static_cast<double>(count) / tokens);
        double entropy = 0;
        for (std::size_t e = 0; e < counts.experts; ++e) {
            out.frequency.push_back(out.together[e * counts.experts + e]);
            const double share = out.frequency.back() / static_cast<double>(counts.chosen);
            entropy -= share > 0 ? share * std::log(share) : 0;
        }
        out.balance = counts.experts > 1 ? entropy / std::log(static_cast<double>(counts.experts)) : 1;
        return out;
    }

    const Model& m_model;
    const ActivationOptions& m_options;
    std::size_t m_runLength;
    Workspace m_space;
    std::size_t m_tokens = 0, m_first = 0; // read before this window; index of the first row that the observer sees
    std::vector<SiteSums> m_sites;
    std::map<std::pair<std::size_t, Site>, std::size_t> m_index;
    std::vector<MassiveActivation> m_massive; // by layer, the largest first
    std::vector<std::uint64_t> m_massiveCount;
    std::map<std::size_t, FeedForwardPeak> m_peaks;
    std::map<std::size_t, Counts> m_routing;
    std::vector<float> m_inside; // of the feed-forward that is being computed
};

} // namespace

Result<ActivationReport> computeActivations(const Model& model, std::span<const std::uint32_t> tokens, const ActivationOptions& options, Progress& progress)
{
    if (options.window == 0 || tokens.empty())
        return fail(ErrorCode::BadArgument, "--window", said(CORE_TEXT("reasons", "a window of %1 over %2 tokens; at least 1 of each is needed"), options.window, tokens.size()));
    const auto start = std::chrono::steady_clock::now();
    progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, tokens.size());
    Activations activations(model, options, tokens.size());
    for (std::size_t first = 0; first < tokens.size(); first += options.window)
        if (auto done = activations.read(tokens.subspan(first, std::min(options.window, tokens.size() - first)), progress); !done)
            return failure(done);
    auto report = activations.report();
    if (report)
        report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

std::vector<ActivityChange> activationChange(const ActivationReport& a, const ActivationReport& b)
{
    std::vector<ActivityChange> out;
    if (a.tokens != b.tokens || a.tokens == 0)
        return out;
    const auto tokens = static_cast<double>(a.tokens);
    // Of each run on the mean over all tokens.
    const auto influences = [&](const std::vector<double>& sums, double mean, double factor) {
        std::vector<double> influence(sums.size());
        for (std::size_t run = 0; run < sums.size(); ++run) {
            const std::size_t count = std::min(a.runLength, a.tokens - run * a.runLength);
            influence[run] = factor * (sums[run] - static_cast<double>(count) * mean) / tokens;
        }
        return influence;
    };
    const auto slope = [](double energy) { return energy > 0 ? 0.5 / std::sqrt(energy) : 0; };
    for (const SiteActivity& left : a.sites) {
        const auto right = std::ranges::find_if(b.sites, [&](const SiteActivity& site) { return site.layer == left.layer && site.site == left.site; });
        if (right == b.sites.end())
            continue;
        const auto change = [&](double delta, double factorA, double factorB, bool squares) {
            return pairedChange(delta, influences(squares ? left.runSecond : left.runFirst, squares ? left.energy : left.mean, factorA),
                                influences(squares ? right->runSecond : right->runFirst, squares ? right->energy : right->mean, factorB));
        };
        out.push_back({left.layer, left.site, change(right->mean - left.mean, 1, 1, false), change(right->energy - left.energy, 1, 1, true),
                       change(std::sqrt(right->energy) - std::sqrt(left.energy), slope(left.energy), slope(right->energy), true)});
    }
    return out;
}

std::uint64_t activationBytes(const ModelConfig& config, const ActivationOptions& options)
{
    std::uint64_t channels = config.width, inside = 0;
    for (const LayerConfig& layer : config.layers) {
        channels += 6 * std::uint64_t{config.width} + layer.feedForward.width + std::uint64_t{layer.attention.heads} * layer.attention.headDim;
        inside = std::max<std::uint64_t>(inside, layer.feedForward.width);
    }
    const std::uint64_t rows = std::min<std::uint64_t>(options.window, stepTokens);
    const std::uint64_t runs = (7 * config.layers.size() + 1) * activationRuns * 2 * sizeof(double);
    return runs + channels * sizeof(ChannelSums) + inside * rows * sizeof(float) + KvCache::bytesFor(config, options.window) + workspaceBytes(config, rows);
}

} // namespace wb
