#include "core/model/sampling.h"

#include "core/base/random.h"
#include "core/model/kernels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace wb {
namespace {

// Most likely first, equal ones by id.
struct Better {
    std::span<const float> logits;
    bool operator()(std::uint32_t a, std::uint32_t b) const { return logits[a] != logits[b] ? logits[a] > logits[b] : a < b; }
};

void sortBest(std::vector<std::uint32_t>& order, std::size_t first, std::size_t count, const Better& better)
{
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(order.size(), first + count));
    std::nth_element(begin, end, order.end(), better);
    std::sort(begin, end, better);
}

void penalise(std::vector<float>& logits, std::span<const std::uint32_t> seen, float penalty)
{
    std::vector<std::uint32_t> once(seen.begin(), seen.end());
    std::ranges::sort(once);
    once.erase(std::ranges::unique(once).begin(), once.end());
    for (const std::uint32_t id : once)
        if (id < logits.size())
            logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
}

// How many of `order`, sorted as far as needed, the chain keeps; with their weights exp((logit − best) / temperature).
class Kept {
public:
    Kept(std::span<const float> logits, std::vector<std::uint32_t>& order, const SamplingOptions& options, double temperature)
        : m_better{logits}, m_order(order), m_options(options), m_temperature(temperature)
    {
        m_order.resize(logits.size());
        std::iota(m_order.begin(), m_order.end(), 0U);
        m_limit = options.topK != 0 ? std::min<std::size_t>(options.topK, logits.size()) : logits.size();
        m_best = static_cast<double>(*std::ranges::max_element(logits));
        keepBest();
    }

    [[nodiscard]] std::uint32_t draw(double uniform) const
    {
        double target = uniform * std::accumulate(m_weights.begin(), m_weights.end(), 0.0);
        for (std::size_t i = 0; i < m_weights.size(); ++i) {
            target -= m_weights[i];
            if (target < 0)
                return m_order[i];
        }
        return m_order[m_weights.size() - 1];
    }

private:
    double weight(std::size_t i) const { return std::exp((static_cast<double>(m_better.logits[m_order[i]]) - m_best) / m_temperature); }

    void keepBest()
    {
        const bool all = m_options.topK == 0 && m_options.topP >= 1 && m_options.minP <= 0;
        if (all) { // no order is needed
            for (std::size_t i = 0; i < m_limit; ++i)
                m_weights.push_back(weight(i));
            return;
        }
        const double total = m_options.topP < 1 ? totalWeight() : 0;
        double reached = 0;
        for (std::size_t i = 0, sorted = 0; i < m_limit; ++i) {
            if (i == sorted) { // a whole sort of a vocabulary would cost more than the rest of the token
                const std::size_t more = std::min(m_limit - sorted, std::max<std::size_t>(256, 3 * sorted));
                sortBest(m_order, sorted, more, m_better);
                sorted += more;
            }
            const double mine = weight(i);
            if (i != 0 && (mine < m_options.minP || (m_options.topP < 1 && reached >= m_options.topP * total)))
                break;
            m_weights.push_back(mine);
            reached += mine;
        }
    }

    // Of what top-k leaves: top-p is about these.
    double totalWeight()
    {
        if (m_limit < m_order.size())
            sortBest(m_order, 0, m_limit, m_better);
        double total = 0;
        for (std::size_t i = 0; i < m_limit; ++i)
            total += weight(i);
        return total;
    }

    Better m_better;
    std::vector<std::uint32_t>& m_order;
    const SamplingOptions& m_options;
    double m_temperature;
    std::size_t m_limit = 0;
    double m_best = 0;
    std::vector<double> m_weights; // of m_order[0 …)
};

double entropyOf(std::span<const float> logits, double normaliser)
{
    double expected = 0;
    for (const float logit : logits) {
        const double logprob = static_cast<double>(logit) - normaliser;
        if (logprob > -40) // what is rarer adds nothing
            expected += std::exp(logprob) * logprob;
    }
    return -expected;
}

// Of this token, by the scores after the repetition penalty, where the temperature stands in the chain.
double temperatureOf(std::span<const float> scores, const SamplingOptions& options, TextRegion region)
{
    const TemperatureRule& rule = options.rule;
    if (options.temperature == 0 || rule.source == TemperatureSource::Fixed)
        return options.temperature;
    if (rule.source == TemperatureSource::Entropy) {
        const auto left = static_cast<std::size_t>(std::ranges::count_if(scores, [](float score) { return score > -std::numeric_limits<float>::infinity(); }));
        return entropyTemperature(options.temperature, rule, entropyOf(scores, kernels::logSumExp(scores.data(), scores.size())), left);
    }
    switch (region) {
    case TextRegion::Prose: break;
    case TextRegion::Code: return rule.code;
    case TextRegion::Number: return rule.number;
    case TextRegion::Quote: return rule.quote;
    }
    return options.temperature;
}

} // namespace

std::vector<Candidate> likeliest(std::span<const float> logits, double normaliser, std::size_t count, std::vector<std::uint32_t>& order)
{
    std::vector<Candidate> out;
    if (count == 0)
        return out;
    order.resize(logits.size());
    std::iota(order.begin(), order.end(), 0U);
    sortBest(order, 0, count, {logits});
    for (std::size_t i = 0; i < std::min(count, logits.size()); ++i)
        out.push_back({order[i], static_cast<double>(logits[order[i]]) - normaliser});
    return out;
}

Result<void> checkSampling(const SamplingOptions& options)
{
    const auto wrong = [](const char* words, double value) { return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "sampling")), said(words, value)); };
    const auto isFrom0 = [](double value) { return value >= 0 && std::isfinite(value); };
    if (!isFrom0(options.temperature))
        return wrong(CORE_TEXT("reasons", "the temperature %1 is not a number from 0 on"), options.temperature);
    if (!(options.topP > 0 && options.topP <= 1))
        return wrong(CORE_TEXT("reasons", "top-p %1 is not above 0 and at most 1"), options.topP);
    if (!(options.minP >= 0 && options.minP <= 1))
        return wrong(CORE_TEXT("reasons", "min-p %1 is not between 0 and 1"), options.minP);
    if (!(options.repetitionPenalty > 0) || !std::isfinite(options.repetitionPenalty))
        return wrong(CORE_TEXT("reasons", "the repetition penalty %1 is not a number above 0"), options.repetitionPenalty);
    const TemperatureRule& rule = options.rule;
    if (!isFrom0(rule.range))
        return wrong(CORE_TEXT("reasons", "the temperature range %1 is not a number from 0 on"), rule.range);
    if (!isFrom0(rule.code))
        return wrong(CORE_TEXT("reasons", "the temperature of code %1 is not a number from 0 on"), rule.code);
    if (!isFrom0(rule.number))
        return wrong(CORE_TEXT("reasons", "the temperature of numbers %1 is not a number from 0 on"), rule.number);
    if (!isFrom0(rule.quote))
        return wrong(CORE_TEXT("reasons", "the temperature of quotes %1 is not a number from 0 on"), rule.quote);
    if (!(rule.exponent > 0) || !std::isfinite(rule.exponent))
        return wrong(CORE_TEXT("reasons", "the temperature exponent %1 is not a number above 0"), rule.exponent);
    return {};
}

std::string chainText(const SamplingOptions& options)
{
    std::string text;
    const auto step = [&](const std::string& what) { text += (text.empty() ? "" : " → ") + what; };
    if (options.repetitionPenalty != 1)
        step(fmt::format("repetition penalty {}", options.repetitionPenalty));
    if (options.temperature == 0) {
        step("greedy");
        return text;
    }
    const std::string rule = ruleText(options.temperature, options.rule);
    step(rule.empty() ? fmt::format("temperature {}", options.temperature) : fmt::format("temperature by {}", rule));
    if (options.topK != 0)
        step(fmt::format("top-k {}", options.topK));
    if (options.topP < 1)
        step(fmt::format("top-p {}", options.topP));
    if (options.minP > 0)
        step(fmt::format("min-p {}", options.minP));
    step(fmt::format("seed {}", options.seed));
    return text;
}

Result<Sampled> sampleToken(std::span<const float> logits, std::span<const std::uint32_t> seen, const SamplingOptions& options,
                            std::uint64_t stream, std::uint64_t place, std::size_t candidates, SamplingScratch& scratch, TextRegion region)
{
    const double normaliser = kernels::logSumExp(logits.data(), logits.size());
    if (!std::isfinite(normaliser))
        return fail(ErrorCode::LogitsNotFinite, "", std::to_string(seen.size()));
    Sampled out;
    if (candidates != 0) // who asks for candidates looks at single tokens
        out.entropy = entropyOf(logits, normaliser);
    out.candidates = likeliest(logits, normaliser, candidates, scratch.order);
    std::span<const float> scores = logits;
    if (options.repetitionPenalty != 1) {
        scratch.logits.assign(logits.begin(), logits.end());
        penalise(scratch.logits, seen, static_cast<float>(options.repetitionPenalty));
        scores = scratch.logits;
    }
    constexpr double coldest = 1e-6; // below it nothing but the most likely token is left
    out.temperature = temperatureOf(scores, options, region);
    out.chosen.id = out.temperature < coldest ? static_cast<std::uint32_t>(std::ranges::max_element(scores) - scores.begin())
                                             : Kept(scores, scratch.order, options, out.temperature).draw(uniform(options.seed, stream, place));
    out.chosen.logprob = static_cast<double>(logits[out.chosen.id]) - normaliser;
    return out;
}

} // namespace wb
