#include "core/model/generate.h"

#include <algorithm>
#include <chrono>

namespace wb {
namespace {

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

std::optional<std::size_t> firstDifference(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b)
{
    const auto [mine, theirs] = std::ranges::mismatch(a, b);
    if (mine == a.end() && theirs == b.end())
        return std::nullopt;
    return static_cast<std::size_t>(mine - a.begin());
}

// Prompts that begin alike (worked examples, several answers to one question) are read once: a copy of keys and values costs less.
void Generator::takeOver(const std::vector<DecodingSequence>& before, DecodingSequence& one)
{
    const auto shared = [&](const KvCache& cache) {
        return static_cast<std::size_t>(std::ranges::mismatch(cache.tokens(), std::span<const std::uint32_t>(one.all)).in1 - cache.tokens().begin());
    };
    constexpr std::size_t worth = 8; // tokens
    const auto best = std::ranges::max_element(before, {}, [&](const DecodingSequence& other) { return shared(*other.cache); });
    if (best != before.end() && shared(*best->cache) >= shared(*one.cache) + worth)
        *one.cache = *best->cache;
}

Generator::Generator(ModelPtr model, TokenizerPtr tokenizer) : m_model(std::move(model)), m_tokenizer(std::move(tokenizer)) {}

std::uint64_t Generator::bytesFor(const ModelConfig& config, std::size_t sequences, std::uint64_t length)
{
    const std::uint64_t rows = std::max<std::uint64_t>(std::min<std::uint64_t>(length, stepTokens), sequences);
    return sequences * (KvCache::bytesFor(config, length) + std::uint64_t{config.vocabulary} * 3 * sizeof(float)) + workspaceBytes(config, rows);
}

Result<void> Generator::readPrompts(const std::vector<std::vector<std::uint32_t>>& prompts, std::vector<DecodingSequence>& running,
                                    GenerateReport& report, const GenerateOptions& options, Progress& progress)
{
    const std::size_t vocabulary = m_model->config().vocabulary;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        DecodingSequence one;
        one.stream = i;
        one.options = &options;
        one.cache = &m_caches[i];
        one.all = prompts[i];
        one.logits.resize(vocabulary);
        one.beginText(m_tokenizer);
        // The last token is read in any case: its logits are wanted.
        takeOver(running, one);
        const std::size_t reused = one.cache->keepPrefix(std::span(one.all).first(one.all.size() - 1), one.all.size());
        report.promptTokens += one.all.size();
        report.reusedTokens += reused;
        progress.advance(reused);
        const ForwardOptions forwardOptions{options.precision, {}};
        const auto done = forwardInSteps(*m_model, *one.cache, std::span(one.all).subspan(reused), forwardOptions, m_space.space, progress,
                                         [&](std::size_t, std::span<float> hidden) {
                                             computeLogits(*m_model, hidden.last(m_model->config().width), options.precision, Product::RowByRow, one.logits);
                                         });
        if (!done)
            return done;
        running.push_back(std::move(one));
    }
    return {};
}

// One token of every sequence that goes on.
Result<void> Generator::decode(std::vector<DecodingSequence>& running, const GenerateOptions& options, Progress& progress, const OnToken& onToken)
{
    const std::size_t most = m_model->config().maxPositions;
    while (true) {
        std::vector<DecodingSequence*> going;
        for (DecodingSequence& one : running)
            if (!one.done)
                going.push_back(&one);
        if (going.empty())
            return {};
        drawTokens(going, m_space);
        for (DecodingSequence* one : going) {
            if (one->error)
                return tl::unexpected(*one->error);
            if (onToken && !onToken(one->stream, one->completion.tokens.back()) && !one->done)
                one->stop(StoppedBy::Cancelled);
            if (!one->done && most != 0 && one->all.size() > most)
                one->stop(StoppedBy::ContextFull);
            if (!progress.advance(1) && !one->done)
                one->stop(StoppedBy::Cancelled);
        }
        std::erase_if(going, [](const DecodingSequence* one) { return one->done; });
        if (auto done = readDrawn(*m_model, going, options.precision, m_space); !done)
            return done;
    }
}

Result<GenerateReport> Generator::run(const std::vector<std::vector<std::uint32_t>>& prompts, const GenerateOptions& options,
                                      Progress& progress, const OnToken& onToken)
{
    if (auto done = checkSampling(options.sampling); !done)
        return failure(done);
    for (const auto& prompt : prompts)
        if (prompt.empty())
            return fail(ErrorCode::BadArgument, said(CORE_TEXT("reasons", "prompt")), said(CORE_TEXT("reasons", "it has no token to begin with")));
    GenerateReport report;
    std::uint64_t total = prompts.size() * options.maxTokens;
    for (const auto& prompt : prompts)
        total += prompt.size();
    progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, total);
    while (m_caches.size() < prompts.size())
        m_caches.emplace_back(m_model->config());
    std::vector<DecodingSequence> running;
    running.reserve(prompts.size());
    const auto start = std::chrono::steady_clock::now();
    if (auto done = readPrompts(prompts, running, report, options, progress); !done)
        return failure(done);
    report.promptSeconds = secondsSince(start);
    const auto decodeStart = std::chrono::steady_clock::now();
    if (options.maxTokens != 0)
        if (auto done = decode(running, options, progress, onToken); !done)
            return failure(done);
    report.decodeSeconds = secondsSince(decodeStart);
    for (DecodingSequence& one : running) {
        report.newTokens += one.completion.ids.size();
        report.completions.push_back(std::move(one.completion));
    }
    return report;
}

} // namespace wb
