#include "core/model/generate.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>

namespace wb {
namespace {

constexpr std::array stopNames = {"end_token", "stop_string", "max_tokens", "context_full", "cancelled"};

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Cuts `text` before the earliest stop string that `added` new bytes may have completed.
bool cutAtStop(std::string& text, std::size_t added, const std::vector<std::string>& stop)
{
    std::size_t earliest = std::string::npos;
    for (const std::string& word : stop) {
        if (word.empty())
            continue;
        const std::size_t reach = added + word.size() - 1;
        earliest = std::min(earliest, text.find(word, text.size() > reach ? text.size() - reach : 0));
    }
    if (earliest == std::string::npos)
        return false;
    text.resize(earliest);
    return true;
}

} // namespace

const char* stoppedByName(StoppedBy stoppedBy) { return stopNames[static_cast<std::size_t>(stoppedBy)]; }

std::optional<std::size_t> firstDifference(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b)
{
    const auto [mine, theirs] = std::ranges::mismatch(a, b);
    if (mine == a.end() && theirs == b.end())
        return std::nullopt;
    return static_cast<std::size_t>(mine - a.begin());
}

// One sequence on its way.
struct Generator::Running {
    std::size_t index = 0;
    KvCache* cache = nullptr;
    std::vector<std::uint32_t> all; // prompt and what came after it
    std::vector<float> logits;      // after the last token
    std::optional<StreamingDecoder> decoder;
    Completion completion;
    bool done = false;

    void stop(StoppedBy why)
    {
        completion.stoppedBy = why;
        done = true;
    }

    // Takes the sampled token up.
    void take(Sampled sampled, const GenerateOptions& options)
    {
        const std::uint32_t id = sampled.chosen.id;
        completion.ids.push_back(id);
        all.push_back(id);
        GeneratedToken token{std::move(sampled), {}};
        const bool ends = options.endTokens.contains(id);
        if (!ends && decoder)
            token.text = decoder->push(id);
        completion.text += token.text;
        if (ends)
            stop(StoppedBy::EndToken);
        else if (cutAtStop(completion.text, token.text.size(), options.stop))
            stop(StoppedBy::StopString);
        else if (completion.ids.size() >= options.maxTokens)
            stop(StoppedBy::MaxTokens);
        if (done && decoder && completion.stoppedBy != StoppedBy::StopString) { // bytes that wait for others
            const std::string rest = decoder->finish();
            token.text += rest;
            completion.text += rest;
        }
        completion.tokens.push_back(std::move(token));
    }
};

// Prompts that begin alike (worked examples, several answers to one question) are read once: a copy of keys and values costs less.
void Generator::takeOver(const std::vector<Running>& before, Running& one)
{
    const auto shared = [&](const KvCache& cache) {
        return static_cast<std::size_t>(std::ranges::mismatch(cache.tokens(), std::span<const std::uint32_t>(one.all)).in1 - cache.tokens().begin());
    };
    constexpr std::size_t worth = 8; // tokens
    const auto best = std::ranges::max_element(before, {}, [&](const Running& other) { return shared(*other.cache); });
    if (best != before.end() && shared(*best->cache) >= shared(*one.cache) + worth)
        *one.cache = *best->cache;
}

Generator::Generator(ModelPtr model, TokenizerPtr tokenizer) : m_model(std::move(model)), m_tokenizer(std::move(tokenizer)) {}

std::uint64_t Generator::bytesFor(const ModelConfig& config, std::size_t sequences, std::uint64_t length)
{
    const std::uint64_t rows = std::max<std::uint64_t>(std::min<std::uint64_t>(length, stepTokens), sequences);
    return sequences * (KvCache::bytesFor(config, length) + std::uint64_t{config.vocabulary} * 3 * sizeof(float)) + workspaceBytes(config, rows);
}

Result<void> Generator::readPrompts(const std::vector<std::vector<std::uint32_t>>& prompts, std::vector<Running>& running,
                                    GenerateReport& report, const GenerateOptions& options, Progress& progress)
{
    const std::size_t vocabulary = m_model->config().vocabulary;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        Running one;
        one.index = i;
        one.cache = &m_caches[i];
        one.all = prompts[i];
        one.logits.resize(vocabulary);
        if (m_tokenizer)
            one.decoder.emplace(m_tokenizer, true);
        // The last token is read in any case: its logits are wanted.
        takeOver(running, one);
        const std::size_t reused = one.cache->keepPrefix(std::span(one.all).first(one.all.size() - 1));
        report.promptTokens += one.all.size();
        report.reusedTokens += reused;
        progress.advance(reused);
        const ForwardOptions forwardOptions{options.precision, {}};
        const auto done = forwardInSteps(*m_model, *one.cache, std::span(one.all).subspan(reused), forwardOptions, m_space, progress,
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
Result<void> Generator::decode(std::vector<Running>& running, const GenerateOptions& options, Progress& progress, const OnToken& onToken)
{
    const std::size_t vocabulary = m_model->config().vocabulary, width = m_model->config().width, most = m_model->config().maxPositions;
    std::vector<SamplingScratch> scratch(running.size());
    std::vector<float> logits;
    while (true) {
        std::vector<Running*> going;
        for (Running& one : running)
            if (!one.done)
                going.push_back(&one);
        if (going.empty())
            return {};
        std::vector<Result<Sampled>> sampled(going.size());
        parallelFor(going.size(), [&](std::size_t i) {
            Running& one = *going[i];
            sampled[i] = sampleToken(one.logits, one.all, options.sampling, one.index, one.completion.ids.size(), options.candidates, scratch[one.index]);
        });
        std::vector<Sequence> next;
        std::vector<Running*> of;
        for (std::size_t i = 0; i < going.size(); ++i) {
            if (!sampled[i])
                return failure(sampled[i]);
            Running& one = *going[i];
            one.take(std::move(*sampled[i]), options);
            if (onToken && !onToken(one.index, one.completion.tokens.back()) && !one.done)
                one.stop(StoppedBy::Cancelled);
            if (!one.done && most != 0 && one.all.size() > most)
                one.stop(StoppedBy::ContextFull);
            if (!progress.advance(1) && !one.done)
                one.stop(StoppedBy::Cancelled);
            if (one.done)
                continue;
            next.push_back({one.cache, std::span(one.all).last(1)});
            of.push_back(&one);
        }
        if (next.empty())
            continue;
        const auto hidden = forward(*m_model, next, {options.precision, {}}, m_space);
        if (!hidden)
            return failure(hidden);
        logits.resize(next.size() * vocabulary);
        computeLogits(*m_model, hidden->first(next.size() * width), options.precision, Product::RowByRow, logits);
        for (std::size_t i = 0; i < of.size(); ++i)
            std::copy_n(logits.data() + i * vocabulary, vocabulary, of[i]->logits.data());
    }
}

Result<GenerateReport> Generator::run(const std::vector<std::vector<std::uint32_t>>& prompts, const GenerateOptions& options,
                                      Progress& progress, const OnToken& onToken)
{
    if (auto done = checkSampling(options.sampling); !done)
        return failure(done);
    for (const auto& prompt : prompts)
        if (prompt.empty())
            return fail(ErrorCode::BadArgument, "prompt", "it has no token to begin with");
    GenerateReport report;
    std::uint64_t total = prompts.size() * options.maxTokens;
    for (const auto& prompt : prompts)
        total += prompt.size();
    progress.begin(ProgressStage::Computing, ProgressUnit::Tokens, total);
    while (m_caches.size() < prompts.size())
        m_caches.emplace_back(m_model->config());
    std::vector<Running> running;
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
    for (Running& one : running) {
        report.newTokens += one.completion.ids.size();
        report.completions.push_back(std::move(one.completion));
    }
    return report;
}

} // namespace wb
