#include "core/model/decoding.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <array>

namespace wb {
namespace {

constexpr std::array stopNames = {"end_token", "stop_string", "max_tokens", "context_full", "cancelled"};

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

void DecodingSequence::beginText(const TokenizerPtr& tokenizer)
{
    if (!tokenizer)
        return;
    decoder.emplace(tokenizer, true);
    if (options->sampling.rule.source == TemperatureSource::Regions)
        text.push(tokenizer->decode(all, true));
}

void DecodingSequence::stop(StoppedBy why)
{
    completion.stoppedBy = why;
    done = true;
}

void DecodingSequence::take(Sampled sampled)
{
    const std::uint32_t id = sampled.chosen.id;
    completion.ids.push_back(id);
    all.push_back(id);
    GeneratedToken token{std::move(sampled), {}};
    const bool ends = options->endTokens.contains(id);
    if (!ends && decoder)
        token.text = decoder->push(id);
    completion.text += token.text;
    text.push(token.text);
    if (ends)
        stop(StoppedBy::EndToken);
    else if (cutAtStop(completion.text, token.text.size(), options->stop))
        stop(StoppedBy::StopString);
    else if (completion.ids.size() >= options->maxTokens)
        stop(StoppedBy::MaxTokens);
    if (done && decoder && completion.stoppedBy != StoppedBy::StopString) { // bytes that wait for others
        const std::string rest = decoder->finish();
        token.text += rest;
        completion.text += rest;
    }
    completion.tokens.push_back(std::move(token));
}

void drawTokens(std::span<DecodingSequence* const> going, DecodingSpace& space)
{
    space.scratch.resize(std::max(space.scratch.size(), going.size()));
    parallelFor(going.size(), [&](std::size_t i) {
        DecodingSequence& one = *going[i];
        const GenerateOptions& options = *one.options;
        auto sampled = sampleToken(one.logits, one.all, options.sampling, one.stream, one.completion.ids.size(), options.candidates, space.scratch[i],
                                   one.text.region());
        if (sampled)
            return one.take(std::move(*sampled));
        one.error = sampled.error();
        one.done = true;
    });
}

namespace {

Result<void> readAnew(const Model& model, DecodingSequence& one, Precision precision, DecodingSpace& space)
{
    one.cache->keepPrefix({});
    ForwardOptions options{precision, {}};
    options.finalLength = one.all.size();
    Progress inner; // these were counted
    return forwardInSteps(model, *one.cache, std::span(one.all).first(one.all.size() - 1), options, space.space, inner, [](std::size_t, std::span<float>) {});
}

} // namespace

Result<void> readDrawn(const Model& model, std::span<DecodingSequence* const> going, Precision precision, DecodingSpace& space, Progress* progress)
{
    if (going.empty())
        return {};
    const std::size_t vocabulary = model.config().vocabulary, width = model.config().width;
    std::vector<Sequence> next;
    for (DecodingSequence* one : going) {
        if (one->cache->isOutgrown(one->all.size()))
            if (auto done = readAnew(model, *one, precision, space); !done)
                return done;
        next.push_back({one->cache, std::span(one->all).last(1)});
    }
    const auto hidden = forward(model, next, {precision, {}}, space.space, progress);
    if (!hidden)
        return failure(hidden);
    space.logits.resize(going.size() * vocabulary);
    computeLogits(model, hidden->first(going.size() * width), precision, Product::RowByRow, space.logits);
    for (std::size_t i = 0; i < going.size(); ++i)
        std::copy_n(space.logits.data() + i * vocabulary, vocabulary, going[i]->logits.data());
    return {};
}

} // namespace wb
